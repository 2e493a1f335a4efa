/** @file One backward pass, as an object that can be stepped: the engine itself. */
import { RuntimeError } from "../errors.js";
import { observer } from "../observe.js";
import { stopTracking, track } from "../pool.js";
import type { Tensor } from "../tensor.js";
import { accumulate } from "./accumulate.js";
import { anomaly, refuseNan } from "./anomaly.js";
import { differentiable } from "./differentiable.js";
import { derivativeNotImplemented } from "./edges.js";
import { checkGradients, fitGradient } from "./fit.js";
import { mode } from "./grad_mode.js";
import { isFresh } from "./gradients.js";
import type { Gradients } from "./hooks.js";
import { notImplemented } from "./kinds.js";
import type { Node } from "./node.js";
import { addOwned, claim, disown, drop, dropAll } from "./ownership.js";
import { Reached } from "./reached.js";
import { ReadyQueue } from "./ready_queue.js";
import { runPostHooks, runPrehooks, runTensorHooks } from "./run_hooks.js";
import { type Term, Terms } from "./terms.js";
import { release } from "./traverse.js";

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
  readonly #reached: Reached;
  readonly #captures: readonly Capture[];
  /** Gradients for `captures`, in the same order; null until (and unless) they arrive. */
  readonly captured: Gradients = [];
  #terms: Terms | null = null;
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
    this.#reached = new Reached(this, roots);
    if (captures !== null) this.#reached.restrict(roots, new Set(captures.map((c) => c.node)));
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
    return this.#reached.nodes;
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
    this.#terms ??= new Terms();
  }

  /** The summands that have arrived for an output of `node`, in order of arrival. */
  terms(node: Node, outputNr = 0): readonly Term[] {
    return this.#terms?.of(node, outputNr) ?? [];
  }

  /** The pending gradient of one output of `node`. */
  buffer(node: Node, outputNr = 0): Tensor | null {
    if (node.task !== this) return null;
    const grad = outputNr === 0 ? node.buffer : (node.buffers?.[outputNr - 1] ?? null);
    disown([grad]);
    return grad;
  }

  /** Replaces the pending gradient of one output of `node`; shape and dtype are checked as for any gradient. */
  setBuffer(node: Node, outputNr: number, grad: Tensor | null): void {
    if (node.task !== this) throw new RuntimeError("this node does not take part in the backward pass");
    const checked = grad === null ? null : fitGradient(node, outputNr, grad, node, outputNr);
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
    checkGradients(node, out);
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
      stopTracking();
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
    /** Nobody but the engine sees what arrives here. */
    const unseen = hooks === null && observer === null && (node.variable !== null || node.kind.fresh);
    if (!unseen) disown(grads);
    const last = this.#captures.length > 0 && !this.accumulate && this.#isLast(node);
    if (hooks !== null && last) grads = runTensorHooks(node, grads);
    if (this.#captures.length > 0) this.#capture(node, grads);
    if (last) {
      observer?.onStep?.(this, node, grads, []);
      return;
    }
    if (hooks !== null) grads = runPrehooks(node, runTensorHooks(node, grads));
    let out: Gradients = [];
    if (node.variable !== null) {
      const grad = grads[0] ?? null;
      if (grad !== null) accumulate(this, node, grad, owned && unseen);
    } else out = this.#apply(node, grads, unseen && !this.createGraph);
    if (hooks !== null) {
      disown(out);
      out = runPostHooks(node, out, grads);
    }
    observer?.onStep?.(this, node, grads, out);
    this.#send(node, out, grads[0] ?? null);
    dropAll(grads);
  }

  /** The derivative. `ours`: what it makes is seen by the engine alone. */
  #apply(node: Node, grads: Gradients, ours: boolean): Gradients {
    if (node.kind === notImplemented) throw derivativeNotImplemented(String(node.extra));
    if (ours) track();
    const out = node.kind.apply(node, grads, this);
    checkGradients(node, out);
    if (ours) claim(out);
    if (anomaly.enabled && anomaly.checkNan) refuseNan(node, out);
    if (!this.keepGraph) release(node);
    return out;
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
    disown(grads);
  }

  #send(node: Node, out: Gradients, incoming: Tensor | null): void {
    const edges = node.edges;
    for (let i = 0; i < edges.length; i++) {
      const next = edges[i]!;
      const grad = out[i] ?? null;
      if (next === null) {
        drop(grad);
        continue;
      }
      next.dependencies--;
      if (!next.needed) {
        drop(grad);
        continue;
      }
      if (grad !== null) {
        const fresh = node.kind.fresh && isFresh(grad, incoming, out, i);
        this.#add(next, node.edgeNumbers?.[i] ?? 0, grad, node, fresh);
      }
      if (next.dependencies === 0) this.#queue.push(next);
    }
    for (let i = edges.length; i < out.length; i++) drop(out[i]);
  }

  /** Adds a term to a pending gradient, which takes over the sender's hold on it. */
  #add(node: Node, outputNr: number, grad: Tensor, from: Node | null, fresh: boolean): void {
    this.#terms?.add(node, outputNr, { from, grad });
    const pending = outputNr === 0 ? node.buffer : (node.buffers?.[outputNr - 1] ?? null);
    if (pending === null) {
      this.#store(node, outputNr, grad);
      node.bufferOwned = fresh && node.outputs === null;
      return;
    }
    const recorded = mode.grad && this.createGraph;
    this.#store(node, outputNr, recorded ? differentiable.add(pending, grad) : addOwned(pending, grad));
    node.bufferOwned = node.outputs === null;
  }

  #store(node: Node, outputNr: number, grad: Tensor | null): void {
    if (node.outputs !== null && node.buffers === null) {
      node.buffers = new Array<Tensor | null>(node.outputs.length - 1).fill(null);
    }
    if (outputNr === 0) node.buffer = grad;
    else node.buffers![outputNr - 1] = grad;
  }

  #finish(error: unknown): void {
    if (this.#state === "done") return;
    this.#state = "done";
    this.#queue.heap.length = 0;
    this.#reached.restore();
    observer?.onBackwardEnd?.(this, error);
  }
}
