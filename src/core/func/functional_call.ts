/** @file `torch.func.functional_call`: a module run with other parameters than its own. */
import type { Module } from "../nn/modules/module.js";
import type { Tensor } from "../tensor.js";

type Slot = [owner: Record<string, unknown>, name: string, value: Tensor];

function slotsOf(module: Module, given: Readonly<Record<string, Tensor>>): Slot[] {
  const known = new Set([
    ...module.named_parameters().map(([name]) => name),
    ...module.named_buffers().map(([name]) => name),
  ]);
  return Object.entries(given).flatMap(([path, value]): Slot[] => {
    if (!known.has(path)) return [];
    const at = path.lastIndexOf(".");
    const owner = module.get_submodule(path.slice(0, Math.max(at, 0)));
    return [[owner as unknown as Record<string, unknown>, path.slice(at + 1), value]];
  });
}

/**
 * Calls `module` with the tensors of `parameters_and_buffers` (by dotted name) in the place of its own, which
 * are put back afterwards; what is not named stays. Gradients flow to the given tensors.
 */
export function functional_call<M extends Module>(
  module: M,
  parameters_and_buffers: Readonly<Record<string, Tensor>>,
  args: unknown,
): ReturnType<M["forward"]> {
  const slots = slotsOf(module, parameters_and_buffers);
  const own = slots.map(([owner, name]) => owner[name]);
  for (const [owner, name, value] of slots) owner[name] = value;
  try {
    const input = (Array.isArray(args) ? args : [args]) as Parameters<M["call"]>;
    return module.call(...input) as ReturnType<M["forward"]>;
  } finally {
    slots.forEach(([owner, name], i) => {
      owner[name] = own[i];
    });
  }
}
