/** @file The least that speaks DAP: a client of its own over a socket, which shares no code with the adapter. */
import { createConnection, type Socket } from "node:net";

type Body = Readonly<Record<string, unknown>>;

interface Said {
  readonly type: "response" | "event";
  readonly event?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: Body;
}

export class PlainClient {
  readonly #socket: Socket;
  readonly #said: Said[] = [];
  #unread = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  #seq = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#unread = Buffer.concat([this.#unread, chunk]);
      while (this.#take());
      this.#wake();
    });
  }

  static async connect(port: number): Promise<PlainClient> {
    const socket = createConnection(port, "127.0.0.1");
    await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    return new PlainClient(socket);
  }

  #take(): boolean {
    const head = this.#unread.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/.exec(this.#unread.subarray(0, head).toString())?.[1]);
    const start = head + 4;
    if (head < 0 || this.#unread.length < start + length) return false;
    this.#said.push(JSON.parse(this.#unread.subarray(start, start + length).toString()) as Said);
    this.#unread = this.#unread.subarray(start + length);
    return true;
  }

  async #find(isMeant: (said: Said) => boolean): Promise<Said> {
    for (;;) {
      const at = this.#said.findIndex(isMeant);
      if (at >= 0) return this.#said.splice(at, 1)[0]!;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async ask<T = Body>(command: string, args: object = {}): Promise<T> {
    const seq = ++this.#seq;
    const text = JSON.stringify({ seq, type: "request", command, arguments: args });
    this.#socket.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    const { success, message, body } = await this.#find((one) => one.request_seq === seq);
    if (!success) throw new Error(message);
    return body as T;
  }

  async event(name: string): Promise<Body> {
    return (await this.#find((one) => one.event === name)).body ?? {};
  }

  /** Moves; where it stands then: `MulBackward0 (y) 5`. */
  async move(command: string): Promise<string> {
    await this.ask(command, { threadId: 1 });
    await this.event("stopped");
    return this.top();
  }

  async top(): Promise<string> {
    const { stackFrames } = await this.ask<{
      stackFrames: { name: string; line: number; source?: object }[];
    }>("stackTrace", { threadId: 1 });
    return `${stackFrames[0]?.name} ${stackFrames[0]?.line}`;
  }

  close(): void {
    this.#socket.destroy();
  }
}
