/** @file Ops the engine needs in differentiable form under `create_graph`; linked, since they record nodes. */
import { B, binary } from "../kernels/binary.js";
import { castTo, cloneOf } from "../kernels/copy.js";
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

export const differentiable = {
  add: (a: Tensor, b: Tensor): Tensor => binary(B.add, a, b),
  sumToSize: (t: Tensor, _: Shape): Tensor => t,
  cast: castTo as (t: Tensor, dtype: Tensor["dtype"]) => Tensor,
  clone: cloneOf as (t: Tensor) => Tensor,
};
