/** @file Live stepping: follows the engine, decides where the program pauses, and holds it there. */
import { _C, type Tensor } from "../../core/index.js";
import { CELL } from "../../instrument/probe.js";
import type {
  BreakLocation,
  BreakpointPlace,
  Breakpoints,
  DebugCommand,
  DebugMessage,
  DebugResults,
  Pause,
  PauseException,
  PauseReason,
} from "../../protocol/debug.js";
import { ATTEND_STEP, CELL_ATTEND, type Cell } from "../cell.js";
import type { Insight } from "../recorder/insight.js";
import type { Sources } from "../sources.js";
import { BreakpointSet, type Hits } from "./breakpoints.js";
import { type Frame, framesOfError, stackAt } from "./callStack.js";
import { Editor } from "./edit.js";
import { engineState } from "./engineState.js";
import { Evaluator } from "./evaluator.js";
import { ExceptionWatch } from "./exceptions.js";
import { Findings } from "./findings.js";
import { namesOf } from "./nodeNames.js";
import { all, Pauses, standing } from "./pauses.js";
import { isCustom, RunningPass, type ScopeOf } from "./running.js";
import { Steps } from "./stepping.js";

export interface DebuggerHost {
  readonly insight: Insight;
  readonly sources: Sources;
  readonly cell: Cell;
  readonly library: unknown;
  /** Where breakpoints can stand; a text of null is the one that the program would load. */
  locations(file: string, text: string | null): readonly BreakLocation[];
  /** Hands over the trace of all that has run, passes in progress included. */
  flush(): void;
  send(message: DebugMessage): void;
  /** Blocks and obeys commands, `idle` being called as long as it finds something to do. */
  wait(waiting: () => boolean, idle: () => boolean): void;
}

const NO_HITS: Hits = { source: [], functions: [], data: [] };

export class Debugger {
  private readonly host: DebuggerHost;
  private readonly running: RunningPass[] = [];
  private readonly breakpoints: BreakpointSet;
  private readonly exceptions = new ExceptionWatch();
  private readonly findings: Findings;
  private readonly evaluator: Evaluator;
  private readonly editor: Editor;
  /** Where errors stood that a pass raised. */
  private readonly failures = new WeakMap<object, NonNullable<Pause["at"]>>();
  private readonly steps: Steps;
  /** Where a function was made in the forward pass. */
  private readonly scopeOf: ScopeOf;
  private readonly pauses: Pauses;

  constructor(host: DebuggerHost, breakpoints: Breakpoints) {
    const { sources, insight, library, cell } = host;
    const { running } = this;
    const site = () => running.at(-1)?.pass.site ?? cell[CELL.site]!;
    this.host = host;
    this.scopeOf = (node) => insight.ops.get(node)?.scope ?? null;
    this.steps = new Steps(running, this.scopeOf);
    this.pauses = new Pauses(host, running, this.steps);
    this.findings = new Findings(this.exceptions, insight, sources);
    this.breakpoints = new BreakpointSet({
      sources,
      log: (text, important, place) => {
        const { file, line } = place ?? { file: null, line: null };
        host.send({ type: "log", text, important, file, line });
      },
    });
    this.evaluator = new Evaluator({ insight, sources, library, running, site });
    this.editor = new Editor({ insight, sources, evaluator: this.evaluator, running, site });
    this.setBreakpoints(breakpoints);
  }

  /** Listens to the engine beside the recorder, which hears everything first. */
  attach(): void {
    const recorder = _C.observe(null)!;
    _C.observe({
      ...recorder,
      onOp: (op, inputs, outputs, node) => {
        recorder.onOp?.(op, inputs, outputs, node);
        if (this.steps.mode === "in" || this.pauses.wanted) this.afterOp(op, node);
      },
      onBackwardStart: (task) => {
        recorder.onBackwardStart?.(task);
        const pass = this.host.insight.passOf(task);
        if (pass !== undefined) this.running.push(new RunningPass(task, pass));
      },
      onBeforeStep: (task, node) => {
        recorder.onBeforeStep?.(task, node);
        this.beforeStep(task, node);
      },
      onStep: (task, node, gradIn, gradOut) => {
        recorder.onStep?.(task, node, gradIn, gradOut);
        this.afterStep(task, node, gradIn, gradOut);
      },
      onAccumulate: (task, node, before, after) => {
        recorder.onAccumulate?.(task, node, before, after);
        this.accumulated(node, before, after);
      },
      onBackwardEnd: (task, error) => {
        const at = this.running.findLastIndex((each) => each.task === task);
        if (at >= 0) this.ended(this.running.splice(at)[0]!, error);
        recorder.onBackwardEnd?.(task, error);
        this.pauseAfterEnd();
      },
    });
  }

  /** A module was loaded: breakpoints may have found their place. */
  loaded(file: string): void {
    for (const place of this.breakpoints.loaded(file)) this.host.send({ type: "breakpoint", place });
  }

  /** Before the program's first statement. */
  entry(place: Frame): void {
    if (this.breakpoints.onEntry) this.pauses.pause("entry", { stack: [place] });
  }

  /** The program is about to begin an iteration of a loop, or has entered a function: that of the site. */
  atProbe(site: number): void {
    const { sources } = this.host;
    const stack = () => stackAt(sources, site);
    if (this.pauses.wanted) this.pauses.pause("pause", { stack: stack() });
    else if (this.steps.goInside(this.running.at(-1))) {
      const name = sources.site(site)?.site.name ?? "function";
      this.pauses.pause("step", { stack: stack(), inside: `${name}()` });
    }
    this.arm();
  }

  /** Nothing runs: the program waits for timers or input. */
  idle(waitingAt: Frame | null): void {
    if (this.pauses.wanted) this.pauses.pause("pause", { stack: waitingAt === null ? [] : [waitingAt] });
  }

  /** Nobody has caught this error, and the program ends by it. */
  uncaught(error: unknown, message: string, place: PauseException["origin"]): void {
    if (!this.exceptions.uncaught) return;
    const known = typeof error === "object" && error !== null ? error : null;
    const stack = error instanceof Error && typeof error.stack === "string" ? error.stack : null;
    this.pauses.pause("exception", {
      exception: { filter: "uncaught", message, origin: place, stack },
      stack: framesOfError(this.host.sources, error),
      at: (known === null ? undefined : this.failures.get(known)) ?? null,
    });
  }

  /** @throws Error with a message for people */
  obey(command: DebugCommand): DebugResults[DebugCommand["type"]] {
    switch (command.type) {
      case "debug.breakpoints":
        return this.setBreakpoints(command.breakpoints);
      case "debug.resume":
        this.pauses.resume(command.resume);
        return null;
      case "debug.pause":
        this.pauses.wanted = !this.pauses.paused;
        this.arm();
        return null;
      case "debug.engine": {
        const current =
          command.pass === undefined
            ? this.running.at(-1)
            : this.running.find(({ pass }) => pass.index === command.pass);
        return this.pauses.paused && current?.node
          ? engineState(current, this.host.insight, this.host.sources)
          : null;
      }
      case "debug.evaluate":
        return this.evaluator.evaluate(command.expression, command.at);
      case "debug.locations":
        return this.host.locations(command.file, command.text);
      case "debug.complete":
        return this.evaluator.complete(command.text, command.column);
      case "debug.record":
        this.host.insight.tellOlder(command.pass);
        this.host.flush();
        return null;
      case "debug.edit":
        return this.edit(command);
    }
  }

  private edit({ target, expression }: Extract<DebugCommand, { type: "debug.edit" }>) {
    if (!this.pauses.paused) throw new Error("The program is running; pause it to change a value.");
    const result = this.editor.edit(target, expression);
    this.host.flush();
    return result;
  }

  private setBreakpoints(breakpoints: Breakpoints): BreakpointPlace[] {
    this.exceptions.set(breakpoints.exceptions);
    return this.breakpoints.set(breakpoints);
  }

  private beforeStep(task: _C.GraphTask, node: _C.Node): void {
    const current = this.running.at(-1);
    if (current?.task !== task) return;
    current.begin(node);
    const finding = this.findings.before(task, node);
    const hits = this.breakpoints.empty ? NO_HITS : this.hits(current, node);
    if (finding !== null) {
      const exception = this.findings.exceptionOf(finding, current.pass);
      this.pauses.pause("exception", { hit: all(hits), exception });
    } else {
      const reason = this.reasonToPause(current, hits);
      if (reason !== null) this.pauses.pause(reason, { hit: all(hits) });
    }
    current.enter();
    this.arm();
  }

  private reasonToPause(current: RunningPass, hits: Hits): PauseReason | null {
    if (hits.source.length > 0) return "breakpoint";
    if (hits.functions.length > 0) return "function breakpoint";
    if (hits.data.length > 0) return "data breakpoint";
    const step = this.steps.reasonToPause();
    if (step !== null) return step;
    const begins = current.pass.steps.length === 0 && this.running.length === 1;
    if (begins && this.breakpoints.onBackward) return "backward";
    return this.pauses.wanted ? "pause" : null;
  }

  private hits(current: RunningPass, node: _C.Node): Hits {
    return this.breakpoints.hits({
      node,
      entered: () => current.entered(node, this.scopeOf),
      names: () => namesOf(node, this.host),
      scope: () => this.evaluator.live(current),
      quiet: (look) => this.evaluator.quietly(look),
    });
  }

  private afterStep(
    task: _C.GraphTask,
    node: _C.Node,
    gradIn: readonly (Tensor | null)[],
    gradOut: readonly (Tensor | null)[],
  ): void {
    const current = this.running.at(-1);
    if (current?.task !== task) return;
    current.ranNode(node);
    this.findings.after(task, node, gradIn, gradOut);
  }

  private accumulated(node: _C.Node, before: Tensor | null, after: Tensor): void {
    this.host.insight.bindings.touch(node.variable!);
    const name = () => namesOf(node, this.host)[0] ?? "A leaf";
    this.findings.accumulated(node, name, before, after);
  }

  private ended(running: RunningPass, error: unknown): void {
    if (typeof error !== "object" || error === null || running.node === null) return;
    if (!this.exceptions.uncaught) return;
    this.host.flush();
    if (!this.failures.has(error)) this.failures.set(error, standing(running));
    this.findings.take();
  }

  /** What the last step of all did has no step after it to pause before. */
  private pauseAfterEnd(): void {
    const finding = this.running.length > 0 ? null : this.findings.take();
    if (finding !== null) {
      this.pauses.pause("exception", { exception: this.findings.exceptionOf(finding, undefined) });
    }
  }

  private afterOp(op: string, node: _C.Node | null): void {
    const current = this.running.at(-1);
    if (this.pauses.wanted) this.pauses.pause("pause");
    else if (this.steps.goInside(current) && (node !== null || isCustom(current!.node!)))
      this.pauses.pause("step", { inside: op });
    this.arm();
  }

  /** Has probes tell of the next iteration or call, where that matters. */
  private arm(): void {
    const current = this.running.at(-1);
    const wanted = this.pauses.wanted || (this.steps.goInside(current) && isCustom(current!.node!));
    if (wanted) Atomics.or(this.host.cell, CELL_ATTEND, ATTEND_STEP);
  }
}
