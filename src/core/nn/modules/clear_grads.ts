/** @file What `zero_grad` does, of modules and of optimisers. */
import type { Tensor } from "../../tensor.js";

/** Sets `.grad` to null, or to zeros outside any graph. */
export function clearGrads(
  parameters: readonly Tensor[],
  option: boolean | { set_to_none?: boolean } | undefined,
): void {
  const toNone = typeof option === "object" ? (option.set_to_none ?? true) : (option ?? true);
  for (const p of parameters) {
    const grad = p._grad;
    if (grad === null) continue;
    if (toNone) p.grad = null;
    else if (grad.grad_fn !== null) p.grad = grad.detach().zero_();
    else grad.requires_grad_(false).zero_();
  }
}
