/** @file Running a node's hooks around its step, in PyTorch's order. */
import { PyTypeError, pythonTypeName, RuntimeError } from "../errors.js";
import { B, binary } from "../kernels/binary.js";
import { cloneOf } from "../kernels/copy.js";
import { sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { differentiable } from "./differentiable.js";
import { mode } from "./grad_mode.js";
import type { Gradients } from "./hooks.js";
import type { Node } from "./node.js";

/** Tensor hooks in order of registration, then retained gradients, so that `.grad` sees what hooks made of it. */
export function runTensorHooks(node: Node, grads: Gradients): Gradients {
  const out = grads.slice();
  for (const { outputNr, hooks } of node.hooks!.tensorPre) {
    for (const { fn } of [...hooks]) {
      const grad = out[outputNr] ?? null;
      if (grad === null) continue;
      const next = fn(grad);
      if (next !== undefined && next !== null) out[outputNr] = next;
    }
  }
  for (const [outputNr, tensor] of node.hooks!.retains) {
    const grad = out[outputNr] ?? null;
    if (grad === null) continue;
    // As a leaf's: later passes add to it, into a tensor of its own.
    const before = tensor._grad;
    if (before === null) tensor._grad = mode.grad ? grad : cloneOf(grad);
    else tensor._grad = mode.grad ? differentiable.add(before, grad) : binary(B.add, before, grad);
  }
  return out;
}

type Hook = { readonly name: string };
const nameOf = (hook: Hook): string => (hook.name === "" ? "<lambda>" : hook.name);
const typeOf = (value: unknown): string => (value instanceof Tensor ? "Tensor" : pythonTypeName(value));

/** Refuses what a hook made of `grad`, unless it is a tensor of the same size and type. */
export function checkHookResult(hook: Hook, grad: Tensor | null, next: unknown): void {
  if (next === null || next === undefined) return;
  if (!(next instanceof Tensor)) {
    throw new PyTypeError(`expected Variable, but hook returned '${typeOf(next)}'`);
  }
  if (grad === null) return;
  if (next.dtype !== grad.dtype) {
    throw new RuntimeError(
      `hook '${nameOf(hook)}' has changed the type of value (was torch.${grad.dtype.scalarName}Tensor got torch.${next.dtype.scalarName}Tensor)`,
    );
  }
  if (!sameShape(next._shape, grad._shape)) {
    throw new RuntimeError(`hook '${nameOf(hook)}' has changed the size of value`);
  }
}

/** What a node's hook returned in place of `before`; the same where it returned nothing. */
function replaced(hook: Hook, before: Gradients, next: unknown): Gradients {
  if (next === null || next === undefined) return before;
  if (!Array.isArray(next)) throw new PyTypeError(`expected tuple, but hook returned '${typeOf(next)}'`);
  if (next.length !== before.length) {
    throw new RuntimeError(
      `hook '${nameOf(hook)}' has returned an incorrect number of values (got ${next.length}, but expected ${before.length})`,
    );
  }
  before.forEach((grad, i) => {
    checkHookResult(hook, grad, next[i]);
  });
  return next.map((g: Tensor | null | undefined) => g ?? null);
}

export function runPrehooks(node: Node, grads: Gradients): Gradients {
  let current = grads;
  for (const { fn } of [...node.hooks!.pre]) current = replaced(fn, current, fn(current));
  return current;
}

export function runPostHooks(node: Node, out: Gradients, grads: Gradients): Gradients {
  let current = out;
  for (const { fn } of [...node.hooks!.post]) current = replaced(fn, current, fn(current, grads));
  return current;
}
