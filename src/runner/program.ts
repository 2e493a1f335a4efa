/** @file One program's life in this process: set up, linked, run, ended, asked about. */
import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";
import { CELL, type Probe } from "../instrument/probe.js";
import type { Instrumented, InstrumentOptions } from "../instrument/sites.js";
import type { EndCause, LaunchRequest } from "../protocol/control.js";
import type { Breakpoints, DebugCommand } from "../protocol/debug.js";
import type { ExportProblem, ProgramError } from "../protocol/export.js";
import { say, told } from "../protocol/words.js";
import { ATTEND_COMMAND, ATTEND_END, CELL_ATTEND, type Cell } from "./cell.js";
import { send } from "./channel.js";
import type { Frame } from "./debug/callStack.js";
import { Debugger } from "./debug/debugger.js";
import { locationsIn } from "./debug/locations.js";
import { observeEffects } from "./effects.js";
import { Ends } from "./ends.js";
import type { Mailbox } from "./mailbox.js";
import { Files } from "./modules/files.js";
import { ModuleGraph } from "./modules/graph.js";
import type { NodeModules } from "./modules/packages.js";
import { createProgramProbe } from "./probe.js";
import { Recorder } from "./recorder/recorder.js";
import { Sources } from "./sources.js";
import { installStacks } from "./stack.js";
import type { Command } from "./threads.js";
import { TraceQueue } from "./trace.js";
import { describeError, placeOf, printedError } from "./uncaught.js";

export interface ProgramHost {
  readonly cell: Cell;
  readonly mailbox: Mailbox;
  readonly library: Readonly<Record<string, unknown>>;
  readonly node: NodeModules;
  readonly instrument: (text: string, options: InstrumentOptions) => Instrumented;
  /** Tells the runner's own files, which no stack shows. */
  readonly own: (file: string) => boolean;
  /** Keeps what V8 has compiled of the runner; null where that has been done. */
  readonly keep: (() => void) | null;
}

export class Program {
  private readonly host: ProgramHost;
  private readonly launch: LaunchRequest;
  private readonly sources = new Sources();
  private readonly trace = new TraceQueue();
  private readonly recorder: Recorder;
  private readonly ends: Ends;
  private readonly debugger: Debugger | null;
  private state: "loading" | "running" | "settled" | "ended" = "loading";
  /** The program's own code is on the call stack. */
  private busy = false;
  private started = 0;
  private nextFlush = 0;
  private error: ProgramError | null = null;

  constructor(host: ProgramHost, launch: LaunchRequest) {
    this.host = host;
    this.launch = launch;
    this.recorder = new Recorder({
      trace: this.trace,
      sources: this.sources,
      cell: host.cell,
      budget: launch.traceBudget * 1024 * 1024,
      check: launch.check,
      attend: () => this.attend(),
      describe: (error) => describeError(this.sources, error),
    });
    this.ends = new Ends({
      exit: (code) => this.end(this.error === null ? "exit" : "error", code),
      fatal: (error) => this.fatal(error),
      unsettled: () => this.unsettled(),
      dying: (error) => this.dying(error),
    });
    this.debugger = launch.debug === null || !launch.record ? null : this.createDebugger(launch.debug);
  }

  async run(): Promise<void> {
    const { program, record } = this.launch;
    this.setUpProcess();
    installStacks(this.sources, this.host.own);
    this.ends.install();
    this.trace.push({ type: "program", file: program, time: Date.now() });
    const probe = createProgramProbe(
      this.host.cell,
      (site, value) => this.recorder.bound(site, value),
      (at) => this.atProbe(at),
    );
    try {
      const graph = this.createGraph(probe);
      const entry = await graph.prepare(program);
      this.trace.flush();
      if (record) observeEffects((effect) => send({ type: "effect", effect }));
      this.state = "running";
      this.host.mailbox.tell("started");
      this.started = performance.now();
      if (record) this.recorder.attach(probe);
      this.debugger?.attach();
      this.debugger?.entry(firstStatement(this.sources, program));
      await entry.evaluate();
      this.state = "settled";
    } catch (error) {
      if (this.state === "running") this.state = "settled";
      this.ends.uncaught(error, "unhandledRejection");
    }
  }

  /** A command that arrived in the event loop's turn, or in the middle of the program. */
  obey(command: Exclude<Command, { type: "launch" | "inspect" }>): void {
    switch (command.type) {
      case "flush":
        this.flush();
        this.host.mailbox.tell("flushed");
        return;
      case "end":
        this.end(command.cause, EXIT[command.cause]);
        return;
      case "debug":
        this.debug(command.id, command.command);
        return;
      case "tensor": {
        const page = this.recorder.page(command.reference, command.offset, command.count);
        const { id } = command;
        if (page !== null) send({ type: "reply", id, result: page });
        else send({ type: "error", id, message: "This tensor is no longer held; run the program again." });
      }
    }
  }

  /** The watching thread wants something; called by probes in the middle of the program. */
  private attend(): void {
    const wanted = Atomics.exchange(this.host.cell, CELL_ATTEND, 0);
    if ((wanted & (ATTEND_END | ATTEND_COMMAND)) === 0) {
      this.flush();
      return;
    }
    this.busy = true;
    this.host.mailbox.poll();
    this.busy = false;
  }

  /** Before a loop's iteration or a function's call. */
  private atProbe(site: number): void {
    this.attend();
    this.debugger?.atProbe(site);
  }

  private createDebugger(breakpoints: Breakpoints): Debugger {
    const { cell, library, mailbox, instrument } = this.host;
    return new Debugger(
      {
        insight: this.recorder.insight,
        sources: this.sources,
        cell,
        library,
        locations: (file, text) => {
          const unsaved = text ?? this.launch.overlays.get(file) ?? null;
          return locationsIn(file, unsaved, this.sources, instrument);
        },
        flush: () => {
          this.recorder.publish(true);
          this.trace.flush();
        },
        send: (message) => send({ type: "debug", message }),
        wait: (waiting, idle) => {
          const { busy } = this;
          this.busy = true;
          mailbox.tell("paused");
          while (waiting() && idle()) {
            this.trace.flush();
            mailbox.poll();
          }
          mailbox.serve(waiting);
          mailbox.tell("resumed");
          this.busy = busy;
        },
      },
      breakpoints,
    );
  }

  private debug(id: number, command: DebugCommand): void {
    try {
      if (this.debugger === null) throw new Error("This run was started without debugging.");
      if (this.state === "ended" && NEEDS_PROGRAM.has(command.type))
        throw new Error("The program has ended.");
      send({ type: "reply", id, result: this.debugger.obey(command) });
      if (!this.busy && this.state !== "loading") this.debugger.idle(this.waitingAt());
    } catch (error) {
      send({ type: "error", id, message: (error as Error).message });
    }
  }

  /** The call that the program made last, from which it returned to wait for something. */
  private waitingAt(): Frame | null {
    const found = this.sources.site(this.host.cell[CELL.site]!);
    if (found === null) return null;
    return { name: "<waiting>", file: found.source.file, line: found.site.line, column: found.site.column };
  }

  private dying(error: unknown): void {
    if (this.debugger === null || this.state === "loading") return;
    const { name, message } = describeError(this.sources, error);
    this.debugger.uncaught(error, `${name}: ${message}`, placeOf(this.sources, error));
  }

  private flush(): void {
    const now = performance.now();
    if (this.state === "ended" || now < this.nextFlush) return;
    this.recorder.publish();
    this.trace.flush();
    // Following a program may cost a tenth of its time, not more.
    this.nextFlush = performance.now() + 9 * (performance.now() - now);
  }

  private setUpProcess(): void {
    const { program, cwd, args, env } = this.launch;
    process.chdir(cwd);
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    process.argv = [process.execPath, program, ...args];
    process.execArgv = [];
  }

  private createGraph(probe: Probe): ModuleGraph {
    const { library, node, instrument } = this.host;
    return new ModuleGraph({
      files: new Files(this.launch.overlays),
      sources: this.sources,
      library,
      node,
      probe: { ...probe },
      probes: this.launch.probes,
      instrument,
      onSource: ({ file, text, first, sites }) => {
        const records = sites.map(({ line, column, endLine, endColumn, text: source, name }) => {
          return { line, column, endLine, endColumn, text: source, name };
        });
        this.trace.push({ type: "module", file, text, first, sites: records });
        this.debugger?.loaded(file);
      },
      onSyntaxErrors: (file, diagnostics) => {
        for (const each of diagnostics.slice(1, MAX_SYNTAX_ERRORS)) {
          const { line, column, endLine, endColumn, message } = each;
          this.report({
            severity: "error",
            code: "syntax-error",
            message,
            file,
            line,
            column,
            endLine,
            endColumn,
            related: [],
          });
        }
      },
    });
  }

  private report(problem: ExportProblem): void {
    this.trace.push({ type: "problem", problem });
  }

  private fatal(error: unknown): void {
    process.stderr.write(printedError(this.sources, error));
    this.error = describeError(this.sources, error);
    const place = placeOf(this.sources, error);
    const { name, message } = this.error;
    const at = place ?? { file: this.launch.program, line: 1, column: 1 };
    const explained = this.recorder.explain(error, place);
    if (explained !== null) {
      const words = say("{0}: {1}\n{2}", name, message, explained.message);
      const { code, related, fixes } = explained;
      const rest = fixes.length > 0 ? { related, fixes } : { related };
      this.report({ severity: "error", code, message: told(words), words, ...at, ...rest });
      return;
    }
    const related = this.recorder.relatedTo(error);
    const code = error instanceof SyntaxError && this.state === "loading" ? "syntax-error" : "uncaught";
    this.report({ severity: "error", code, message: `${name}: ${message}`, ...at, related });
  }

  /** Node's word on a top-level await for which nothing can come any more. */
  private unsettled(): boolean {
    if (this.state !== "running") return false;
    const where = this.sources.site(this.host.cell[CELL.site]!);
    const place = where === null ? "" : ` near ${where.source.file}:${where.site.line}`;
    process.stderr.write(`Warning: Detected unsettled top-level await${place}\n`);
    return true;
  }

  /** Hands over what is recorded and then serves requests until the process is ended. */
  private end(cause: EndCause, exit: number): never {
    const { mailbox } = this.host;
    if (this.state !== "ended") {
      const duration = this.started === 0 ? 0 : performance.now() - this.started;
      this.recorder.finish();
      this.state = "ended";
      // Of a long run, V8 has dropped what was needed at the beginning alone.
      if (cause === "exit" && this.launch.record && duration < SHORT) this.host.keep?.();
      const { error } = this;
      this.trace.push({ type: "end", exit, error, duration });
      this.trace.flush();
      send({ type: "ended", cause, exit, error, duration });
      mailbox.tell("ended");
      closeStreams();
    }
    for (;;) mailbox.serve(() => true);
  }
}

/** Where the program begins, as far as its sites tell. */
function firstStatement(sources: Sources, file: string): Frame {
  const places = (sources.source(file)?.sites ?? []).filter(({ within }) => within === null);
  const first = places.reduce((line, site) => Math.min(line, site.line), Number.POSITIVE_INFINITY);
  return { name: "<module>", file, line: Number.isFinite(first) ? first : 1, column: 1 };
}

/** Milliseconds. */
const SHORT = 5000;

const NEEDS_PROGRAM: ReadonlySet<string> = new Set(["debug.resume", "debug.pause", "debug.edit"]);

/** Exit status of programs that were ended from outside. */
const EXIT = { timeout: 124, stopped: 130, memory: 1 } as const;

/** Nothing will be printed any more: lets the launcher know when it has read everything. */
function closeStreams(): void {
  for (const descriptor of [1, 2]) {
    try {
      closeSync(descriptor);
      // Takes the number's place: libuv ends a process in which another file goes by it.
      openSync(devNull, "r");
    } catch {
      // The program closed it.
    }
  }
}

const MAX_SYNTAX_ERRORS = 20;
