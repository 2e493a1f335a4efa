/** @file The state of one run, built from what its runner tells, and the questions that views ask of it. */
import type { GradientCheck } from "../protocol/checks.js";
import {
  type Dropped,
  type ExportProblem,
  MAX_DATA,
  type ProgramError,
  type TraceDocument,
} from "../protocol/export.js";
import type {
  BindingRecord,
  PassRecord,
  PassSummary,
  SiteRecord,
  TraceBatch,
  TraceEvent,
} from "../protocol/trace.js";
import {
  CARD_DATA,
  type NodeDetail,
  type Outline,
  type PassOutline,
  type PassView,
  type RunState,
} from "../protocol/view.js";
import { checkBatch } from "./batch.js";
import { Bindings } from "./bindings.js";
import { writeDocument } from "./document.js";
import { type Leaf, leavesOf } from "./leaves.js";
import { documentEvents } from "./load.js";
import { Pass } from "./pass.js";
import { backwardReadouts } from "./readouts.js";
import { type Broadcast, broadcasts } from "./shapesAt.js";
import { Sources } from "./sources.js";
import { Structure } from "./structure.js";
import type { BackwardReadout, Expression, Problem, Readout } from "./types.js";

export interface SessionOptions {
  /** Names the run to the views; must differ from every other run that they may have seen. */
  readonly run?: string;
  /** The program, known before the runner says so. */
  readonly file?: string;
}

/** How a run ended, where its runner could not say so itself. */
export interface Finish {
  readonly state: "done" | "failed" | "stopped";
  readonly exit: number | null;
  readonly error: ProgramError | null;
  readonly duration: number | null;
  readonly where?: Outline["where"];
}

/** Passes in a node's history. */
const HISTORY = 200;

let runs = 0;

export class Session {
  readonly run: string;
  readonly #sources = new Sources();
  readonly #structures = new Map<number, Structure>();
  /** Passes whose values are kept, by index. */
  readonly #passes = new Map<number, Pass>();
  /** Every pass, kept or let go. */
  readonly #summaries = new Map<number, PassSummary>();
  readonly variables = new Bindings(this.#sources, this.#passes);
  readonly #problems: ExportProblem[] = [];
  readonly #checks: GradientCheck[] = [];
  #dropped: Dropped | null = null;
  #state: RunState = "idle";
  #stale = false;
  #file: string;
  #exit: number | null = null;
  #error: ProgramError | null = null;
  #duration: number | null = null;
  #where: Outline["where"] = null;
  /** Outline of the passes, until one changes. */
  #outlined: readonly PassOutline[] | null = null;

  constructor(options: SessionOptions = {}) {
    runs += 1;
    this.run = options.run ?? `${Date.now().toString(36)}-${runs}`;
    this.#file = options.file ?? "";
  }

  /** A saved trace, which answers as the run did that it was saved from. */
  static fromDocument(document: TraceDocument, options: SessionOptions = {}): Session {
    const session = new Session(options);
    session.apply(documentEvents(document));
    session.#state = document.program.error === null ? "done" : "failed";
    session.#exit = document.program.exit;
    return session;
  }

  /**
   * Takes all events of a batch, or none of them.
   * @throws MalformedBatch where the batch is not what this version understands
   */
  apply(batch: TraceBatch): void {
    checkBatch(batch, {
      hasSite: (id) => this.#sources.has(id),
      structureSize: (id) => this.#structures.get(id)?.nodes.length,
      passSize: (index) => this.#passes.get(index)?.size,
    });
    for (const event of batch.events) this.#take(event);
  }

  #take(event: TraceEvent): void {
    switch (event.type) {
      case "program":
        this.#file = event.file;
        this.#state = "running";
        return;
      case "module":
        this.#sources.add(event.file, event.text, event.first, event.sites);
        return;
      case "structure":
        this.#structures.set(event.id, new Structure(event.nodes, event.edges));
        return;
      case "pass":
        this.#keep(event.pass);
        return;
      case "steps":
        this.#passes.get(event.pass)!.add(event.steps);
        return;
      case "summary":
        this.#summaries.set(event.summary.index, event.summary);
        this.#outlined = null;
        return;
      case "bindings":
        this.variables.take(event.bindings);
        return;
      case "problem":
        this.#problems.push(event.problem);
        return;
      case "check":
        this.#checks.push(event.check);
        return;
      case "dropped":
        this.#letGo(event.dropped, event.keptFrom);
        return;
      case "end":
        this.finish({ ...event, state: event.error === null ? "done" : "failed" });
        return;
    }
  }

  #keep(record: PassRecord): void {
    const structure = this.#structures.get(record.structure)!;
    this.#passes.set(record.index, new Pass(record, structure, this.#sources));
    this.#outlined = null;
  }

  #letGo(dropped: Dropped, keptFrom: number): void {
    this.#dropped = dropped;
    for (const index of this.#passes.keys()) if (index < keptFrom) this.#passes.delete(index);
    this.#outlined = null;
  }

  finish(end: Finish): void {
    this.#state = end.state;
    this.#exit = end.exit;
    this.#error = end.error;
    this.#duration = end.duration;
    this.#where = end.where ?? null;
  }

  set state(state: RunState) {
    this.#state = state;
  }

  /** The text has been edited since the run. */
  set stale(stale: boolean) {
    this.#stale = stale;
  }

  outline(): Outline {
    return {
      run: this.run,
      state: this.#state,
      stale: this.#stale,
      program: { file: this.#file, exit: this.#exit, error: this.#error },
      duration: this.#duration,
      passes: this.#outlinePasses(),
      problems: this.#problems.slice(),
      dropped: this.#dropped,
      where: this.#where ?? null,
    };
  }

  #outlinePasses(): readonly PassOutline[] {
    this.#outlined ??= this.#inOrder().map(
      ({ site, ...summary }): PassOutline => ({
        ...summary,
        kept: this.#passes.has(summary.index),
        source: this.#sources.location(site),
      }),
    );
    return this.#outlined;
  }

  #inOrder(): PassSummary[] {
    return [...this.#summaries.values()].sort((a, b) => a.index - b.index);
  }

  /** null where there is no such pass, or its values were let go. */
  pass(index: number): PassView | null {
    return this.#passes.get(index)?.view(this.run) ?? null;
  }

  /** A pass as it was recorded; null where there is none, or its values were let go. */
  kept(index: number): Pass | null {
    return this.#passes.get(index) ?? null;
  }

  /** A node with its steps in this pass and, cut to CARD_DATA, in the HISTORY nearest over its structure. */
  nodeDetail(index: number, node: number): NodeDetail | null {
    const pass = this.#passes.get(index);
    if (!pass?.structure.nodes[node]) return null;
    const steps: NodeDetail["steps"][number][] = [];
    let at = -1;
    for (const other of this.#near(pass)) {
      const found = other.stepOf(node, at);
      if (found < 0) continue;
      at = found;
      const limit = other === pass ? MAX_DATA : CARD_DATA;
      steps.push({ pass: other.index, index: at, step: other.step(at, limit) });
    }
    return { node: pass.exportNode(node), ...pass.texts(node), steps };
  }

  /** The pass and the nearest others over its structure: more than anybody looks through. */
  #near(pass: Pass): Pass[] {
    const alike = this.#allKept().filter((other) => other.structure === pass.structure);
    const first = Math.max(0, Math.min(alike.indexOf(pass) - HISTORY / 2, alike.length - HISTORY));
    return alike.slice(first, first + HISTORY);
  }

  #allKept(): Pass[] {
    return [...this.#passes.values()].sort((a, b) => a.index - b.index);
  }

  /**
   * The nodes made by calls on a line, in the latest pass first; with a column, by the calls around it,
   * innermost first.
   */
  nodesAt(file: string, line: number, column?: number): { pass: number; node: number }[] {
    const found: { pass: number; node: number }[] = [];
    const nodes = new Map<Structure, readonly number[]>();
    for (const pass of this.#allKept().reverse()) {
      const { structure, index } = pass;
      if (!nodes.has(structure)) {
        nodes.set(structure, structure.nodesAt(this.#sources, file, line, column));
      }
      for (const node of nodes.get(structure)!) found.push({ pass: index, node });
    }
    return found;
  }

  /**
   * The innermost call at a position that made a tensor, in the pass that is asked for where it took part there,
   * else in the latest.
   */
  expressionAt(file: string, line: number, column: number, index: number | null = null): Expression | null {
    const tried = new Set<Structure>();
    const wanted = index === null ? undefined : this.#passes.get(index);
    for (const pass of [...(wanted ? [wanted] : []), ...this.#allKept().reverse()]) {
      const { structure } = pass;
      if (tried.has(structure)) continue;
      tried.add(structure);
      const [innermost, ...around] = structure.nodesAround(this.#sources, file, line, column);
      if (innermost === undefined) continue;
      const { site } = structure.nodes[innermost]!;
      const made = [innermost, ...around.filter((node) => structure.nodes[node]!.site === site)];
      const node = Math.max(...made);
      const { text } = this.#sources.site(site)!;
      const others = made.filter((other) => other !== node);
      return { location: this.#sources.location(site)!, text, pass: pass.index, node, others };
    }
    return null;
  }

  readouts(file: string): Readout[] {
    return this.variables.readouts(file);
  }

  /** What each variable last held, in the order in which they were first bound. */
  bindings(): { readonly name: string; readonly record: BindingRecord }[] {
    return this.variables.all().map((record) => {
      const { name, text } = this.#sources.site(record.site)!;
      return { name: name ?? text, record };
    });
  }

  backwardReadouts(file: string): BackwardReadout[] {
    return backwardReadouts(this.#inOrder(), this.#sources, file);
  }

  problems(): Problem[] {
    return this.#problems.map((problem) => ({ ...problem, file: problem.file ?? this.#file }));
  }

  /** What a check of gradients has found so far, leaf by leaf. */
  checks(): readonly GradientCheck[] {
    return this.#checks;
  }

  /** The run's own modules, in the order in which they were loaded. */
  files(): readonly string[] {
    return this.#sources.files();
  }

  /** What instrumentation numbered in a module: calls, loops, functions and bindings. */
  sites(file: string): readonly SiteRecord[] {
    return this.#sources.sitesOf(file);
  }

  /** The text that a module had when it ran. */
  text(file: string): string | null {
    return this.#sources.text(file);
  }

  /** The leaves that a kept pass reached. */
  leaves(index: number): Leaf[] {
    const pass = this.#passes.get(index);
    return pass ? leavesOf(pass, this.#sources) : [];
  }

  /** What the operations in a file stretched, in the pass that is asked for, else in the latest that is kept. */
  broadcasts(file: string, index: number | null = null): Broadcast[] {
    const pass = index === null ? this.#allKept().at(-1) : this.#passes.get(index);
    return pass ? broadcasts(pass, this.#sources, file) : [];
  }

  /** A line of a module as it ran, without its end; null where there is none. */
  line(file: string, line: number): string | null {
    return this.#sources.line(file, line);
  }

  /** @param base folder from which the files inside it are named */
  document(base?: string): TraceDocument {
    return writeDocument(
      {
        program: { file: this.#file, exit: this.#exit, error: this.#error },
        passes: this.#allKept(),
        // In the order of the text, whenever each of them was told.
        bindings: this.variables.all().sort((a, b) => a.site - b.site),
        problems: this.#problems,
        dropped: this.#dropped,
        sources: this.#sources,
      },
      base,
    );
  }
}
