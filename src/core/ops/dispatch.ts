/** @file The one place that runs kernels, records nodes and tells the observer. */
import { checkInplace, connect, gradEdge, gradFnOf, needsGrad } from "../autograd/edges.js";
import { mode } from "../autograd/grad_mode.js";
import { hooksOf } from "../autograd/hooks.js";
import { copySlices, notImplemented } from "../autograd/kinds.js";
import { Node, type NodeKind } from "../autograd/node.js";
import { PACKED, savedHooks } from "../autograd/packed.js";
import { pack } from "../autograd/saved_hooks.js";
import { canCast, type DType, KIND_FLOAT } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import { copyInto } from "../kernels/copy.js";
import { observer } from "../observe.js";
import { formatShape, isExpandable, sameShape } from "../shape.js";
import { type CreationMeta, Tensor } from "../tensor.js";
import { isTensor, type Op, savedForm } from "./op.js";
import { refuseOverlap } from "./overlap.js";

type Operand = Tensor | number | null;
type Kernel = (...args: unknown[]) => Tensor;

const INFERENCE_SAVED =
  "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in " +
  "computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use " +
  "it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`.";

/** Version of a number saved where a tensor could stand: PyTorch keeps a 0-dim tensor, and frees it. */
const SAVED_NUMBER = -2;

/** Keeps what the derivatives of the inputs in `mask` (bit i: input i takes a gradient) will read. */
function save(op: Op, mask: number, node: Node, out: Tensor, args: readonly unknown[]): unknown[] | null {
  const slots = op.slots;
  if (slots.length === 0) return null;
  const saved: unknown[] = [];
  for (let k = 0; k < slots.length; k++) {
    const slot = slots[k]!;
    if ((slot.neededFor & mask) === 0) {
      saved.push(undefined, -1);
      continue;
    }
    const value = slot.arg < 0 ? out : args[slot.arg];
    if (slot.what !== 0) saved.push(savedForm(slot, value), -1);
    else if (typeof value === "object" && isTensor(value)) {
      if (value._inference) throw new RuntimeError(INFERENCE_SAVED);
      saved.push(value, value._storage.version);
    } else saved.push(value, op.argKinds[slot.arg] === "operand" ? SAVED_NUMBER : -1);
  }
  if (savedHooks.top !== null) packAll(op, node, saved);
  return saved;
}

/** Puts the tensors through the pack hook in PyTorch's order: by name, the result last. */
function packAll(op: Op, node: Node, saved: unknown[]): void {
  const byName = op.slots
    .map((slot, k) => ({ slot, k }))
    .sort((a, b) => Number(a.slot.arg < 0) - Number(b.slot.arg < 0) || (a.slot.name < b.slot.name ? -1 : 1));
  for (const { slot, k } of byName) {
    if ((saved[2 * k + 1] as number) < 0) continue;
    saved[2 * k] = pack(saved[2 * k] as Tensor, slot.arg < 0 ? node : null);
    saved[2 * k + 1] = PACKED;
  }
}

/** Makes `node` the origin of a fresh output. */
function setHistory(out: Tensor, node: Node, outputNr: number): void {
  out._gradFn = node;
  out._outputNr = outputNr;
  out._requiresGrad = true;
}

/** Which differentiable inputs take a gradient, as bits. Lists count as one input. */
function gradMask(op: Op, args: readonly unknown[]): number {
  let mask = 0;
  for (let i = 0; i < op.inputs.length; i++) {
    const value = args[op.inputs[i]!];
    if (typeof value !== "object" || value === null) continue;
    if (isTensor(value) ? needsGrad(value) : (value as Tensor[]).some(needsGrad)) mask |= 1 << i;
  }
  return mask;
}

/** Tensors that stand behind the edges of `op`, in order; plain numbers and absent tensors are null. */
function edgeInputs(op: Op, args: readonly unknown[]): (Tensor | null)[] {
  const inputs: (Tensor | null)[] = [];
  for (const i of op.inputs) {
    const value = args[i];
    if (Array.isArray(value)) inputs.push(...(value as Tensor[]));
    else inputs.push(isTensor(value) ? value : null);
  }
  return inputs;
}

/** All tensor arguments, for the observer. */
function allInputs(op: Op, args: readonly unknown[]): (Tensor | null)[] {
  const inputs: (Tensor | null)[] = [];
  op.argKinds.forEach((kind, i) => {
    const value = args[i];
    if (kind === "tensors") inputs.push(...(value as Tensor[]));
    else if (kind !== "attr") inputs.push(isTensor(value) ? value : null);
  });
  return inputs;
}

function differentiable(dtype: DType): boolean {
  return dtype.kind === KIND_FLOAT;
}

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

/** Whether an op over these inputs is to be recorded. */
export function recording(inputs: readonly Operand[]): boolean {
  return mode.grad && inputs.some((t) => t !== null && typeof t !== "number" && needsGrad(t));
}

/** Refuses shapes that do not broadcast to `self` in an in-place op. */
export function checkBroadcastsTo(self: Tensor, other: Tensor): void {
  if (!isExpandable(other._shape, self._shape)) {
    throw new RuntimeError(
      `The size of tensor a (${self._shape.at(-1)}) must match the size of tensor b (${other._shape.at(-1)}) at non-singleton dimension ${self._shape.length - 1}`,
    );
  }
}
