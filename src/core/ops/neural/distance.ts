/** @file Norms and distances of `nn.functional`. */
import { ValueError } from "../../errors.js";
import { broadcastShapes, normalizeDim, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, int, optFloat, optInt, tensor } from "../parameters.js";
import { expand, squeeze, unsqueeze } from "../shape_ops.js";
import { fn } from "../signature.js";
import { pad } from "./padding.js";
import { avg_pool2d, avg_pool3d } from "./pooling.js";

/** x / max(‖x‖, eps). */
export const normalize = fn(
  "normalize",
  [tensor("input"), optFloat("p", 2), optInt("dim", 1), optFloat("eps", 1e-12)],
  (x, p, dim, eps): Tensor =>
    x.div(expand(call1(ops.clamp_min, call(ops.linalg_vector_norm, x, p, [dim], true), eps), x._shape)),
);

/** The p-norm of x₁ − x₂ + eps over the last dimension. */
export const pairwise_distance = fn(
  "pairwise_distance",
  [tensor("x1"), tensor("x2"), optFloat("p", 2), optFloat("eps", 1e-6), flag("keepdim", false)],
  (a, b, p, eps, keepdim): Tensor => {
    const rank = Math.max(a._shape.length, b._shape.length);
    const gap = call1(ops.add_Scalar, a.sub(b), eps, 1);
    return call(ops.norm_ScalarOpt_dim, gap, p, [rank - 1], keepdim);
  },
);

/** x₁ · x₂ / (max(‖x₁‖, eps) max(‖x₂‖, eps)) along `dim`. */
export const cosine_similarity = fn(
  "cosine_similarity",
  [tensor("x1"), tensor("x2"), optInt("dim", 1), optFloat("eps", 1e-8)],
  (x1, x2, dim, eps): Tensor => {
    const shape = broadcastShapes(x1._shape, x2._shape);
    const [a, b] = [x1, x2].map((t) => (sameShape(t._shape, shape) ? t : expand(t, shape))) as [
      Tensor,
      Tensor,
    ];
    const along = shape.length === 0 ? dim : normalizeDim(dim, shape.length);
    const unit = (t: Tensor): Tensor => {
      const norm = call(ops.linalg_vector_norm, t, 2, shape.length === 0 ? [] : [along], true).clone();
      // The floor does not take part in the gradient.
      norm.detach().clamp_({ min: eps });
      return t.div(norm);
    };
    return unit(a).mul(unit(b)).sum(along);
  },
);

/** x / (k + α · the mean square of `size` neighbouring channels)^β. */
export const local_response_norm = fn(
  "local_response_norm",
  [tensor("input"), int("size"), optFloat("alpha", 1e-4), optFloat("beta", 0.75), optFloat("k", 1)],
  (x, size, alpha, beta, k): Tensor => {
    const rank = x._shape.length;
    if (rank < 3) {
      throw new ValueError(
        `Expected 3D or higher dimensionality                          input (got ${rank} dimensions)`,
      );
    }
    if (x._numel === 0) return x;
    const [before, after] = [Math.floor(size / 2), Math.floor((size - 1) / 2)];
    const squares = x.mul(x);
    let mean: Tensor;
    if (rank === 3) {
      const padded = pad(unsqueeze(squares, 1), [0, 0, before, after]);
      mean = squeeze(avg_pool2d(padded, [size, 1], 1), 1);
    } else {
      const [n, c, h] = x._shape as readonly number[] as [number, number, number];
      const padded = pad(squares.view([n, 1, c, h, -1]), [0, 0, 0, 0, before, after]);
      mean = squeeze(avg_pool3d(padded, [size, 1, 1], 1), 1).view(x._shape);
    }
    return x.div(mean.mul(alpha).add(k).pow(beta));
  },
);
