/** @file The debug adapter inside the extension host, which the graph panel drives as well as VS Code does. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import type { Adapter } from "../../adapter/types.js";
import { HumanError } from "../errors.js";
import { EditedLines } from "./editedLines.js";

/** Requests of our own are counted from here, where no client's count comes. */
const OWN = 1_000_000_000;

/** Requests that let the program, or the walk through its record, go on. */
export type StepRequest = "next" | "stepBack" | "continue" | "reverseContinue";

interface Waiting {
  resolve(body: unknown): void;
  reject(error: Error): void;
}

export class InlineAdapter implements vscode.DebugAdapter {
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.#sent.event;
  readonly #invalidated = new vscode.EventEmitter<void>();
  /** What the client was told of the stop is no longer so. */
  readonly onDidInvalidate = this.#invalidated.event;
  readonly adapter: Adapter;
  readonly #own = new Map<number, Waiting>();
  readonly #lines: EditedLines;
  #seq = OWN;
  /** The thread that is stopped; null while it runs. */
  #stopped: number | null = null;

  /** @param create builds the adapter over the function that takes its messages */
  constructor(create: (send: (message: DebugProtocol.ProtocolMessage) => void) => Adapter) {
    this.adapter = create((message) => this.#send(message));
    this.#lines = new EditedLines(() => this.adapter.session);
  }

  get stopped(): boolean {
    return this.#stopped !== null;
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    this.adapter.handle(this.#lines.incoming(message as DebugProtocol.Request));
  }

  /** Goes on as the button of the debug toolbar does; does nothing while the program runs. */
  async step(command: StepRequest): Promise<void> {
    const threadId = this.#stopped;
    if (threadId === null) return;
    this.#resumed(threadId);
    await this.#request(command, { threadId });
  }

  async pause(): Promise<void> {
    if (this.#stopped === null) await this.#request("pause", { threadId: 0 });
  }

  #request(command: string, args: unknown): Promise<unknown> {
    const seq = this.#seq++;
    return new Promise((resolve, reject) => {
      this.#own.set(seq, { resolve, reject });
      const request: DebugProtocol.Request = { seq, type: "request", command, arguments: args };
      this.adapter.handle(request);
    });
  }

  /** VS Code did not ask for it, so it has to be told. */
  #resumed(threadId: number): void {
    const body: DebugProtocol.ContinuedEvent["body"] = { threadId, allThreadsContinued: true };
    const event: DebugProtocol.ContinuedEvent = { seq: 0, type: "event", event: "continued", body };
    this.#send(event);
  }

  #send(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === "response" && this.#settle(message as DebugProtocol.Response)) return;
    if (message.type === "event") this.#watch(message as DebugProtocol.Event);
    this.#sent.fire(withoutRestart(this.#lines.outgoing(message)) as vscode.DebugProtocolMessage);
  }

  #settle({ request_seq, success, message, body }: DebugProtocol.Response): boolean {
    const waiting = this.#own.get(request_seq);
    if (!waiting) return false;
    this.#own.delete(request_seq);
    if (success) waiting.resolve(body);
    else waiting.reject(new HumanError(message ?? "The debugger could not do that."));
    return true;
  }

  #watch({ event, body }: DebugProtocol.Event): void {
    if (event === "stopped") this.#stopped = (body as DebugProtocol.StoppedEvent["body"]).threadId ?? 0;
    if (event === "invalidated") this.#invalidated.fire();
    if (event === "continued" || event === "terminated" || event === "exited") this.#stopped = null;
  }

  dispose(): void {
    for (const { reject } of this.#own.values()) reject(new HumanError("The debug session has ended."));
    this.#own.clear();
    void this.adapter.dispose();
    this.#sent.dispose();
    this.#invalidated.dispose();
  }
}

/**
 * VS Code does not tell its breakpoints again when an adapter restarts by itself, and an edit may have moved them:
 * it shall start another session instead, by the same configuration.
 */
function withoutRestart(message: DebugProtocol.ProtocolMessage): DebugProtocol.ProtocolMessage {
  const { command, body } = message as DebugProtocol.Response;
  if (message.type !== "response" || command !== "initialize" || !body) return message;
  return { ...message, body: { ...body, supportsRestartRequest: false } } as DebugProtocol.Response;
}
