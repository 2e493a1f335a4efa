/** @file A function of the graph. One class, one hidden class: what differs is in `op`. */
import { callSite } from "../callsite.js";
import type { DType } from "../dtype.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { GraphTask } from "./graph_task.js";
import {
  addHook,
  hooksOf,
  type NodeHooks,
  type NodePostHook,
  type NodePrehook,
  type RemovableHandle,
} from "./hooks.js";

/** What a kind of node can do: one object for each op, plus the engine's own kinds. */
export interface NodeKind {
  /** As `grad_fn.name()` says it, e.g. `MulBackward0`. */
  readonly gradFnName: string;
  /** The vector–Jacobian product: gradients of the outputs → gradients of the inputs, one for each edge. */
  apply(node: Node, grads: readonly (Tensor | null)[], task: GraphTask): (Tensor | null)[];
  /** Its results are new tensors, unless they are the very gradient it was given. */
  readonly fresh: boolean;
  /** Names and values of what the node keeps for backward; in table order. */
  saved(node: Node): SavedValue[];
  /** Name of each entry of `node.saved`; absent where the kind keeps nothing there. */
  savedNames?(node: Node): readonly string[];
  /** Entry `at` of `node.saved` was replaced by a tool: for kinds that keep it elsewhere, too. */
  replaced?(node: Node, at: number, value: unknown): void;
}

export interface SavedValue {
  readonly name: string;
  /** A tensor, or a plain argument such as `dim`. */
  readonly value: unknown;
  /** The version a tensor had when it was saved; -1 for plain values. */
  readonly version: number;
}

/** Shape and dtype that a gradient arriving at one output of a node must have. */
export interface OutputMeta {
  readonly shape: Shape;
  readonly dtype: DType;
}

let nextSequence = 0;
let nextId = 0;

/** PyTorch gives sinks the highest priority (UINT64_MAX), so that they run as soon as they can. */
export const SINK_PRIORITY = 2 ** 64;

const NO_EDGES: readonly (Node | null)[] = [];

/** A function of the backward graph (`torch.autograd.graph.Node`). */
export class Node {
  /** @internal */ readonly kind: NodeKind;
  /** @internal one for each differentiable input; null where none is needed */
  edges: readonly (Node | null)[];
  /** @internal output numbers that the edges point at; null where all are 0 */
  edgeNumbers: readonly number[] | null = null;
  /** @internal later nodes run earlier */
  readonly sequence: number;
  /** @internal id of the user's call that made this node */
  readonly site: number;
  /** @internal value, version, value, version …; null once freed or where nothing is saved */
  saved: unknown[] | null = null;
  /** @internal */ released = false;
  /** @internal metadata of output 0 */
  shape: Shape;
  /** @internal */ dtype: DType;
  /** @internal metadata of all outputs where there is more than one */
  outputs: OutputMeta[] | null = null;
  /** @internal */ hooks: NodeHooks | null = null;
  /** The leaf whose `.grad` an `AccumulateGrad` adds to; null for every other node. */
  readonly variable: Tensor | null;
  /** @internal what kinds outside the table keep (the context of a custom function, a view's geometry) */
  extra: unknown = null;

  // The engine's state, valid while `task` is the task that owns the node.
  /** @internal */ task: GraphTask | null = null;
  /** @internal consumers that have not brought their term yet */
  dependencies = 0;
  /** @internal pending gradient of output 0 */
  buffer: Tensor | null = null;
  /** @internal the buffer is a sum made here, that nobody else holds */
  bufferOwned = false;
  /** @internal pending gradients of outputs 1 and up */
  buffers: (Tensor | null)[] | null = null;
  /** @internal */ needed = true;

  /** @internal */
  constructor(kind: NodeKind, shape: Shape, dtype: DType, sink: boolean, variable: Tensor | null) {
    this.kind = kind;
    this.edges = NO_EDGES;
    this.shape = shape;
    this.dtype = dtype;
    this.sequence = sink ? SINK_PRIORITY : nextSequence++;
    this.site = callSite.cell[0]!;
    this.variable = variable;
  }

  name(): string {
    return this.kind.gradFnName;
  }

  /** Position in the order of creation; sinks answer 2⁶⁴. */
  get sequence_nr(): number {
    return this.sequence;
  }

  /** `[function, input_nr]` for each input; `[null, 0]` where an input takes no gradient. */
  get next_functions(): [Node | null, number][] {
    return this.edges.map((node, i) => [node, this.edgeNumbers?.[i] ?? 0]);
  }

  /** Runs after the node: may replace the gradients it sends on. */
  register_hook(fn: NodePostHook): RemovableHandle {
    return addHook(hooksOf(this).post, fn);
  }

  /** Runs before the node: may replace the gradients that arrived. */
  register_prehook(fn: NodePrehook): RemovableHandle {
    return addHook(hooksOf(this).pre, fn);
  }

  toString(): string {
    return `<${this.name()} object at ${addressOfNode(this)}>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const addresses = new WeakMap<Node, string>();

function addressOfNode(node: Node): string {
  let address = addresses.get(node);
  if (address === undefined) {
    address = "0x" + (0x7f3a_5c00_0000 + 64 * nextId++).toString(16);
    addresses.set(node, address);
  }
  return address;
}
