/** @file What a recorded op keeps, and how its result gets its history. */
import { needsGrad } from "../autograd/edges.js";
import type { Node } from "../autograd/node.js";
import { PACKED, savedHooks } from "../autograd/packed.js";
import { pack } from "../autograd/saved_hooks.js";
import { type DType, KIND_FLOAT } from "../dtype.js";
import { RuntimeError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { isTensor, type Op, savedForm } from "./op.js";

export type Operand = Tensor | number | null;
export type Kernel = (...args: unknown[]) => Tensor;

const INFERENCE_SAVED =
  "Inference tensors cannot be saved for backward. Please do not use Tensors created in inference mode in " +
  "computation tracked by autograd. To work around this, you can make a clone to get a normal tensor and use " +
  "it in autograd, or use `torch.no_grad()` instead of `torch.inference_mode()`.";

/** Version of a number saved where a tensor could stand: PyTorch keeps a 0-dim tensor, and frees it. */
const SAVED_NUMBER = -2;

/** Keeps what the derivatives of the inputs in `mask` (bit i: input i takes a gradient) will read. */
export function save(
  op: Op,
  mask: number,
  node: Node,
  out: Tensor,
  args: readonly unknown[],
): unknown[] | null {
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
export function setHistory(out: Tensor, node: Node, outputNr: number): void {
  out._gradFn = node;
  out._outputNr = outputNr;
  out._requiresGrad = true;
}

/** Which differentiable inputs take a gradient, as bits. Lists count as one input. */
export function gradMask(op: Op, args: readonly unknown[]): number {
  let mask = 0;
  for (let i = 0; i < op.inputs.length; i++) {
    const value = args[op.inputs[i]!];
    if (typeof value !== "object" || value === null) continue;
    if (isTensor(value) ? needsGrad(value) : (value as Tensor[]).some(needsGrad)) mask |= 1 << i;
  }
  return mask;
}

/** Tensors that stand behind the edges of `op`, in order; plain numbers and absent tensors are null. */
export function edgeInputs(op: Op, args: readonly unknown[]): (Tensor | null)[] {
  const inputs: (Tensor | null)[] = [];
  for (const i of op.inputs) {
    const value = args[i];
    if (Array.isArray(value)) inputs.push(...(value as Tensor[]));
    else inputs.push(isTensor(value) ? value : null);
  }
  return inputs;
}

/** All tensor arguments, for the observer. */
export function allInputs(op: Op, args: readonly unknown[]): (Tensor | null)[] {
  const inputs: (Tensor | null)[] = [];
  op.argKinds.forEach((kind, i) => {
    const value = args[i];
    if (kind === "tensors") inputs.push(...(value as Tensor[]));
    else if (kind !== "attr") inputs.push(isTensor(value) ? value : null);
  });
  return inputs;
}

export function differentiable(dtype: DType): boolean {
  return dtype.kind === KIND_FLOAT;
}
