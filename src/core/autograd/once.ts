/** @file `torch.autograd.function.once_differentiable`: a backward that cannot itself be differentiated. */
import { RuntimeError } from "../errors.js";
import { alias } from "../kernels/views.js";
import { Tensor } from "../tensor.js";
import { needsGrad } from "./edges.js";
import type { FunctionContext } from "./function.js";
import { mode, no_grad } from "./grad_mode.js";
import { accumulateGrad, LinkedKind } from "./kinds.js";
import { Node } from "./node.js";

/** Ends every attempt to go through it. */
const delayedError = new LinkedKind("Error");
delayedError.run = () => {
  throw new RuntimeError(
    "trying to differentiate twice a function that was marked with @once_differentiable",
  );
};

type Grads = readonly (Tensor | null)[];
type Backward = (ctx: FunctionContext, ...grads: Tensor[]) => unknown;

/** Outputs that require grad, but whose one function throws. */
function refusing(outputs: Grads): (Tensor | null)[] {
  const first = outputs.find((t) => t !== null)!;
  const node = new Node(delayedError, first._shape, first.dtype, false, null);
  node.edges = outputs.map((t) => {
    return t === null ? null : new Node(accumulateGrad, t._shape, t.dtype, true, alias(t));
  });
  if (outputs.length > 1) {
    node.outputs = outputs.map((t) => ({ shape: (t ?? first)._shape, dtype: (t ?? first).dtype }));
  }
  return outputs.map((t, i) => {
    if (t === null) return null;
    const out = alias(t);
    out._gradFn = node;
    out._outputNr = i;
    out._requiresGrad = true;
    return out;
  });
}

/**
 * Wraps a custom function's `backward`: it runs unrecorded, and differentiating what it returns throws.
 *
 * ```ts
 * static override backward = torch.autograd.function.once_differentiable((ctx, grad) => …);
 * ```
 */
export function once_differentiable<F extends Backward>(fn: F): F {
  const wrapped = (ctx: FunctionContext, ...grads: Tensor[]): unknown => {
    const outputs = no_grad(() => fn(ctx, ...grads));
    if (!mode.grad || !grads.some((g) => g instanceof Tensor && needsGrad(g))) return outputs;
    const list = (Array.isArray(outputs) ? outputs : [outputs]) as Grads;
    if (list.every((t) => t === null)) return outputs;
    const out = refusing(list.map((t) => t ?? null));
    return Array.isArray(outputs) ? out : out[0];
  };
  return wrapped as F;
}
