/** @file What the suites do in a debug session, and what they read of it, through VS Code. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import { closeAll, runners, until } from "./editor.js";

type Stopped = DebugProtocol.StoppedEvent["body"];

/** Follows the sessions of type gradwalk from their start to their end. */
export class Sessions implements vscode.Disposable {
  /** Bodies of the `stopped` events, oldest first. */
  readonly stops: Stopped[] = [];
  readonly output: string[] = [];
  readonly started: vscode.DebugSession[] = [];
  readonly #ended = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];
  #seen = 0;

  constructor() {
    this.#subscriptions = [
      vscode.debug.registerDebugAdapterTrackerFactory("gradwalk", {
        createDebugAdapterTracker: () => ({ onDidSendMessage: (message) => this.#hear(message) }),
      }),
      vscode.debug.onDidStartDebugSession((session) => this.started.push(session)),
      vscode.debug.onDidTerminateDebugSession(({ id }) => this.#ended.add(id)),
    ];
  }

  #hear(message: DebugProtocol.ProtocolMessage): void {
    if (message.type !== "event") return;
    const { event, body } = message as DebugProtocol.Event;
    if (event === "stopped") this.stops.push(body as Stopped);
    if (event === "output") this.output.push((body as DebugProtocol.OutputEvent["body"]).output);
  }

  get current(): vscode.DebugSession {
    return this.started.at(-1) ?? assert.fail("no debug session was started");
  }

  isOver(session = this.current): boolean {
    return this.#ended.has(session.id);
  }

  /** The next stop that was not waited for yet. */
  async stopped(): Promise<Stopped> {
    await until(`stop ${this.#seen + 1}`, () => this.stops.length > this.#seen);
    return this.stops[this.#seen++]!;
  }

  async over(session?: vscode.DebugSession): Promise<void> {
    await until("the session is over", () => this.started.length > 0 && this.isOver(session));
  }

  request<T>(command: string, args: object = {}): Promise<T> {
    return Promise.resolve(this.current.customRequest(command, { threadId: 1, ...args }) as Thenable<T>);
  }

  /** Runs a request that ends at another stop. */
  async move(command: string, args: object = {}): Promise<Stopped> {
    await this.request(command, args);
    return this.stopped();
  }

  async frames(): Promise<DebugProtocol.StackFrame[]> {
    const { stackFrames } = await this.request<DebugProtocol.StackTraceResponse["body"]>("stackTrace");
    return stackFrames;
  }

  /** The node that runs next, with the line that made it: `MeanBackward0 (L) 5`. */
  async top(): Promise<string> {
    const [frame] = await this.frames();
    return frame ? `${frame.name} ${frame.line}` : "";
  }

  /** The variables of a scope of the top frame. */
  async scope(name: string): Promise<{ reference: number; variables: DebugProtocol.Variable[] }> {
    const [frame] = await this.frames();
    const { scopes } = await this.request<DebugProtocol.ScopesResponse["body"]>("scopes", {
      frameId: frame!.id,
    });
    const found = scopes.find((scope) => scope.name === name);
    assert.ok(found, `no scope "${name}" among ${scopes.map((scope) => scope.name).join(", ")}`);
    const { variablesReference: reference } = found;
    const { variables } = await this.request<DebugProtocol.VariablesResponse["body"]>("variables", {
      variablesReference: reference,
    });
    return { reference, variables };
  }

  async texts(scope: string): Promise<string[]> {
    const { variables } = await this.scope(scope);
    return variables.map(({ name, value }) => `${name} = ${value}`);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}

/** Hands each test of a suite its own; after it no session runs, and no breakpoint, editor or process is left. */
export function forEachTest(give: (sessions: Sessions) => void): void {
  let sessions: Sessions;
  beforeEach(() => {
    sessions = new Sessions();
    give(sessions);
  });
  afterEach(async () => {
    await vscode.debug.stopDebugging();
    sessions.dispose();
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await closeAll();
    await until("one runner is left", () => runners().length <= 1);
  });
}
