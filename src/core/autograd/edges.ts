/** @file Which function a tensor's gradient flows to, and the history of views that were written to. */
import { RuntimeError } from "../errors.js";
import { ops } from "../ops/op.js";
import type { Tensor } from "../tensor.js";
import { mode } from "./grad_mode.js";
import { accumulateGrad } from "./kinds.js";
import { Node } from "./node.js";

/** Whether operations on `t` are to be recorded. */
export function needsGrad(t: Tensor): boolean {
  return t._requiresGrad || (t._view !== null && needsGrad(t._view.base));
}

/** `t.grad_fn`, brought up to date where `t` is a view of memory written to since. */
export function gradFnOf(t: Tensor): Node | null {
  const view = t._view;
  if (view === null || view.version === t._storage.version) return t._gradFn;
  if (!needsGrad(view.base) || t._inference) return t._gradFn;
  // PyTorch regenerates the view from its base, as a strided window.
  const node = new Node(ops.as_strided, t._shape, t.dtype, false, null);
  const base = view.base;
  const slots = ops.as_strided.slots;
  const geometry = { shape: base._shape, strides: base._strides, offset: base._offset };
  const values: { readonly [name: string]: unknown } = {
    self_geometry: geometry,
    size: t._shape,
    stride: t._strides,
    storage_offset: t._offset,
  };
  node.saved = slots.flatMap((slot) => [values[slot.name], -1]);
  connect(node, [base]);
  t._gradFn = node;
  t._outputNr = 0;
  t._requiresGrad = true;
  view.version = t._storage.version;
  return node;
}

/** The function that receives `t`'s gradient: its `grad_fn`, or a leaf's sink; null where none is wanted. */
export function gradEdge(t: Tensor): Node | null {
  const fn = t._view === null ? t._gradFn : gradFnOf(t);
  if (fn !== null) return fn;
  if (!t._requiresGrad) return null;
  t._accumulator ??= new Node(accumulateGrad, t._shape, t.dtype, true, t);
  return t._accumulator;
}

/** Points the edges of `node` at the inputs' functions, in order. */
export function connect(node: Node, inputs: readonly (Tensor | null)[]): void {
  const edges: (Node | null)[] = [];
  let numbers: number[] | null = null;
  for (let i = 0; i < inputs.length; i++) {
    const t = inputs[i]!;
    const edge = t === null ? null : gradEdge(t);
    edges.push(edge);
    if (edge !== null && t !== null && t._outputNr !== 0) {
      numbers ??= new Array<number>(inputs.length).fill(0);
      numbers[i] = t._outputNr;
    }
  }
  node.edges = edges;
  node.edgeNumbers = numbers;
}

/** Refuses in-place writes that autograd could not follow. Before the write. */
export function checkInplace(t: Tensor): void {
  if (t._inference && !mode.inference) {
    throw new RuntimeError(
      "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone to get a " +
        "normal tensor before doing inplace update.See https://github.com/pytorch/rfcs/pull/17 for more details.",
    );
  }
  if (!mode.grad || !needsGrad(t)) {
    if (mode.grad && t._view !== null) checkViewCreation(t);
    return;
  }
  const view = t._view;
  if (view !== null) {
    checkViewCreation(t);
    // The base is a leaf, whether it is the one that requires grad or only the view of it does.
    if (gradFnOf(view.base) === null) {
      throw new RuntimeError(
        "a view of a leaf Variable that requires grad is being used in an in-place operation.",
      );
    }
  } else if (t._gradFn === null) {
    throw new RuntimeError("a leaf Variable that requires grad is being used in an in-place operation.");
  }
}

function checkViewCreation(t: Tensor): void {
  const view = t._view!;
  if (view.creation === "default" || !mode.grad) return;
  if (view.creation === "multi_output") {
    const name = t._gradFn?.name().replace(/Backward\d+$/, "") ?? "Unbind";
    throw new RuntimeError(
      `Output ${t._outputNr} of ${name} is a view and is being modified inplace. This view is the output of a ` +
        "function that returns multiple views. Such functions do not allow the output views to be modified " +
        "inplace. You should replace the inplace operation by an out-of-place one.",
    );
  }
  if (view.creation === "no_grad" || view.creation === "inference") {
    const where = view.creation === "no_grad" ? "no_grad mode" : "inference mode";
    const block = view.creation === "no_grad" ? "no_grad block" : "inference_mode block";
    throw new RuntimeError(
      `A view was created in ${where} and is being modified inplace with grad mode enabled. Given that this ` +
        "use case is ambiguous and error-prone, it is forbidden. You can clarify your code by moving both the " +
        `view and the inplace either both inside the ${block} (if you don't want the inplace to be tracked) or ` +
        "both outside (if you want the inplace to be tracked).",
    );
  }
}

export function derivativeNotImplemented(name: string): RuntimeError {
  return new RuntimeError(`derivative for aten::${name} is not implemented`);
}
