/** @file The debug adapter: takes DAP's requests over whatever carries them, and steps a run by them. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Disposable, RunEnd } from "../launcher/types.js";
import { Session } from "../session/session.js";
import { BreakpointRequests } from "./breakpointRequests.js";
import { CAPABILITIES } from "./capabilities.js";
import { type Chosen, choose, foldersOf, launchOptions } from "./chosen.js";
import { Debuggee } from "./debuggee.js";
import { type Answer, Dispatcher, type Handler } from "./dispatcher.js";
import { RequestErrors } from "./errors.js";
import { processBody, stoppedBody, THREAD } from "./events.js";
import type { Inspected } from "./inspect.js";
import { inspectHandlers } from "./inspectHandlers.js";
import type { Launch } from "./launchArguments.js";
import { Listeners } from "./listeners.js";
import { droppedNotice, emptyNotice, endNotice } from "./notices.js";
import { checkOrder } from "./order.js";
import { forwardOutput } from "./output.js";
import { ClientFormat } from "./paths.js";
import { Positions } from "./positions.js";
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
  readonly #positions = new Positions();
  #client: Partial<DebugProtocol.InitializeRequestArguments> | null = null;
  #format = new ClientFormat();
  #chosen: Chosen | null = null;
  #configured = false;
  #debuggee: Debuggee | null = null;
  #over = false;

  constructor(host: AdapterHost) {
    this.#host = host;
    this.#dispatcher = new Dispatcher(
      this.#handlers(),
      (command, when) =>
        checkOrder(command, when, {
          greeted: this.#client !== null,
          over: this.#over,
          chosen: this.#chosen !== null,
          stepper: this.#debuggee?.stepper ?? null,
        }),
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
      configurationDone: ["initialized", () => ({ after: () => this.#configure() })],
      restart: ["launched", (args: DebugProtocol.RestartArguments) => this.#restart(args)],
      terminate: ["launched", () => ({ after: () => void this.#terminate() })],
      disconnect: ["always", () => this.#disconnect()],
      cancel: ["always", (args: DebugProtocol.CancelArguments) => this.#dispatcher.cancel(args.requestId)],

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
    return this.#positions.at;
  }

  onSession(listener: (recorded: RecordedRun) => void): Disposable {
    return this.#sessions.add(listener);
  }

  onChange(listener: () => void): Disposable {
    return this.#changes.add(listener);
  }

  onPosition(listener: (position: DebugPosition | null) => void): Disposable {
    return this.#positions.onMove(listener);
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

  #configure(): void {
    this.#configured = true;
    this.#startWhenReady();
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
    this.#dispatcher.event("process", processBody(program, cwd));
    forwardOutput(run, (body) => this.#dispatcher.event("output", body));
    this.#debug({ session, run }, noDebug ? "run" : "debug", [cwd]);
  }

  #walk({ launch, recorded }: Extract<Chosen, { readonly kind: "record" }>): void {
    this.#breakpoints.pauseAt(launch);
    const { stepper } = this.#debug(recorded, "record", [...foldersOf(launch), process.cwd()]);
    this.#dispatcher.output("console", "This is the record of a run: it can be walked, but not changed.");
    void this.#breakpoints
      .placeAll()
      .then((told) => this.#placed(told))
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
      breakpoint: current((place) => this.#placed([this.#breakpoints.told(place)])),
    };
  }

  #placed(told: readonly DebugProtocol.Breakpoint[]): void {
    for (const breakpoint of told) this.#dispatcher.event("breakpoint", { reason: "changed", breakpoint });
  }

  #stopped(stop: Stop): void {
    const { stepper, edited } = this.#inspected().debuggee;
    const { place, node, pause, session } = stepper;
    const dropped = stop.reason === "start" ? droppedNotice(session) : null;
    if (dropped !== null) this.#dispatcher.output("console", dropped);
    if (edited !== null) this.#dispatcher.output("important", edited);
    const inside = pause?.inside ? { inside: pause.inside } : {};
    this.#positions.moveTo(place && { ...place, live: pause !== null, node, ...inside });
    this.#dispatcher.event("stopped", stoppedBody(stop));
  }

  #ended(end: RunEnd | null): void {
    this.#positions.moveTo(null);
    const session = this.#debuggee?.session ?? null;
    const notice = end === null ? session && emptyNotice(session) : endNotice(end);
    if (notice !== null) this.#dispatcher.output(end === null ? "console" : "important", notice);
    if (end !== null) this.#dispatcher.event("exited", { exitCode: end.exit });
    this.#dispatcher.event("terminated");
  }

  #inspected(): Inspected {
    return { debuggee: this.#debuggee!, format: this.#format, client: this.#client ?? {} };
  }

  async #restart({ arguments: args }: DebugProtocol.RestartArguments): Promise<Answer> {
    const given = args as Partial<Launch> | undefined;
    const isLaunch = given?.program !== undefined || given?.trace !== undefined;
    const chosen = isLaunch ? choose(given, this.#format, this.#host.documents) : this.#chosen!;
    this.#positions.moveTo(null);
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
    this.#positions.moveTo(null);
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
