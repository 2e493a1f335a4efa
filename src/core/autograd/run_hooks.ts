/** @file Running a node's hooks around its step, in PyTorch's order. */
import { PyTypeError, pythonTypeName, RuntimeError } from "../errors.js";
import { B, binary } from "../kernels/binary.js";
import { cloneOf } from "../kernels/copy.js";
import { observer } from "../observe.js";
import { sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { differentiable } from "./differentiable.js";
import { mode } from "./grad_mode.js";
import type { Gradients, HookCall } from "./hooks.js";
import type { Node } from "./node.js";

const PRE = { kind: "pre", outputNr: 0 } as const;
const POST = { kind: "post", outputNr: 0 } as const;
const POST_ACCUMULATE = { kind: "post_accumulate", outputNr: 0 } as const;

/** Runs a hook, telling the observer what it is given and what it makes of that. */
function observed(
  node: Node,
  call: Pick<HookCall, "kind" | "outputNr">,
  { name, site }: Pick<HookCall, "name" | "site">,
  given: Gradients,
  run: () => Gradients,
): Gradients {
  if (observer?.onHook === undefined) return run();
  const whole = { ...call, name, site };
  observer.onHook(node, whole, given);
  const made = run();
  observer?.onHooked?.(node, whole, made);
  return made;
}

/** Hooks of a leaf whose `.grad` was just added to; what they change is that `.grad`. */
export function runPostAccumulateHooks(node: Node, leaf: Tensor): void {
  const hooks = leaf._hooks;
  if (hooks === null) return;
  for (const hook of [...hooks.postAccumulate]) {
    observed(node, POST_ACCUMULATE, hook, [leaf._grad], () => {
      hook.fn(leaf);
      return [leaf._grad];
    });
  }
}

/** Tensor hooks in order of registration, then retained gradients, so that `.grad` sees what hooks made of it. */
export function runTensorHooks(node: Node, grads: Gradients): Gradients {
  const out = grads.slice();
  for (const { outputNr, hooks } of node.hooks!.tensorPre) {
    for (const hook of [...hooks]) {
      const grad = out[outputNr] ?? null;
      if (grad === null) continue;
      const call = { kind: "tensor", outputNr } as const;
      [out[outputNr]] = observed(node, call, hook, [grad], () => [hook.fn(grad) ?? grad]) as [Tensor];
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
  for (const hook of [...node.hooks!.pre]) {
    const given = current;
    current = observed(node, PRE, hook, given, () => replaced(hook.fn, given, hook.fn(given)));
  }
  return current;
}

export function runPostHooks(node: Node, out: Gradients, grads: Gradients): Gradients {
  let current = out;
  for (const hook of [...node.hooks!.post]) {
    const given = current;
    current = observed(node, POST, hook, given, () => replaced(hook.fn, given, hook.fn(given, grads)));
  }
  return current;
}
