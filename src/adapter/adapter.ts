/** @file The debug adapter: takes DAP's requests over whatever carries them, and steps a run by them. */
import { basename, dirname, relative } from "node:path";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Disposable, RunEnd } from "../launcher/types.js";
import { Session } from "../session/session.js";
import { BreakpointRequests } from "./breakpointRequests.js";
import { CAPABILITIES } from "./capabilities.js";
import { type Chosen, choose, launchOptions } from "./chosen.js";
import { Debuggee } from "./debuggee.js";
import { type Answer, Dispatcher, type Handler, type When } from "./dispatcher.js";
import { RequestErrors } from "./errors.js";
import { stoppedBody, THREAD } from "./events.js";
import type { Inspected } from "./inspect.js";
import { inspectHandlers } from "./inspectHandlers.js";
import type { Launch } from "./launchArguments.js";
import { Listeners } from "./listeners.js";
import { forwardOutput } from "./output.js";
import { ClientFormat } from "./paths.js";
import type { Stepper } from "./stepper.js";
import type { StepperEvents, Stop } from "./stepperTypes.js";
import { StepRequests } from "./stepRequests.js";
import type { Adapter, AdapterHost, DebugPosition, RecordedRun } from "./types.js";

export class GradwalkAdapter implements Adapter {
  readonly #host: AdapterHost;
  readonly #dispatcher: Dispatcher;
  readonly #breakpoints: BreakpointRequests;
  readonly #steps: StepRequests;
  readonly #sessions = new Listeners<RecordedRun>();
  readonly #changes = new Listeners<void>();
  readonly #positions = new Listeners<DebugPosition | null>();
  #client: Partial<DebugProtocol.InitializeRequestArguments> | null = null;
  #format = new ClientFormat();
  #chosen: Chosen | null = null;
  #configured = false;
  #debuggee: Debuggee | null = null;
  #over = false;
  #position: DebugPosition | null = null;

  constructor(host: AdapterHost) {
    this.#host = host;
    this.#dispatcher = new Dispatcher(
      this.#handlers(),
      (command, when) => this.#checkOrder(command, when),
      (message) => host.send(message),
    );
    this.#steps = new StepRequests(
      () => this.#inspected(),
      (why) => this.#dispatcher.output("important", why),
    );
    this.#breakpoints = new BreakpointRequests(
      () => this.#debuggee,
      () => this.#format,
      (path) => host.launcher.locations(path, this.#chosen?.launch.overlays?.get(path) ?? null),
    );
  }

  /** Every request that is known. */
  #handlers(): Readonly<Record<string, Handler>> {
    const breakpoints = () => this.#breakpoints;
    const moves = (move: (stepper: Stepper) => Promise<unknown>, body?: object) => () =>
      this.#steps.move(move, body);
    return {
      initialize: ["always", (args: DebugProtocol.InitializeRequestArguments) => this.#initialize(args)],
      launch: ["initialized", (args: unknown) => this.#launch(args)],
      attach: ["initialized", () => this.#attach()],
      configurationDone: ["initialized", () => this.#configurationDone()],
      restart: ["launched", (args: DebugProtocol.RestartArguments) => this.#restart(args)],
      terminate: ["launched", () => ({ after: () => void this.#terminate() })],
      disconnect: ["always", () => this.#disconnect()],
      cancel: ["always", (args: DebugProtocol.CancelArguments) => this.#cancel(args)],

      breakpointLocations: ["initialized", (args: never) => breakpoints().locations(args)],
      setBreakpoints: ["initialized", (args: never) => breakpoints().setSource(args)],
      setFunctionBreakpoints: ["initialized", (args: never) => breakpoints().setFunctions(args)],
      setExceptionBreakpoints: ["initialized", (args: never) => breakpoints().setExceptions(args)],
      dataBreakpointInfo: ["launched", (args: never) => breakpoints().dataInfo(args)],
      setDataBreakpoints: ["initialized", (args: never) => breakpoints().setData(args)],

      threads: ["initialized", () => ({ body: { threads: [{ id: THREAD, name: "backward pass" }] } })],
      ...inspectHandlers(
        () => this.#inspected(),
        (event, body) => this.#dispatcher.event(event, body),
      ),

      next: ["stopped", moves((stepper) => stepper.next())],
      stepIn: ["stopped", (args: DebugProtocol.StepInArguments) => this.#steps.into(args)],
      stepOut: ["stopped", moves((stepper) => stepper.stepOut())],
      stepBack: ["stopped", moves((stepper) => stepper.stepBack())],
      continue: ["stopped", moves((stepper) => stepper.continue(), { allThreadsContinued: true })],
      reverseContinue: ["stopped", moves((stepper) => stepper.reverseContinue())],
      pause: ["launched", () => this.#steps.pause()],
      stepInTargets: ["stopped", () => this.#steps.intoTargets()],
      gotoTargets: ["stopped", (args: DebugProtocol.GotoTargetsArguments) => this.#steps.gotoTargets(args)],
      goto: ["stopped", (args: DebugProtocol.GotoArguments) => this.#steps.goto(args)],
    };
  }

  handle(message: DebugProtocol.ProtocolMessage): void {
    this.#dispatcher.handle(message);
  }

  get session(): Session | null {
    return this.#debuggee?.session ?? null;
  }

  get position(): DebugPosition | null {
    return this.#position;
  }

  onSession(listener: (recorded: RecordedRun) => void): Disposable {
    return this.#sessions.add(listener);
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.add(listener);
  }

  onPosition(listener: (position: DebugPosition | null) => void): Disposable {
    return this.#positions.add(listener);
  }

  async goTo(pass: number, step: number): Promise<void> {
    const stepper = this.#debuggee?.stepper;
    if (stepper?.state !== "stopped") throw RequestErrors.notStopped("goTo");
    if (!(await stepper.goTo({ pass, step }))) {
      throw RequestErrors.notPossible("The values of this backward pass were let go, so it can't be walked.");
    }
  }

  async dispose(): Promise<void> {
    this.#over = true;
    await this.#release();
  }

  #checkOrder(command: string, when: When): void {
    if (when === "always") return;
    if (this.#client === null) throw RequestErrors.outOfOrder(command, "initialize comes first");
    if (this.#over) throw RequestErrors.outOfOrder(command, "the session is over");
    if (when === "initialized") return;
    if (this.#chosen === null) throw RequestErrors.outOfOrder(command, "launch or attach comes first");
    if (this.#debuggee === null) throw RequestErrors.outOfOrder(command, "configurationDone comes first");
    if (when === "launched") return;
    const { state } = this.#debuggee.stepper;
    if (state === "over") throw RequestErrors.outOfOrder(command, "the program has ended");
    if (state === "running") throw RequestErrors.notStopped(command);
  }

  #initialize(args: DebugProtocol.InitializeRequestArguments): Answer {
    if (this.#client !== null) throw RequestErrors.outOfOrder("initialize", "it has come already");
    this.#client = args;
    this.#format = new ClientFormat(args, this.#host.documents);
    return { body: CAPABILITIES, after: () => this.#dispatcher.event("initialized") };
  }

  #launch(args: unknown): Answer {
    if (this.#chosen !== null) throw RequestErrors.outOfOrder("launch", "something was launched already");
    this.#chosen = choose(args, this.#format, this.#host.documents);
    return { after: () => this.#startWhenReady() };
  }

  #attach(): Answer {
    if (this.#chosen !== null) throw RequestErrors.outOfOrder("attach", "something was launched already");
    const recorded = this.#host.lastRun?.();
    if (!recorded) throw RequestErrors.nothingToAttachTo();
    this.#chosen = { kind: "record", launch: {}, recorded };
    return { after: () => this.#startWhenReady() };
  }

  #configurationDone(): Answer {
    this.#configured = true;
    return { after: () => this.#startWhenReady() };
  }

  #startWhenReady(): void {
    if (this.#chosen === null || !this.#configured || this.#debuggee !== null || this.#over) return;
    try {
      if (this.#chosen.kind === "program") this.#run(this.#chosen);
      else this.#walk(this.#chosen);
    } catch (error) {
      this.#dispatcher.output("important", (error as Error).message);
      this.#dispatcher.event("terminated");
    }
  }

  #run({ launch, program }: Extract<Chosen, { readonly kind: "program" }>): void {
    const { cwd, noDebug = false } = launch;
    this.#breakpoints.pauseAt(launch);
    const session = new Session({ file: program });
    session.state = "running";
    const breakpoints = noDebug ? null : this.#breakpoints.all();
    const run = this.#host.launcher.launch(launchOptions(launch, program, breakpoints));
    const name = relative(cwd, program);
    this.#dispatcher.event("process", {
      name: name.startsWith("..") ? basename(program) : name,
      isLocalProcess: true,
      startMethod: "launch",
    });
    forwardOutput(run, (body) => this.#dispatcher.event("output", body));
    this.#debug({ session, run }, noDebug ? "run" : "debug", [cwd]);
  }

  #walk({ launch, recorded }: Extract<Chosen, { readonly kind: "record" }>): void {
    this.#breakpoints.pauseAt(launch);
    const { trace, cwd } = launch;
    const folders = [...(cwd === undefined ? [] : [cwd]), ...(trace === undefined ? [] : [dirname(trace)])];
    const { stepper } = this.#debug(recorded, "record", [...folders, process.cwd()]);
    this.#dispatcher.output("console", "This is the record of a run: it can be walked, but not changed.");
    void this.#breakpoints
      .placeAll()
      .then((told) => {
        for (const breakpoint of told)
          this.#dispatcher.event("breakpoint", { reason: "changed", breakpoint });
      })
      .then(() => stepper.begin());
  }

  #debug(recorded: RecordedRun, mode: "debug" | "run" | "record", folders: readonly string[]): Debuggee {
    const options = { mode, folders, breakpoints: this.#breakpoints.all() };
    const debuggee: Debuggee = new Debuggee(
      recorded,
      options,
      this.#events(() => debuggee),
    );
    this.#debuggee = debuggee;
    this.#sessions.fire(recorded);
    return debuggee;
  }

  /** What the stepper tells; one that was let go has nothing more to say. */
  #events(from: () => Debuggee): StepperEvents {
    const current = <A extends readonly unknown[]>(tell: (...args: A) => void) => {
      return (...args: A): void => {
        if (this.#debuggee === from()) tell(...args);
      };
    };
    return {
      stopped: current((stop) => this.#stopped(stop)),
      resumed: current(() => this.#steps.forget()),
      ended: current((end) => this.#ended(end)),
      changed: current(() => this.#changes.fire()),
      lost: current((why) => this.#dispatcher.output("important", why)),
      log: current(({ text, important, file, line }) => {
        const source = file === null ? {} : { source: from().files.source(file, this.#format) };
        const place = { ...source, ...this.#format.placeTo({ line, column: null }) };
        this.#dispatcher.output(important ? "important" : "console", text, place);
      }),
      breakpoint: current((place) => {
        this.#dispatcher.event("breakpoint", {
          reason: "changed",
          breakpoint: this.#breakpoints.told(place),
        });
      }),
    };
  }

  #stopped(stop: Stop): void {
    const { place, node, pause, session } = this.#inspected().debuggee.stepper;
    const dropped = session.outline().dropped?.passes ?? 0;
    if (stop.reason === "start" && dropped > 0) {
      const passes = dropped === 1 ? "one earlier backward pass" : `${dropped} earlier backward passes`;
      this.#dispatcher.output("console", `The trace budget let go of ${passes}: the record begins here.`);
    }
    const { edited } = this.#inspected().debuggee;
    if (edited !== null) this.#dispatcher.output("important", edited);
    const inside = pause?.inside ? { inside: pause.inside } : {};
    this.#moveTo(place && { ...place, live: pause !== null, node, ...inside });
    this.#dispatcher.event("stopped", stoppedBody(stop));
  }

  #moveTo(position: DebugPosition | null): void {
    if (position === null && this.#position === null) return;
    this.#position = position;
    this.#positions.fire(position);
  }

  #ended(end: RunEnd | null): void {
    this.#moveTo(null);
    if (end !== null) {
      if (end.reason === "timeout")
        this.#dispatcher.output("important", "The program was stopped: it took too long.");
      if (end.reason === "crashed" || end.reason === "memory") {
        this.#dispatcher.output("important", end.error?.message ?? "The program's process died.");
      }
      this.#dispatcher.event("exited", { exitCode: end.exit });
    } else if (this.#debuggee?.session.outline().passes.every(({ call }) => call === "live")) {
      this.#dispatcher.output("console", "There is no backward pass in this record.");
    }
    this.#dispatcher.event("terminated");
  }

  #inspected(): Inspected {
    return { debuggee: this.#debuggee!, format: this.#format, client: this.#client ?? {} };
  }

  #cancel({ requestId }: DebugProtocol.CancelArguments): Answer {
    this.#dispatcher.cancel(requestId);
    return {};
  }

  async #restart({ arguments: args }: DebugProtocol.RestartArguments): Promise<Answer> {
    const given = args as Partial<Launch> | undefined;
    const isLaunch = given?.program !== undefined || given?.trace !== undefined;
    const chosen = isLaunch ? choose(given, this.#format, this.#host.documents) : this.#chosen!;
    this.#moveTo(null);
    await this.#release();
    this.#chosen = chosen;
    return { after: () => this.#startWhenReady() };
  }

  async #terminate(): Promise<void> {
    const { stepper, run } = this.#inspected().debuggee;
    if (stepper.mode !== "record" && stepper.state !== "over") await run?.stop();
    stepper.finish();
  }

  async #disconnect(): Promise<Answer> {
    this.#over = true;
    this.#moveTo(null);
    await this.#release();
    return {};
  }

  /** Lets the debuggee go; what it started is gone when this resolves. */
  async #release(): Promise<void> {
    const debuggee = this.#debuggee;
    this.#debuggee = null;
    if (debuggee === null) return;
    const { run, session, stepper } = debuggee;
    const ran = stepper.hasEnded;
    stepper.finish();
    if (run === null || stepper.mode === "record") return;
    if (ran && this.#host.adopt?.({ session, run })) return;
    run.dispose();
    await run.stop();
  }
}
