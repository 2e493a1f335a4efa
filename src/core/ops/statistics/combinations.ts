/** @file All choices of elements of a vector. */
import { bool } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { newTensor } from "../../kernels/copy.js";
import { formatShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { meshgrid } from "../layout/joining.js";
import { zerosOf } from "../make.js";
import { flag, optInt, tensor } from "../parameters.js";
import { masked_select } from "../selection/masks.js";
import { stack } from "../shape_ops.js";
import { fn } from "../signature.js";

/** True where the coordinates ascend, strictly unless an element may be chosen again. */
function ascending(n: number, r: number, again: boolean): Tensor {
  const mask = newTensor(sizeOf(new Array<number>(r).fill(n)), bool);
  const at = new Array<number>(r).fill(0);
  for (let i = 0; i < mask._numel; i++) {
    let rest = i;
    for (let d = r - 1; d >= 0; d--) {
      at[d] = rest % n;
      rest = Math.floor(rest / n);
    }
    const holds = at.every((c, d) => d === 0 || (again ? at[d - 1]! <= c : at[d - 1]! < c));
    mask._storage.data[i] = holds ? 1 : 0;
  }
  return mask;
}

/** All choices of `r` elements of a vector, in order, one a row. */
export const combinations = fn(
  "combinations",
  [tensor("input"), optInt("r", 2), flag("with_replacement", false)],
  (x, r, again): Tensor => {
    if (x._shape.length !== 1) {
      throw new RuntimeError(`Expect a 1D vector, but got shape ${formatShape(x._shape)}`);
    }
    if (r < 0) throw new RuntimeError(`Expect a non-negative number, but got ${r}`);
    if (r === 0) return zerosOf([0], x.dtype);
    const mask = ascending(x._numel, r, again);
    const grids = meshgrid(new Array<Tensor>(r).fill(x));
    return stack(
      grids.map((g) => masked_select(g, mask)),
      1,
    );
  },
);
