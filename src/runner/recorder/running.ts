/** @file The backward passes that run: what each is made of, what its steps gave, how it ended. */
import { _C, type Tensor } from "../../core/index.js";
import { CELL } from "../../instrument/probe.js";
import type { ExportProblem, ProgramError } from "../../protocol/export.js";
import { CELL_ATTEND, type Cell } from "../cell.js";
import type { GradientChecks } from "./check/gradientCheck.js";
import type { Hooks } from "./hooks.js";
import type { Clash } from "./insight.js";
import type { Memory } from "./memory.js";
import type { OpIndex } from "./ops.js";
import type { Origins } from "./origins.js";
import { Pass } from "./pass.js";
import type { Problems } from "./problems.js";
import type { Scopes } from "./scopes.js";
import type { PassStore } from "./store.js";

export interface RunningPassesParts {
  readonly cell: Cell;
  readonly ops: OpIndex;
  readonly origins: Origins;
  readonly scopes: Scopes;
  readonly hooks: Hooks;
  readonly memory: Memory;
  readonly problems: Problems;
  readonly checks: GradientChecks | null;
  readonly store: PassStore;
  /** The watching thread wants something. */
  readonly attend: () => void;
  readonly describe: (error: unknown) => ProgramError;
}

export class RunningPasses {
  private readonly running = new Map<_C.GraphTask, Pass>();
  private readonly errors = new WeakMap<object, ExportProblem["related"]>();
  private current: _C.Node | null = null;
  /** Something was changed by hand: what runs from now on is not what the program alone would do. */
  private altered = false;
  private begun = 0;

  constructor(private readonly parts: RunningPassesParts) {}

  /** Passes that have begun. */
  get count(): number {
    return this.begun;
  }

  get any(): boolean {
    return this.running.size > 0;
  }

  /** The outermost first. */
  get all(): Pass[] {
    return [...this.running.values()];
  }

  of(task: _C.GraphTask): Pass | undefined {
    return this.running.get(task);
  }

  alter(): void {
    this.altered = true;
  }

  /** Places that belong to an error which a backward pass raised. */
  relatedTo(error: unknown): ExportProblem["related"] {
    return (typeof error === "object" && error !== null && this.errors.get(error)) || [];
  }

  start(task: _C.GraphTask): void {
    const outer = [...this.running.values()].at(-1);
    const pass = new Pass({
      index: this.begun++,
      call: task.accumulate ? "backward" : "grad",
      site: this.parts.cell[CELL.site]!,
      scope: this.parts.scopes.current(),
      roots: task.roots,
      rootNodes: task.roots.map((root) => root.node),
      nodes: task.nodes,
      retainGraph: task.keepGraph,
      createGraph: task.createGraph,
      within: outer === undefined ? null : { pass: outer.index, step: outer.steps.length },
    });
    for (const node of task.nodes) {
      const op = this.parts.ops.get(node);
      pass.ops.push(op);
      pass.before.push(op?.pass ?? -1);
      pass.saved.push(node.saved);
      if (op === undefined) continue;
      if (op.pass < 0) {
        pass.bytes += op.bytes;
        this.parts.ops.loose -= op.bytes;
      }
      op.pass = pass.index;
    }
    this.running.set(task, pass);
    this.parts.problems.passStarted(pass);
  }

  beforeStep(task: _C.GraphTask, node: _C.Node): void {
    this.current = node;
    if (this.parts.cell[CELL_ATTEND] !== 0) this.parts.attend();
    // Not the time that a person took at a stop.
    const pass = this.running.get(task);
    if (pass !== undefined) pass.began = performance.now();
  }

  step(
    task: _C.GraphTask,
    node: _C.Node,
    gradIn: readonly (Tensor | null)[],
    gradOut: readonly (Tensor | null)[],
  ): void {
    const pass = this.running.get(task);
    if (pass === undefined) return;
    const { accumulated } = pass;
    const hooks = this.parts.hooks.take(node);
    const time = performance.now() - pass.began;
    pass.addStep({ node, gradIn, gradOut, accumulated, altered: this.altered, hooks, time });
    pass.accumulated = null;
  }

  accumulate(task: _C.GraphTask, node: _C.Node, before: Tensor | null, after: Tensor): void {
    const pass = this.running.get(task);
    const leaf = node.variable;
    if (pass === undefined || leaf === null) return;
    if (before !== null) this.parts.memory.accumulated(after, before);
    pass.accumulated = { before, after: this.parts.memory.hold(after) };
    const origin = this.parts.origins.of(leaf);
    this.parts.problems.accumulated(pass, leaf, origin, before !== null);
    origin.updates = before === null ? 1 : origin.updates + 1;
    origin.accumulatedBy = pass.site;
    origin.updatedBy = -1;
    this.parts.memory.own(leaf, after, origin);
  }

  end(task: _C.GraphTask, error: unknown): void {
    const pass = this.running.get(task);
    if (pass === undefined) return;
    this.running.delete(task);
    if (pass.call === "backward") this.parts.origins.passes++;
    if (error !== null && error !== undefined) {
      this.parts.hooks.forget(task.nodes);
      this.failed(pass, error);
    }
    this.parts.checks?.check(pass);
    this.keep(
      pass,
      pass.rootNodes.map((node) => this.parts.ops.get(node)?.output ?? node.variable),
    );
  }

  private failed(pass: Pass, error: unknown): void {
    pass.error = this.parts.describe(error);
    if (typeof error !== "object" || error === null) return;
    const clash = this.current === null ? null : this.changedInput(this.current);
    this.errors.set(error, this.parts.problems.related(pass, this.current, clash?.site ?? null));
    this.parts.problems.passFailed(error, pass, this.current, clash);
  }

  /** What changed in place what the node had saved, or null. */
  changedInput(node: _C.Node): Clash | null {
    if (node.released) return null;
    for (const { name, tensor, version } of _C.savedTensors(node)) {
      if (version < 0 || tensor._storage.version === version) continue;
      return {
        name,
        expected: version,
        found: tensor._storage.version,
        site: this.parts.memory.lastWrite(tensor),
      };
    }
    return null;
  }

  /** Leaves' values and gradients as they are now. */
  hold(pass: Pass, ended: boolean): void {
    pass.nodes.forEach((node, at) => {
      const leaf = node.variable;
      if (leaf !== null) {
        pass.values.set(node, this.parts.memory.hold(leaf));
        this.holdGrad(pass, node, leaf);
        return;
      }
      const retained = node.hooks?.retains.get(0);
      if (retained !== undefined && ended) this.holdGrad(pass, node, retained);
      for (const input of pass.ops[at]?.inputs ?? []) {
        if (input === null || input._gradFn !== null || input._requiresGrad) continue;
        if (!pass.constants.has(input)) pass.constants.set(input, this.parts.memory.hold(input));
      }
    });
  }

  private holdGrad(pass: Pass, node: _C.Node, tensor: Tensor): void {
    const { _grad: grad } = tensor;
    if (grad === null) return;
    const origin = this.parts.origins.of(tensor);
    // `retain_grad` has no accumulation of its own to count: each pass writes once.
    if (node.variable === null) origin.updates++;
    pass.grads.set(node, { held: this.parts.memory.hold(grad), updates: origin.updates });
  }

  /** A graph that no pass ran through is kept as if one had. */
  addLive(pass: Pass): void {
    this.begun++;
    this.keep(
      pass,
      pass.rootNodes.map((node) => this.parts.ops.get(node)?.output ?? null),
    );
  }

  private keep(pass: Pass, ends: readonly (Tensor | null)[]): void {
    this.hold(pass, true);
    this.parts.problems.passEnded(
      pass,
      ends.filter((tensor) => tensor !== null),
    );
    this.parts.store.keep(pass);
  }
}
