/** @file One program's life in this process: set up, linked, run, ended, asked about. */
import { closeSync } from "node:fs";
import { CELL, type Probe } from "../instrument/probe.js";
import type { Instrumented, InstrumentOptions } from "../instrument/sites.js";
import type { EndCause, LaunchRequest } from "../protocol/control.js";
import type { ExportProblem, ProgramError } from "../protocol/export.js";
import { ATTEND_END, CELL_ATTEND, type Cell } from "./cell.js";
import { send } from "./channel.js";
import { Ends } from "./ends.js";
import type { Mailbox } from "./mailbox.js";
import { Files } from "./modules/files.js";
import { ModuleGraph } from "./modules/graph.js";
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
  readonly libraryUrl: string;
  readonly instrument: (text: string, options: InstrumentOptions) => Instrumented;
  /** Tells the runner's own files, which no stack shows. */
  readonly own: (file: string) => boolean;
}

export class Program {
  private readonly host: ProgramHost;
  private readonly launch: LaunchRequest;
  private readonly sources = new Sources();
  private readonly trace = new TraceQueue();
  private readonly recorder: Recorder;
  private readonly ends: Ends;
  private state: "loading" | "running" | "settled" | "ended" = "loading";
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
      attend: () => this.attend(),
      describe: (error) => describeError(this.sources, error),
    });
    this.ends = new Ends({
      exit: (code) => this.end(this.error === null ? "exit" : "error", code),
      fatal: (error) => this.fatal(error),
      unsettled: () => this.unsettled(),
    });
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
      () => this.attend(),
    );
    try {
      const graph = this.createGraph(probe);
      const entry = await graph.prepare(program);
      this.trace.flush();
      this.state = "running";
      this.host.mailbox.tell("started");
      this.started = performance.now();
      if (record) this.recorder.attach(probe);
      await entry.evaluate();
      this.state = "settled";
    } catch (error) {
      if (this.state === "running") this.state = "settled";
      this.ends.uncaught(error, "unhandledRejection");
    }
  }

  /** A command that arrived in the event loop's turn, or in the middle of the program. */
  obey(command: Exclude<Command, { type: "launch" }>): void {
    switch (command.type) {
      case "flush":
        this.flush();
        this.host.mailbox.tell("flushed");
        return;
      case "end":
        this.end(command.cause, EXIT[command.cause]);
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
    if ((wanted & ATTEND_END) !== 0) this.host.mailbox.poll();
    else this.flush();
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
    const { library, libraryUrl, instrument } = this.host;
    return new ModuleGraph({
      files: new Files(this.launch.overlays),
      sources: this.sources,
      library,
      libraryUrl,
      probe: { ...probe },
      probes: this.launch.record,
      instrument,
      onSource: ({ file, text, first, sites }) => {
        const records = sites.map(({ line, column, endLine, endColumn, text: source, name }) => {
          return { line, column, endLine, endColumn, text: source, name };
        });
        this.trace.push({ type: "module", file, text, first, sites: records });
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
    const related = this.recorder.relatedTo(error);
    const { file, line, column } = place ?? { file: this.launch.program, line: 1, column: 1 };
    const code = error instanceof SyntaxError && this.state === "loading" ? "syntax-error" : "uncaught";
    this.report({ severity: "error", code, message: `${name}: ${message}`, file, line, column, related });
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

/** Exit status of programs that were ended from outside. */
const EXIT = { timeout: 124, stopped: 130, memory: 1 } as const;

/** Nothing will be printed any more: lets the launcher know when it has read everything. */
function closeStreams(): void {
  for (const descriptor of [1, 2]) {
    try {
      closeSync(descriptor);
    } catch {
      // The program closed it.
    }
  }
}

const MAX_SYNTAX_ERRORS = 20;
