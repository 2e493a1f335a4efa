/** @file Ops that write: checks, the write itself, and the new history of what was written to. */
import { checkInplace, connect, gradEdge, gradFnOf } from "../autograd/edges.js";
import { mode } from "../autograd/grad_mode.js";
import { hooksOf } from "../autograd/hooks.js";
import { copySlices } from "../autograd/kinds.js";
import { Node, type NodeKind } from "../autograd/node.js";
import { canCast } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import { copyInto } from "../kernels/copy.js";
import { observer } from "../observe.js";
import { formatShape, isExpandable, sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { isTensor, type Op } from "./op.js";
import { refuseOverlap } from "./overlap.js";
import { allInputs, differentiable, edgeInputs, gradMask, type Kernel, save, setHistory } from "./record.js";

/** Checks and announces a write into `self`'s memory. */
export function beforeWrite(self: Tensor): void {
  checkInplace(self);
  if (observer !== null) observer.onBeforeWrite?.(self);
}

/** Runs an op in place: computes, writes the result over `self`, and gives `self` the new history. */
export function callInplace(op: Op, self: Tensor, ...rest: unknown[]): Tensor {
  beforeWrite(self);
  const args: unknown[] = [self, ...rest];
  for (const other of rest) {
    if (typeof other === "object" && isTensor(other)) refuseOverlap(self, other);
  }
  const mask = mode.grad && differentiable(self.dtype) ? gradMask(op, args) : 0;
  // A formula that reads `self` means the value before the write, which is about to go.
  const readsSelf = op.slots.some((s) => s.arg === 0 && s.what === 0 && (s.neededFor & mask) !== 0);
  const result = (op.kernel as Kernel)(...args);
  if (!canCast(result.dtype, self.dtype)) {
    throw new RuntimeError(
      `result type ${result.dtype.scalarName} can't be cast to the desired output type ${self.dtype.scalarName}`,
    );
  }
  if (!sameShape(result._shape, self._shape)) {
    throw new RuntimeError(
      `output with shape ${formatShape(self._shape)} doesn't match the broadcast shape ${formatShape(result._shape)}`,
    );
  }
  if (mask === 0) {
    write(self, result);
    if (observer !== null) observer.onOp?.(op.base + "_", allInputs(op, args), [self], null);
    return self;
  }
  const node = new Node(op, self._shape, self.dtype, false, null);
  connect(node, edgeInputs(op, args));
  if (readsSelf) args[0] = snapshot(self);
  const before = self._storage.version;
  write(self, result);
  node.saved = save(op, mask, node, self, args);
  if (node.saved !== null) datedBack(op, node.saved, self, before);
  rebaseHistory(self, node);
  if (observer !== null) observer.onOp?.(op.base + "_", allInputs(op, args), [self], node);
  return self;
}

/** Another argument in the same memory was saved before the write: backward must find it modified. */
function datedBack(op: Op, saved: unknown[], self: Tensor, version: number): void {
  op.slots.forEach((slot, k) => {
    const value = saved[2 * k];
    if (slot.arg > 0 && (saved[2 * k + 1] as number) >= 0 && (value as Tensor)._storage === self._storage) {
      saved[2 * k + 1] = version;
    }
  });
}

function snapshot(self: Tensor): Tensor {
  const copy = new Tensor(
    copyInto(null, self, self.dtype)._storage,
    self._shape,
    self._strides,
    0,
    self._contiguous,
  );
  if (self._contiguous) return copy;
  return copyInto(null, self, self.dtype);
}

function write(self: Tensor, result: Tensor): void {
  copyInto(self, result, self.dtype);
  self._storage.version++;
}

/** Gives a written-to tensor its new origin; through a view, the base gets it. */
export function rebaseHistory(self: Tensor, node: Node): void {
  const view = self._view;
  if (view === null) {
    const retained = self._hooks?.retainsGrad === true ? self._gradFn : null;
    const outputNr = self._outputNr;
    setHistory(self, node, 0);
    if (retained !== null) moveRetainedGrad(self, outputNr, retained, node);
    return;
  }
  const base = view.base;
  const slices = new Node(copySlices, base._shape, base.dtype, false, null);
  const baseEdge = gradEdge(base);
  slices.edges = [baseEdge, ...node.edges.slice(1)];
  slices.edgeNumbers = [
    baseEdge === null ? 0 : base._outputNr,
    ...(node.edgeNumbers?.slice(1) ?? node.edges.slice(1).map(() => 0)),
  ];
  slices.extra = {
    fn: node,
    base: { shape: base._shape, strides: base._strides, offset: base._offset },
    view: { shape: self._shape, strides: self._strides, offset: self._offset },
  };
  base._gradFn = slices;
  base._outputNr = 0;
  base._requiresGrad = true;
  gradFnOf(self);
}

/** `retain_grad` follows the tensor to its new node. */
function moveRetainedGrad(self: Tensor, outputNr: number, from: Node, to: Node): void {
  from.hooks?.retains.delete(outputNr);
  hooksOf(to).retains.set(0, self);
}

/** A hand-made node for an in-place op outside the table (`copy_`); `rebaseHistory` hangs it in after the write. */
export function inplaceNode(
  kind: NodeKind,
  self: Tensor,
  inputs: readonly (Tensor | null)[],
  extra: unknown,
): Node {
  const node = new Node(kind, self._shape, self.dtype, false, null);
  connect(node, inputs);
  node.extra = extra;
  return node;
}

/** Refuses shapes that do not broadcast to `self` in an in-place op. */
export function checkBroadcastsTo(self: Tensor, other: Tensor): void {
  if (!isExpandable(other._shape, self._shape)) {
    throw new RuntimeError(
      `The size of tensor a (${self._shape.at(-1)}) must match the size of tensor b (${other._shape.at(-1)}) at non-singleton dimension ${self._shape.length - 1}`,
    );
  }
}
