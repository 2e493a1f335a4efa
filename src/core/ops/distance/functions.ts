/** @file `cdist` and `pdist`. */
import { KIND_FLOAT } from "../../dtype.js";
import { RuntimeError, ValueError } from "../../errors.js";
import { broadcastShapes, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { ops } from "../op.js";
import { optFloat, tensor, text } from "../parameters.js";
import { contiguous } from "../pointwise.js";
import { expand, view } from "../shape_ops.js";
import { fn } from "../signature.js";

/** Rows from which PyTorch multiplies matrices for Euclidean distances. */
const LARGE = 25;
const MODES = [
  "use_mm_for_euclid_dist_if_necessary",
  "use_mm_for_euclid_dist",
  "donot_use_mm_for_euclid_dist",
];

function check(x1: Tensor, x2: Tensor, p: number): void {
  for (const [name, t] of [
    ["X1", x1],
    ["X2", x2],
  ] as const) {
    if (t.dtype.kind === KIND_FLOAT) continue;
    throw new RuntimeError(`cdist only supports floating-point dtypes, ${name} got: ${t.dtype.scalarName}`);
  }
  for (const [name, t] of [
    ["X1", x1],
    ["X2", x2],
  ] as const) {
    if (t._shape.length >= 2) continue;
    throw new RuntimeError(`cdist only supports at least 2D tensors, ${name} got: ${t._shape.length}D`);
  }
  const [m, n] = [x1._shape.at(-1)!, x2._shape.at(-1)!];
  if (m !== n) {
    throw new RuntimeError(`X1 and X2 must have the same number of columns. X1: ${m} X2: ${n}`);
  }
  if (!(p >= 0)) throw new RuntimeError("cdist only supports non-negative p values");
}

/** Euclidean distances by way of the batch as one dimension, as PyTorch's graph has it. */
function euclidean(x1: Tensor, x2: Tensor): Tensor {
  const lead = broadcastShapes(x1._shape.slice(0, -2), x2._shape.slice(0, -2));
  if (lead.length === 0) return call(ops._euclidean_dist, x1, x2);
  const batch = lead.reduce((a, b) => a * b, 1);
  const flat = (t: Tensor): Tensor => {
    const own = t._shape.slice(-2);
    return contiguous(expand(t, sizeOf([...lead, ...own]))).view([batch, ...own]);
  };
  const out = call(ops._euclidean_dist, flat(x1), flat(x2));
  return view(out, [...lead, x1._shape.at(-2)!, x2._shape.at(-2)!]);
}

/** The p-norm distances between all rows of `x1` and all rows of `x2`. */
export const cdist = fn(
  "cdist",
  [tensor("x1"), tensor("x2"), optFloat("p", 2), text("compute_mode", "use_mm_for_euclid_dist_if_necessary")],
  (x1, x2, p, mode): Tensor => {
    const which = MODES.indexOf(mode);
    if (which < 0) throw new ValueError(`${mode} is not a valid value for compute_mode`);
    check(x1, x2, p);
    const large = x1._shape.at(-2)! > LARGE || x2._shape.at(-2)! > LARGE;
    if (p === 2 && (which === 1 || (which === 0 && large))) return euclidean(x1, x2);
    return call(ops._cdist_forward, x1, x2, p);
  },
);

/** The p-norm distances between the rows i < j of a matrix. */
export const pdist = fn("pdist", [tensor("input"), optFloat("p", 2)], (x, p): Tensor => {
  if (x._shape.length !== 2) {
    throw new RuntimeError(`pdist only supports 2D tensors, got: ${x._shape.length}D`);
  }
  if (x.dtype.kind !== KIND_FLOAT) {
    throw new RuntimeError("pdist only supports floating-point dtypes");
  }
  if (!(p >= 0)) throw new RuntimeError("pdist only supports non-negative p values");
  return call(ops._pdist_forward, contiguous(x), p);
});
