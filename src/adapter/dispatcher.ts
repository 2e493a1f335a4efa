/** @file Requests in, responses and events out: every request is answered, once, and nothing is thrown. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { RequestError, RequestErrors } from "./errors.js";
import { checkArguments, isRequest } from "./requests.js";

/** What a request is answered with, and what is begun once the answer has gone. */
export interface Answer {
  readonly body?: object | undefined;
  readonly after?: () => void;
}

/** When a request makes sense. */
export type When = "always" | "initialized" | "launched" | "stopped";

export type Handler = readonly [
  when: When,
  // A request's arguments are checked before; what they are, its handler says. The signal is that of `cancel`.
  handle: (args: never, cancelled: AbortSignal) => Answer | Promise<Answer>,
];

export class Dispatcher {
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #checkOrder: (command: string, when: When) => void;
  readonly #sink: (message: DebugProtocol.ProtocolMessage) => void;
  /** Requests that are being answered, with what cancels each and the work behind it. */
  readonly #pending = new Map<number, AbortController>();
  #seq = 1;

  /** @param checkOrder throws a RequestError where the request makes no sense now */
  constructor(
    handlers: Readonly<Record<string, Handler>>,
    checkOrder: (command: string, when: When) => void,
    sink: (message: DebugProtocol.ProtocolMessage) => void,
  ) {
    this.#handlers = new Map(Object.entries(handlers));
    this.#checkOrder = checkOrder;
    this.#sink = sink;
  }

  handle(message: unknown): void {
    if (isRequest(message)) void this.#answer(message);
    else if ((message as { readonly type?: unknown } | null)?.type !== "response") {
      this.output("important", "The client sent what is no request; it was not answered.");
    }
  }

  async #answer(request: DebugProtocol.Request): Promise<void> {
    const cancel = new AbortController();
    const cancelled = new Promise<never>((_, reject) => {
      cancel.signal.addEventListener("abort", () => reject(cancel.signal.reason as RequestError));
    });
    this.#pending.set(request.seq, cancel);
    try {
      const { body, after } = await Promise.race([this.#perform(request, cancel.signal), cancelled]);
      this.#respond(request, { success: true, ...(body && { body }) });
      after?.();
    } catch (error) {
      const told = error instanceof RequestError ? error : RequestErrors.internal(request.command, error);
      this.#respond(request, { success: false, message: told.message, body: told.body });
    } finally {
      this.#pending.delete(request.seq);
    }
  }

  async #perform(request: DebugProtocol.Request, cancelled: AbortSignal): Promise<Answer> {
    const handler = this.#handlers.get(request.command);
    if (handler === undefined) throw RequestErrors.unknown(request.command);
    const [when, handle] = handler;
    this.#checkOrder(request.command, when);
    checkArguments(request);
    return handle((request.arguments ?? {}) as never, cancelled);
  }

  /** The request is answered as cancelled and its work stops, where it has not been answered. */
  cancel(seq: number | undefined): Answer {
    if (seq !== undefined) this.#pending.get(seq)?.abort(RequestErrors.cancelled());
    return {};
  }

  #respond(
    { seq, command }: DebugProtocol.Request,
    answer: { readonly success: boolean; readonly message?: string; readonly body?: object },
  ): void {
    this.#send({ type: "response", request_seq: seq, command, ...answer });
  }

  event(event: string, body?: object): void {
    this.#send({ type: "event", event, ...(body && { body }) });
  }

  /** A line of our own in the client's console. */
  output(category: "console" | "important", text: string, place: object = {}): void {
    this.event("output", { category, output: `${text}\n`, ...place });
  }

  #send(message: object): void {
    const numbered = { seq: this.#seq++, ...message };
    this.#sink(numbered as DebugProtocol.ProtocolMessage);
  }
}
