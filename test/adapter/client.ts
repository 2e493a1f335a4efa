/** @file A DAP client in this process, which talks to the adapter as an editor does that embeds it. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { GradwalkAdapter } from "../../src/adapter/adapter.js";
import type { AdapterHost, LaunchArguments } from "../../src/adapter/types.js";
import { Launcher } from "../../src/launcher/launcher.js";
import type { Run } from "../../src/launcher/types.js";
import { runnerBundle } from "../support/runner.js";

export type Message = DebugProtocol.Request | DebugProtocol.Response | DebugProtocol.Event;
export type Variable = DebugProtocol.Variable;

/** Longest time that anything may take on a busy machine. */
const PATIENCE = 50_000;

export class Client {
  readonly adapter: GradwalkAdapter;
  /** All that was said, in order. */
  readonly messages: Message[] = [];
  readonly runs: Run[] = [];
  readonly #launcher: Launcher;
  readonly #waiting = new Set<() => void>();
  #seq = 1;
  /** Messages that `event` has handed out. */
  #read = 0;

  private constructor(launcher: Launcher, host: Partial<AdapterHost>) {
    this.#launcher = launcher;
    const tracked = {
      launch: (...args: Parameters<Launcher["launch"]>) => {
        const run = launcher.launch(...args);
        this.runs.push(run);
        return run;
      },
      locations: (...args: Parameters<Launcher["locations"]>) => launcher.locations(...args),
    };
    this.adapter = new GradwalkAdapter({
      launcher: tracked,
      send: (message) => {
        this.messages.push(message as Message);
        for (const wake of [...this.#waiting]) wake();
      },
      ...host,
    });
  }

  static async open(host: Partial<AdapterHost> = {}): Promise<Client> {
    return new Client(new Launcher({ runner: await runnerBundle() }), host);
  }

  async #until<T>(find: () => T | undefined, what: string): Promise<T> {
    const found = find();
    if (found !== undefined) return found;
    return new Promise<T>((resolve, reject) => {
      const look = (): void => {
        const value = find();
        if (value === undefined) return;
        this.#waiting.delete(look);
        clearTimeout(timer);
        resolve(value);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`no ${what}; the last messages: ${JSON.stringify(this.messages.slice(-5))}`));
      }, PATIENCE);
      this.#waiting.add(look);
    });
  }

  /** The answer, whatever it says. */
  ask(command: string, args?: object): Promise<DebugProtocol.Response> {
    const seq = this.#seq++;
    const request = {
      seq,
      type: "request",
      command,
      ...(args && { arguments: args }),
    } as DebugProtocol.Request;
    this.messages.push(request);
    this.adapter.handle(request);
    return this.#until(
      () =>
        this.messages.find(
          (one): one is DebugProtocol.Response =>
            one.type === "response" && (one as DebugProtocol.Response).request_seq === seq,
        ),
      `answer to ${command}`,
    );
  }

  /** The body of an answer that must be a good one. */
  async get<T extends DebugProtocol.Response>(command: string, args?: object): Promise<T["body"]> {
    const { success, message, body } = await this.ask(command, args);
    if (!success) throw new Error(`${command}: ${message}`);
    return body;
  }

  /** The next event of this kind, among those that were not handed out yet. */
  async event(name: string): Promise<DebugProtocol.Event> {
    return this.#until(() => {
      for (let i = this.#read; i < this.messages.length; i++) {
        const one = this.messages[i] as DebugProtocol.Event;
        if (one.type !== "event" || one.event !== name) continue;
        this.#read = i + 1;
        return one;
      }
      return undefined;
    }, `event ${name}`);
  }

  /** Up to the first stop. */
  async launch(args: LaunchArguments, before?: () => Promise<unknown>): Promise<void> {
    await this.begin(args, before);
    await this.event("stopped");
  }

  async begin(args: LaunchArguments, before?: () => Promise<unknown>): Promise<void> {
    await this.initialize();
    await this.get("launch", args);
    await before?.();
    await this.get("configurationDone");
  }

  async initialize(): Promise<void> {
    await this.get("initialize", {
      adapterID: "gradwalk",
      supportsVariableType: true,
      supportsMemoryReferences: true,
      supportsInvalidatedEvent: true,
    });
  }

  /** Moves, and tells where it stands then and why. */
  async move(command: string, args: object = { threadId: 1 }): Promise<string> {
    await this.get(command, args);
    const { reason } = (await this.event("stopped")).body as { readonly reason: string };
    return `${await this.top()} (${reason})`;
  }

  async frames(): Promise<DebugProtocol.StackFrame[]> {
    const body = await this.get<DebugProtocol.StackTraceResponse>("stackTrace", { threadId: 1 });
    return body.stackFrames;
  }

  /** `MulBackward0 (y) 6` */
  async top(): Promise<string> {
    const [frame] = await this.frames();
    return `${frame?.name} ${frame?.line}`;
  }

  /** Variables of a scope of the topmost frame. */
  async scope(name: string): Promise<{ readonly reference: number; readonly variables: Variable[] }> {
    const [frame] = await this.frames();
    const { scopes } = (await this.get<DebugProtocol.ScopesResponse>("scopes", { frameId: frame!.id }))!;
    const reference = scopes.find((one) => one.name === name)!.variablesReference;
    return { reference, variables: await this.variables(reference) };
  }

  async variables(variablesReference: number, paging: object = {}): Promise<Variable[]> {
    const args = { variablesReference, ...paging };
    return (await this.get<DebugProtocol.VariablesResponse>("variables", args))!.variables;
  }

  /** `name = value`, line by line. */
  async shows(scope: string): Promise<string[]> {
    return (await this.scope(scope)).variables.map(({ name, value }) => `${name} = ${value}`);
  }

  output(): string {
    return this.messages
      .filter((one) => one.type === "event" && (one as DebugProtocol.Event).event === "output")
      .map((one) => (one as DebugProtocol.OutputEvent).body.output)
      .join("");
  }

  async close(): Promise<void> {
    await this.adapter.dispose();
    this.#launcher.dispose();
  }
}
