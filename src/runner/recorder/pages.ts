/** @file Whole tensors for those who ask: found by reference, handed out in pages. */
import { _C, type Tensor } from "../../core/index.js";
import type { TensorPage, TensorReference } from "../../protocol/control.js";
import type { Bindings } from "./bindings.js";
import type { Pass } from "./pass.js";
import { visitElements } from "./wire.js";

/** The tensor that a reference means, or null where it is no longer held as it was. */
export function tensorOf(
  reference: TensorReference,
  passAt: (index: number) => Pass | undefined,
  bindings: Bindings,
): Tensor | null {
  if (reference.of === "binding") {
    const tensor = bindings.at(reference.site) ?? null;
    return reference.grad ? (tensor?._grad ?? null) : tensor;
  }
  const pass = passAt(reference.pass);
  if (pass === undefined) return null;
  if (reference.of === "grad_in" || reference.of === "grad_out") {
    const step = pass.steps[reference.step];
    return (reference.of === "grad_in" ? step?.gradIn : step?.gradOut)?.[reference.slot] ?? null;
  }
  const entry = pass.layout?.entries[reference.node];
  if (entry === undefined) return null;
  if (entry.kind === "constant") {
    return reference.of === "grad" ? null : (pass.constants.get(entry.tensor)?.whole ?? null);
  }
  if (reference.of === "grad") return pass.grads.get(entry.node)?.held.whole ?? null;
  if (entry.kind === "function") return entry.op?.output ?? null;
  return pass.values.get(entry.node)?.whole ?? null;
}

export function pageOf(tensor: Tensor, offset: number, count: number): TensorPage {
  const numel = tensor._numel;
  const from = Math.min(offset, numel);
  const to = Math.min(from + count, numel);
  const { name } = tensor.dtype;
  const length = to - from;
  const data =
    name === "int64"
      ? new BigInt64Array(length)
      : name === "float32"
        ? new Float32Array(length)
        : new Float64Array(length);
  if (data instanceof BigInt64Array) fillBig(tensor, data, from);
  else {
    visitElements(
      tensor,
      (value, i) => {
        data[i - from] = value;
      },
      from,
      to,
    );
  }
  return { shape: [...tensor._shape], dtype: name, numel, offset: from, data, text: _C.repr(tensor) };
}

/** int64 beyond 2⁵³ keeps its digits. */
function fillBig(tensor: Tensor, data: BigInt64Array, from: number): void {
  const memory = _C.memoryOf(tensor);
  for (let i = 0; i < data.length; i++) {
    let rest = from + i;
    let at = memory.offset;
    for (let d = memory.shape.length - 1; d >= 0; d--) {
      at += (rest % memory.shape[d]!) * memory.strides[d]!;
      rest = Math.floor(rest / memory.shape[d]!);
    }
    data[i] = BigInt(memory.data[at]!);
  }
}
