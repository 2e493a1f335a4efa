/** @file One backward pass, as an object that can be stepped: the engine itself. */
import { RuntimeError } from "../errors.js";
import { B, binary } from "../kernels/binary.js";
import { castTo, cloneOf, copyInto } from "../kernels/copy.js";
import { observer } from "../observe.js";
import { formatShape, isExpandable, sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { anomaly, refuseNan } from "./anomaly.js";
import { differentiable } from "./differentiable.js";
import { derivativeNotImplemented } from "./edges.js";
import { mode } from "./grad_mode.js";
import { isFresh, layoutLike, sumTo } from "./gradients.js";
import type { Gradients } from "./hooks.js";
import { notImplemented } from "./kinds.js";
import type { Node } from "./node.js";
import { ReadyQueue } from "./ready_queue.js";
import { runPostAccumulateHooks, runPostHooks, runPrehooks, runTensorHooks } from "./run_hooks.js";
import { release, topological } from "./traverse.js";

/** One summand of a pending gradient. */
export interface Term {
  /** The node that sent it; null for the gradient the pass started with. */
  readonly from: Node | null;
  readonly grad: Tensor;
}

/** Where to start, and with which gradient. */
export interface Root {
  readonly node: Node;
  readonly outputNr: number;
  readonly grad: Tensor;
}

/** A gradient to hand out instead of accumulating it: of output `outputNr` of `node`. */
export interface Capture {
  readonly node: Node;
  readonly outputNr: number;
}

interface Displaced {
  readonly node: Node;
  readonly task: GraphTask;
  readonly dependencies: number;
  readonly buffer: Tensor | null;
  readonly bufferOwned: boolean;
  readonly buffers: Gradients | null;
  readonly needed: boolean;
}

/**
 * A backward pass in progress. `step()` runs one node, `run()` all that are left.
 *
 * While a task lives, the nodes it reaches carry its counters and pending gradients in plain fields. A
 * backward pass started from inside a hook takes over the nodes it shares with the outer one and puts them
 * back when it ends.
 */
export class GraphTask {
  /** The pass whose node is running; null between passes. */
  static current: GraphTask | null = null;
  readonly #queue = new ReadyQueue();
  readonly #nodes: Node[] = [];
  readonly #displaced: Displaced[] = [];
  readonly #captures: readonly Capture[];
  /** Gradients for `captures`, in the same order; null until (and unless) they arrive. */
  readonly captured: Gradients = [];
  #terms: Map<Node, Term[][]> | null = null;
  #state: "new" | "running" | "done" = "new";

  /** @internal */
  constructor(
    readonly roots: readonly Root[],
    readonly keepGraph: boolean,
    readonly createGraph: boolean,
    captures: readonly Capture[] | null,
    /** Where `inputs=` names leaves, they still accumulate. */
    readonly accumulate: boolean,
  ) {
    this.#captures = captures ?? [];
    for (const _ of this.#captures) this.captured.push(null);
    this.#claim();
    if (captures !== null) this.#restrict(captures);
    observer?.onBackwardStart?.(this);
    for (const root of roots) this.#seed(root);
    this.#state = "running";
  }

  /** Nodes that can run, in the order in which they will, unless others become ready in between. */
  get ready(): Node[] {
    return this.#queue.inOrder();
  }

  /** Every node the pass may visit. */
  get nodes(): readonly Node[] {
    return this.#nodes;
  }

  get done(): boolean {
    return this.#queue.size === 0;
  }

  /** The next node to run. */
  get next(): Node | null {
    return this.#queue.heap[0] ?? null;
  }

  /** Keeps the single terms of every pending sum from here on, for `terms()`. */
  recordTerms(): void {
    this.#terms ??= new Map();
  }

  /** The summands that have arrived for an output of `node`, in order of arrival. */
  terms(node: Node, outputNr = 0): readonly Term[] {
    return this.#terms?.get(node)?.[outputNr] ?? [];
  }

  /** The pending gradient of one output of `node`. */
  buffer(node: Node, outputNr = 0): Tensor | null {
    if (node.task !== this) return null;
    return outputNr === 0 ? node.buffer : (node.buffers?.[outputNr - 1] ?? null);
  }

  /** Replaces the pending gradient of one output of `node`; shape and dtype are checked as for any gradient. */
  setBuffer(node: Node, outputNr: number, grad: Tensor | null): void {
    if (node.task !== this) throw new RuntimeError("this node does not take part in the backward pass");
    const checked = grad === null ? null : this.#validate(node, outputNr, grad, node, outputNr);
    this.#store(node, outputNr, checked);
    node.bufferOwned = false;
  }

  /**
   * What `node`, whose turn it is, would send along each of its edges: its derivative alone, without hooks.
   * Nothing is sent, freed or accumulated; whoever asks sees to it that nothing is recorded either.
   */
  preview(node: Node): Gradients {
    if (node.variable !== null) return [];
    if (this.#captures.length > 0 && !this.accumulate && this.#isLast(node))
      return node.edges.map(() => null);
    const grads: Gradients = node.buffers === null ? [node.buffer] : [node.buffer, ...node.buffers];
    const out = node.kind.apply(node, grads, this).slice();
    this.#check(node, out);
    return out;
  }

  /** Runs exactly one node; false once nothing is left. */
  step(): boolean {
    const node = this.#queue.pop();
    if (node === undefined) {
      this.#finish(null);
      return false;
    }
    if (node.task !== this) {
      throw new RuntimeError("a backward pass that this one started, or that started it, has not ended yet");
    }
    const gradMode = mode.grad;
    const inference = mode.inference;
    const outer = GraphTask.current;
    mode.grad = this.createGraph;
    mode.inference = false;
    GraphTask.current = this;
    try {
      this.#execute(node);
    } catch (error) {
      mode.grad = gradMode;
      mode.inference = inference;
      GraphTask.current = outer;
      this.#finish(error);
      throw error;
    }
    GraphTask.current = outer;
    mode.grad = gradMode;
    mode.inference = inference;
    if (this.#queue.size === 0) {
      this.#finish(null);
      return false;
    }
    return true;
  }

  run(): void {
    while (this.step());
  }

  /** Gives the pass up: nodes forget its counters. */
  abandon(error: unknown = null): void {
    this.#finish(error);
  }

  // Preparation.

  #claim(): void {
    const stack: Node[] = [];
    for (const { node } of this.roots) {
      if (this.#own(node)) stack.push(node);
      node.dependencies++;
    }
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const edges = node.edges;
      for (let i = 0; i < edges.length; i++) {
        const next = edges[i]!;
        if (next === null) continue;
        if (this.#own(next)) stack.push(next);
        next.dependencies++;
      }
    }
  }

  /** Takes a node over; false where it was ours already. */
  #own(node: Node): boolean {
    if (node.task === this) return false;
    if (node.task !== null) {
      const { task, dependencies, buffer, bufferOwned, buffers, needed } = node;
      this.#displaced.push({ node, task, dependencies, buffer, bufferOwned, buffers, needed });
    }
    node.task = this;
    node.dependencies = 0;
    node.buffer = null;
    node.bufferOwned = false;
    node.buffers = null;
    node.needed = true;
    this.#nodes.push(node);
    return true;
  }

  /** Only nodes on a way to a captured one run (PyTorch's `exec_info`). */
  #restrict(captures: readonly Capture[]): void {
    const wanted = new Set<Node>();
    const targets = new Set(captures.map((c) => c.node));
    for (const node of topological(this.roots)) {
      const onWay = targets.has(node) || node.edges.some((e) => e !== null && wanted.has(e));
      if (onWay) wanted.add(node);
      node.needed = onWay;
    }
  }

  #seed({ node, outputNr, grad }: Root): void {
    this.#add(node, outputNr, grad, null, false);
    if (--node.dependencies === 0) this.#queue.push(node);
  }

  // One node.

  #execute(node: Node): void {
    let grads: Gradients = node.buffers === null ? [node.buffer] : [node.buffer, ...node.buffers];
    observer?.onBeforeStep?.(this, node);
    if (observer !== null) grads = node.buffers === null ? [node.buffer] : [node.buffer, ...node.buffers];
    const owned = node.bufferOwned;
    node.buffer = null;
    node.buffers = null;
    const hooks = node.hooks;
    const last = this.#captures.length > 0 && !this.accumulate && this.#isLast(node);
    if (hooks !== null && last) grads = runTensorHooks(node, grads);
    if (this.#captures.length > 0) this.#capture(node, grads);
    if (last) {
      observer?.onStep?.(this, node, grads, []);
      return;
    }
    if (hooks !== null) grads = runPrehooks(node, runTensorHooks(node, grads));
    let out: Gradients;
    if (node.variable !== null) {
      this.#accumulate(node, grads[0] ?? null, owned && hooks === null && observer === null);
      out = [];
    } else {
      if (node.kind === notImplemented) throw derivativeNotImplemented(String(node.extra));
      out = node.kind.apply(node, grads, this);
      this.#check(node, out);
      if (anomaly.enabled && anomaly.checkNan) refuseNan(node, out);
      if (!this.keepGraph) release(node);
    }
    if (hooks !== null) out = runPostHooks(node, out, grads);
    observer?.onStep?.(this, node, grads, out);
    this.#send(node, out, grads[0] ?? null);
  }

  /** Whether `node` is only there to have its gradient taken. */
  #isLast(node: Node): boolean {
    return this.#captures.some((c) => c.node === node) && !node.edges.some((e) => e?.needed === true);
  }

  /** Hands out what was asked for. A node that goes on running is read before its hooks, as in PyTorch. */
  #capture(node: Node, grads: Gradients): void {
    if (this.accumulate) return;
    this.#captures.forEach((capture, i) => {
      if (capture.node === node) this.captured[i] = grads[capture.outputNr] ?? null;
    });
  }

  /** Every gradient gets its input's shape and dtype: un-broadcasting and casts live here, once. */
  #check(node: Node, out: Gradients): void {
    const edges = node.edges;
    if (out.length < edges.length) {
      throw new RuntimeError(
        `Function ${node.name()} returned an incorrect number of gradients (expected ${edges.length}, got ${out.length})`,
      );
    }
    for (let i = 0; i < edges.length; i++) {
      const grad = out[i];
      const edge = edges[i]!;
      if (grad === null || grad === undefined || edge === null) continue;
      if (grad._shape === edge.shape && grad.dtype === edge.dtype && edge.outputs === null) continue;
      out[i] = this.#validate(edge, node.edgeNumbers?.[i] ?? 0, grad, node, i);
    }
  }

  #validate(target: Node, outputNr: number, grad: Tensor, source: Node, index: number): Tensor {
    const meta = target.outputs?.[outputNr] ?? target;
    let g = grad;
    if (!sameShape(g._shape, meta.shape)) {
      if (!isExpandable(meta.shape, g._shape)) {
        throw new RuntimeError(
          `Function ${source.name()} returned an invalid gradient at index ${index} - got ${formatShape(g._shape)} but expected shape compatible with ${formatShape(meta.shape)}`,
        );
      }
      g = mode.grad ? differentiable.sumToSize(g, meta.shape) : sumTo(g, meta.shape);
    }
    if (g.dtype !== meta.dtype) g = mode.grad ? differentiable.cast(g, meta.dtype) : castTo(g, meta.dtype);
    return g;
  }

  #send(node: Node, out: Gradients, incoming: Tensor | null): void {
    const edges = node.edges;
    for (let i = 0; i < edges.length; i++) {
      const next = edges[i]!;
      if (next === null) continue;
      next.dependencies--;
      const grad = out[i] ?? null;
      if (next.needed) {
        if (grad !== null) {
          this.#add(
            next,
            node.edgeNumbers?.[i] ?? 0,
            grad,
            node,
            node.kind.fresh && isFresh(grad, incoming, out, i),
          );
        }
        if (next.dependencies === 0) this.#queue.push(next);
      }
    }
  }

  /** Adds a term to a pending gradient. */
  #add(node: Node, outputNr: number, grad: Tensor, from: Node | null, fresh: boolean): void {
    if (this.#terms !== null) {
      const slots = this.#terms.get(node) ?? [];
      const list = slots[outputNr] ?? [];
      list.push({ from, grad });
      slots[outputNr] = list;
      this.#terms.set(node, slots);
    }
    const pending = outputNr === 0 ? node.buffer : (node.buffers?.[outputNr - 1] ?? null);
    if (pending === null) {
      this.#store(node, outputNr, grad);
      node.bufferOwned = fresh && node.outputs === null;
      return;
    }
    this.#store(
      node,
      outputNr,
      mode.grad && this.createGraph ? differentiable.add(pending, grad) : binary(B.add, pending, grad),
    );
    node.bufferOwned = node.outputs === null;
  }

  #store(node: Node, outputNr: number, grad: Tensor | null): void {
    if (node.outputs !== null && node.buffers === null) {
      node.buffers = new Array<Tensor | null>(node.outputs.length - 1).fill(null);
    }
    if (outputNr === 0) node.buffer = grad;
    else node.buffers![outputNr - 1] = grad;
  }

  /** A leaf's sink: the first gradient becomes `.grad`, later ones are added to it in place. */
  #accumulate(node: Node, grad: Tensor | null, mayKeep: boolean): void {
    if (grad === null) return;
    const leaf = node.variable!;
    const before = leaf._grad;
    if (before === null) {
      if (mode.grad) leaf._grad = differentiable.clone(grad);
      else if (mayKeep && grad._contiguous && grad._gradFn === null) leaf._grad = grad;
      else leaf._grad = layoutLike(grad, leaf);
    } else if (mode.grad) leaf._grad = differentiable.add(before, grad);
    else {
      const seen = observer === null ? before : cloneOf(before);
      copyInto(before, binary(B.add, before, grad), before.dtype);
      before._storage.version++;
      observer?.onAccumulate?.(this, node, seen, before);
      runPostAccumulateHooks(node, leaf);
      return;
    }
    observer?.onAccumulate?.(this, node, before, leaf._grad);
    runPostAccumulateHooks(node, leaf);
  }

  #finish(error: unknown): void {
    if (this.#state === "done") return;
    this.#state = "done";
    this.#queue.heap.length = 0;
    for (const node of this.#nodes) {
      node.task = null;
      node.buffer = null;
      node.buffers = null;
      node.needed = true;
    }
    for (const d of this.#displaced) {
      d.node.task = d.task;
      d.node.dependencies = d.dependencies;
      d.node.buffer = d.buffer;
      d.node.bufferOwned = d.bufferOwned;
      d.node.buffers = d.buffers;
      d.node.needed = d.needed;
    }
    observer?.onBackwardEnd?.(this, error);
  }
}
