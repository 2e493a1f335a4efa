/** @file The value of a graph, computed again in double precision from given values of its leaves. */
import type { FunctionContext } from "../autograd/function.js";
import { mode } from "../autograd/grad_mode.js";
import { copySlices } from "../autograd/kinds.js";
import type { Node } from "../autograd/node.js";
import { DType, float64 } from "../dtype.js";
import { cloneOf, contiguousOf, copyInto } from "../kernels/copy.js";
import { expand, window } from "../kernels/views.js";
import { ops } from "../ops/op.js";
import type { Geometry } from "../ops/schema.js";
import { defaultGenerator } from "../random/generator.js";
import { contiguousStrides } from "../shape.js";
import { Tensor } from "../tensor.js";
import { type Call, type CallTape, toDouble } from "./calls.js";

/** All outputs of a node, or what a leaf holds. */
export type Value = readonly Tensor[];

/** The value of what an edge leads to. */
export type ValueOf = (node: Node) => Value;

/** A node whose value can't be computed again; the message says why, and ends a sentence. */
export class NotReplayable extends Error {
  override readonly name = "NotReplayable";

  constructor(
    readonly node: Node,
    reason: string,
  ) {
    super(reason);
  }
}

interface SliceWrite {
  readonly fn: Node;
  readonly base: Geometry;
  readonly view: Geometry;
}

/**
 * The outputs of `node` in float64, where the inputs that have an edge take their value from `valueAt` and all
 * others are as they were.
 * @param saved what the node had saved, by name, for views that were made anew after a write
 * @throws NotReplayable
 */
export function evaluateNode(
  tape: CallTape,
  node: Node,
  valueAt: ValueOf,
  saved: ReadonlyMap<string, unknown>,
): Value {
  const grad = mode.grad;
  mode.grad = false;
  try {
    if (node.kind === copySlices) return [slices(tape, node, valueAt)];
    const call = tape.of(node);
    if (call !== undefined) return evaluateCall(node, call, (i) => edgeValue(node, i, valueAt));
    if (node.kind === ops.as_strided) return [strided(node, valueAt, saved)];
    throw new NotReplayable(node, "what it was called with is not known");
  } finally {
    mode.grad = grad;
  }
}

/** The same, with each input's own value in double precision in the place of `valueAt`'s, but for replaced ones. */
export function evaluateAlone(
  tape: CallTape,
  node: Node,
  replaced: (input: number, own: Tensor) => Tensor,
): Value | null {
  const call = tape.of(node);
  if (call === undefined) return null;
  const grad = mode.grad;
  mode.grad = false;
  try {
    return evaluateCall(node, call, () => null, replaced);
  } finally {
    mode.grad = grad;
  }
}

function edgeValue(node: Node, i: number, valueAt: ValueOf): Tensor | null {
  const next = node.edges[i] ?? null;
  if (next === null) return null;
  return valueAt(next)[node.edgeNumbers?.[i] ?? 0] ?? null;
}

/** @param fromEdge the value that comes along the i-th edge, or null for the argument's own */
function evaluateCall(
  node: Node,
  call: Call,
  fromEdge: (edge: number) => Tensor | null,
  replaced: (edge: number, own: Tensor) => Tensor = (_, own) => own,
): Value {
  let edge = 0;
  const take = (own: Tensor): Tensor => {
    const at = edge++;
    return fromEdge(at) ?? replaced(at, toDouble(own, float64));
  };
  if (call.kind === "copy") {
    const [self, src] = call.args.map((arg) => take(arg as Tensor));
    return [cloneOf(expand(src!, self!._shape))];
  }
  if (call.kind === "custom") {
    // Edges of a custom function: one for each tensor among its arguments.
    return custom(
      node,
      call,
      call.args.map((arg) => (arg instanceof Tensor ? take(arg) : arg)),
    );
  }
  const { op, kernel } = call;
  const args = call.args.map((arg, i) => {
    if (!op.inputs.includes(i)) return plain(arg);
    if (Array.isArray(arg)) return arg.map((each: Tensor) => take(each));
    if (arg instanceof Tensor) return take(arg);
    edge++;
    return arg;
  });
  const result = kernel(...args);
  return Array.isArray(result) ? result : [result];
}

/** Arguments that no gradient flows to: tensors in double precision, and no rounding to single on the way. */
function plain(arg: unknown): unknown {
  if (arg instanceof Tensor) return toDouble(arg, float64);
  if (arg instanceof DType) return arg.is_floating_point ? float64 : arg;
  return Array.isArray(arg) ? arg.map(plain) : arg;
}

/** Runs the user's forward again, with a context that nobody reads. */
function custom(node: Node, { owner }: Extract<Call, { kind: "custom" }>, args: readonly unknown[]): Value {
  const { ctx } = node.extra as { readonly ctx: FunctionContext };
  const Context = ctx.constructor as new (needs: readonly boolean[]) => FunctionContext;
  const fresh = new Context(ctx.needs_input_grad);
  const before = defaultGenerator.stateBytes();
  let result: unknown;
  try {
    result = owner.setup_context === undefined ? owner.forward(fresh, ...args) : owner.forward(...args);
  } catch (error) {
    throw new NotReplayable(node, `its forward throws in double precision (${(error as Error).message})`);
  }
  if (!sameState(before, defaultGenerator.stateBytes())) {
    defaultGenerator.setStateBytes(before);
    throw new NotReplayable(node, "its forward draws random numbers");
  }
  const outs = (Array.isArray(result) ? result : [result]).filter((each) => each instanceof Tensor);
  return outs.map((each) => toDouble(each, float64));
}

function sameState(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}

/** A view that was made anew after a write through another view of its base. */
function strided(node: Node, valueAt: ValueOf, saved: ReadonlyMap<string, unknown>): Tensor {
  const base = edgeValue(node, 0, valueAt);
  const geometry = saved.get("self_geometry") as Geometry | undefined;
  const size = saved.get("size") as readonly number[] | undefined;
  const stride = saved.get("stride") as readonly number[] | undefined;
  const offset = saved.get("storage_offset") as number | undefined;
  if (base === null || geometry === undefined || size === undefined || stride === undefined) {
    throw new NotReplayable(node, "the view that it stands for is not known");
  }
  refuseGaps(node, geometry);
  const memory = contiguousOf(base);
  return cloneOf(window(memory, size, stride, (offset ?? geometry.offset) - geometry.offset));
}

/** The base after a write through a view of it. */
function slices(tape: CallTape, node: Node, valueAt: ValueOf): Tensor {
  const { fn, base, view } = node.extra as SliceWrite;
  refuseGaps(node, base);
  const call = tape.of(fn);
  if (call === undefined) throw new NotReplayable(node, "the write through a view is not known");
  const before = edgeValue(node, 0, valueAt) ?? call.base;
  if (before === null) throw new NotReplayable(node, "what the view's base held is not known");
  const whole = toDouble(contiguousOf(before), float64);
  const target = window(whole, view.shape, view.strides, view.offset - base.offset);
  const first = cloneOf(target);
  const [result] = evaluateCall(fn, call, (i) => (i === 0 ? first : edgeValue(node, i, valueAt)));
  copyInto(target, expand(result!, target._shape), float64);
  return whole;
}

function refuseGaps(node: Node, { shape, strides }: Geometry): void {
  const dense = contiguousStrides(shape);
  if (strides.some((stride, d) => shape[d] !== 1 && stride !== dense[d])) {
    throw new NotReplayable(node, "it writes through a view of memory that is not in order");
  }
}

/** A copy in double precision, moved by `by` times `direction`, which has an entry for each element, row-major. */
export function moved(tensor: Tensor, direction: ArrayLike<number>, by: number): Tensor {
  const result = toDouble(contiguousOf(tensor), float64);
  const { data } = result._storage;
  for (let i = 0; i < direction.length; i++) {
    const step = by * direction[i]!;
    if (step !== 0) data[result._offset + i] = Number(data[result._offset + i]) + step;
  }
  return result;
}
