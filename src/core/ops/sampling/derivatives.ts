/** @file A draw does not follow its parameters: its gradients are zeros. */
import { zeros_like } from "../formulas/pointwise.js";
import type { Derivatives } from "../schema.js";
import { zeros_of } from "./formulas.js";
import type { samplingSchema } from "./schema.js";

export const samplingDerivatives: Pick<Derivatives, keyof typeof samplingSchema> = {
  bernoulli: { self: (grad) => zeros_like(grad) },
  normal_Tensor_float: { mean: (grad, s) => zeros_of(grad, s.mean_sizes) },
  normal_float_Tensor: { std: (grad, s) => zeros_of(grad, s.std_sizes) },
  normal_Tensor_Tensor: {
    mean: (grad, s) => zeros_of(grad, s.mean_sizes),
    std: (grad, s) => zeros_of(grad, s.std_sizes),
  },
  poisson: { self: (grad) => zeros_like(grad) },
};
