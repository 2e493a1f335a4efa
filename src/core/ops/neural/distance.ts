/** @file Norms and distances of `nn.functional`. */
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { ops } from "../op.js";
import { expand } from "../shape_ops.js";
import { fn, optFloat, optInt, tensor } from "../signature.js";

/** x / max(‖x‖, eps). */
export const normalize = fn(
  "normalize",
  [tensor("input"), optFloat("p", 2), optInt("dim", 1), optFloat("eps", 1e-12)],
  (x, p, dim, eps): Tensor =>
    x.div(expand(call1(ops.clamp_min, call(ops.linalg_vector_norm, x, p, [dim], true), eps), x._shape)),
);
