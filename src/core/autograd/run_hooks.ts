/** @file Running a node's hooks around its step, in PyTorch's order. */
import { B, binary } from "../kernels/binary.js";
import { cloneOf } from "../kernels/copy.js";
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

export function runPrehooks(node: Node, grads: Gradients): Gradients {
  let current = grads;
  for (const { fn } of [...node.hooks!.pre]) {
    const next = fn(current);
    if (Array.isArray(next)) current = next;
  }
  return current;
}

export function runPostHooks(node: Node, out: Gradients, grads: Gradients): Gradients {
  let current = out;
  for (const { fn } of [...node.hooks!.post]) {
    const next = fn(current, grads);
    if (Array.isArray(next)) current = next;
  }
  return current;
}
