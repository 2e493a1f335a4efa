/** @file The one place that runs kernels, records nodes and tells the observer. */
import { connect, gradEdge, needsGrad } from "../autograd/edges.js";
import { mode } from "../autograd/grad_mode.js";
import { notImplemented } from "../autograd/kinds.js";
import { Node } from "../autograd/node.js";
import { observer } from "../observe.js";
import type { CreationMeta, Tensor } from "../tensor.js";
import type { Op } from "./op.js";
import {
  allInputs,
  differentiable,
  edgeInputs,
  gradMask,
  type Kernel,
  type Operand,
  save,
  setHistory,
} from "./record.js";

/** Runs an op of one tensor. The hot path: nothing is allocated but the result, its node and edges. */
export function call1(op: Op, self: Tensor, p0?: unknown, p1?: unknown, p2?: unknown, p3?: unknown): Tensor {
  const out = (op.kernel as Kernel)(self, p0, p1, p2, p3);
  if (mode.grad && needsGrad(self) && differentiable(out.dtype)) {
    const node = new Node(op, out._shape, out.dtype, false, null);
    const edge = gradEdge(self);
    node.edges = [edge];
    if (self._outputNr !== 0) node.edgeNumbers = [self._outputNr];
    if (op.slots.length !== 0) node.saved = save(op, 1, node, out, [self, p0, p1, p2, p3]);
    setHistory(out, node, 0);
  } else if (mode.inference) out._inference = true;
  if (observer !== null) observer.onOp?.(op.base, allInputs(op, [self, p0, p1, p2, p3]), [out], out._gradFn);
  return out;
}

/** Runs an op of two operands, the second of which may be a number. */
export function call2(op: Op, self: Tensor, other: Tensor | number, p0?: unknown, p1?: unknown): Tensor {
  const out = (op.kernel as Kernel)(self, other, p0, p1);
  if (mode.grad) {
    const second = typeof other !== "number" && needsGrad(other);
    const mask = (needsGrad(self) ? 1 : 0) | (second ? 2 : 0);
    if (mask !== 0 && differentiable(out.dtype)) {
      const node = new Node(op, out._shape, out.dtype, false, null);
      const e0 = (mask & 1) !== 0 ? gradEdge(self) : null;
      const e1 = second ? gradEdge(other as Tensor) : null;
      node.edges = [e0, e1];
      const n0 = e0 === null ? 0 : self._outputNr;
      const n1 = e1 === null ? 0 : (other as Tensor)._outputNr;
      if (n0 !== 0 || n1 !== 0) node.edgeNumbers = [n0, n1];
      if (op.slots.length !== 0) node.saved = save(op, mask, node, out, [self, other, p0, p1]);
      setHistory(out, node, 0);
    }
  } else if (mode.inference) out._inference = true;
  if (observer !== null) observer.onOp?.(op.base, allInputs(op, [self, other, p0, p1]), [out], out._gradFn);
  return out;
}

/** Runs any op: `args` in the schema's order, tensor lists as arrays. */
export function call(op: Op, ...args: unknown[]): Tensor {
  const out = (op.kernel as Kernel)(...args);
  record(op, args, [out], 1);
  return out;
}

/**
 * Runs an op of several outputs. The first `differentiableOutputs` of them get the node; the others (an
 * index, a count) come after the op's own arguments, for formulas to use.
 */
export function callMulti(op: Op, differentiableOutputs: number, ...args: unknown[]): Tensor[] {
  const outs = (op.kernel as unknown as (...a: unknown[]) => Tensor[])(...args);
  record(op, [...args, ...outs.slice(differentiableOutputs)], outs, differentiableOutputs);
  return outs;
}

function record(op: Op, args: readonly unknown[], outs: readonly Tensor[], outputs: number): void {
  const out = outs[0]!;
  const mask = mode.grad && differentiable(out.dtype) ? gradMask(op, args) : 0;
  let node: Node | null = null;
  if (mask !== 0) {
    node = new Node(op, out._shape, out.dtype, false, null);
    connect(node, edgeInputs(op, args));
    node.saved = save(op, mask, node, out, args);
    for (let i = 0; i < outputs; i++) setHistory(outs[i]!, node, i);
    if (outputs > 1) node.outputs = outs.slice(0, outputs).map((o) => ({ shape: o._shape, dtype: o.dtype }));
  }
  if (mode.inference) for (const o of outs) o._inference = true;
  if (observer !== null) observer.onOp?.(op.base, allInputs(op, args), outs, node);
}

/** Runs an op whose result is a window on its input's memory. */
export function callView(
  op: Op,
  self: Tensor,
  p0?: unknown,
  p1?: unknown,
  p2?: unknown,
  p3?: unknown,
): Tensor {
  const out = call1(op, self, p0, p1, p2, p3);
  linkView(out, self, viewCreation());
  return out;
}

function viewCreation(): CreationMeta {
  if (mode.inference) return "inference";
  return mode.grad ? "default" : "no_grad";
}

function linkView(out: Tensor, self: Tensor, creation: CreationMeta): void {
  const parent = self._view;
  const kept = parent !== null && parent.creation !== "default" ? parent.creation : creation;
  out._view = { base: parent?.base ?? self, version: out._storage.version, creation: kept };
}

/** Several windows at once (`unbind`, `split`). */
export function callViews(op: Op, self: Tensor, p0?: unknown, p1?: unknown): Tensor[] {
  const outs = (op.kernel as unknown as (...a: unknown[]) => Tensor[])(self, p0, p1);
  record(op, [self, p0, p1], outs, outs.length);
  for (const out of outs) linkView(out, self, mode.grad ? "multi_output" : viewCreation());
  return outs;
}

/** Runs an op that PyTorch gives no derivative: fine forwards, refused by the engine backwards. */
export function callUndifferentiable(name: string, inputs: readonly (Tensor | null)[], out: Tensor): Tensor {
  let node: Node | null = null;
  if (mode.grad && differentiable(out.dtype) && inputs.some((t) => t !== null && needsGrad(t))) {
    node = new Node(notImplemented, out._shape, out.dtype, false, null);
    node.extra = name;
    connect(node, inputs);
    setHistory(out, node, 0);
  }
  return finish(name, inputs, out, node);
}

/** Tells the observer about an op without a node (comparisons, `argmax` …). */
export function finish(
  name: string,
  inputs: readonly (Tensor | null)[],
  out: Tensor,
  node: Node | null = null,
): Tensor {
  if (mode.inference) out._inference = true;
  if (observer !== null) observer.onOp?.(name, inputs, [out], node);
  return out;
}

/** Whether an op over these inputs is to be recorded. */
export function recording(inputs: readonly Operand[]): boolean {
  return mode.grad && inputs.some((t) => t !== null && typeof t !== "number" && needsGrad(t));
}
