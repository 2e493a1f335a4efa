/** @file `torch.linalg`. */

import { RuntimeError } from "./errors.js";
import { named } from "./ops/arguments.js";
import { call } from "./ops/dispatch.js";
import { inv, solve } from "./ops/matrix/functions.js";
import { ops } from "./ops/op.js";
import { optInt, optInts, tensor } from "./ops/parameters.js";
import { crossAlong, vdot } from "./ops/products/tensor_products.js";
import type { Dims } from "./ops/reduction.js";
import * as r from "./ops/reduction.js";
import { diagonal as diagonalOf, permute, reshape } from "./ops/shape_ops.js";
import { fn } from "./ops/signature.js";
import { normalizeDim } from "./shape.js";
import type { Tensor } from "./tensor.js";

interface NormOptions {
  ord?: number | null;
  dim?: Dims;
  keepdim?: boolean;
}

/** The vector norm of order `ord` (2 by default) of all elements, or over `dim`. */
export function vector_norm(
  x: Tensor,
  ord: number | NormOptions | null = 2,
  dim?: Dims | NormOptions,
  keepdim?: boolean,
): Tensor {
  const args: unknown[] = [ord, dim, keepdim];
  while (args.length > 0 && args.at(-1) === undefined) args.pop();
  const [o, d, k] = named("linalg_vector_norm", ["ord", "dim", "keepdim"], args);
  return r.vector_norm(
    x,
    (o as number | null | undefined) ?? 2,
    d as Dims,
    (k as boolean | undefined) ?? false,
  );
}

/** a × b of vectors of three along `dim`. */
export const cross = fn(
  "linalg_cross",
  [tensor("input"), tensor("other"), optInt("dim", -1)],
  (a, b, dim): Tensor => crossAlong(a, b, dim),
);

/** The dot product along `dim`. */
export const vecdot = fn(
  "linalg_vecdot",
  [tensor("x"), tensor("y"), optInt("dim", -1)],
  (x, y, dim): Tensor => {
    if (x._shape.length === 1 && y._shape.length === 1) return vdot(x, y);
    return x.mul(y).sum(dim);
  },
);

/** The diagonals of matrices, of the last two dimensions by default. */
export const diagonal = fn(
  "linalg_diagonal",
  [tensor("A"), optInt("offset", 0), optInt("dim1", -2), optInt("dim2", -1)],
  (a, offset, dim1, dim2): Tensor => {
    const rank = a._shape.length;
    const [p, q] = [normalizeDim(dim1, rank), normalizeDim(dim2, rank)];
    if (p === q) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
    return diagonalOf(a, offset, p, q);
  },
);

const sizeOf = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** The inverse under `tensordot` over the first `ind` dimensions. */
export const tensorinv = fn("linalg_tensorinv", [tensor("A"), optInt("ind", 2)], (a, ind): Tensor => {
  if (ind <= 0) throw new RuntimeError("Expected a strictly positive integer for 'ind'");
  const [first, second] = [a._shape.slice(0, ind), a._shape.slice(ind)];
  if (sizeOf(first) !== sizeOf(second)) {
    throw new RuntimeError(
      `Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got ${sizeOf(second)} != ${sizeOf(first)}`,
    );
  }
  return reshape(inv(reshape(a, [sizeOf(second), sizeOf(first)])), [...second, ...first]);
});

/** X of tensordot(A, X, X.ndim) = B. */
export const tensorsolve = fn(
  "linalg_tensorsolve",
  [tensor("A"), tensor("B"), optInts("dims")],
  (a_, b, dims): Tensor => {
    let a = a_;
    if (dims !== null) {
      const moved = dims.map((d) => normalizeDim(d, a_._shape.length));
      a = permute(a_, [...a_._shape.map((_, d) => d).filter((d) => !moved.includes(d)), ...moved]);
    }
    const shape = a._shape.slice(b._shape.length);
    if (sizeOf(shape) !== sizeOf(a._shape.slice(0, b._shape.length))) {
      throw new RuntimeError(
        "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim])",
      );
    }
    const rows = sizeOf(shape);
    return reshape(solve(reshape(a, [rows, rows]), reshape(b, [rows])), shape);
  },
);

/** Powers 0 … N − 1 of the elements. */
export const vander = fn("linalg_vander", [tensor("x"), optInt("N", null)], (x_, n): Tensor => {
  const x = x_._shape.length === 0 ? x_.unsqueeze(-1) : x_;
  const count = n ?? x._shape.at(-1)!;
  if (count < 1) throw new RuntimeError("N must be greater than 1.");
  const column = x.unsqueeze(-1);
  const shape = [...x._shape, count - 1];
  const ones = column.detach().mul(0).add(1);
  return call(ops.cat, [ones, column.expand(shape).cumprod(-1)], x._shape.length);
});

export { LinAlgError } from "./errors.js";
export { matmul } from "./ops/linalg.js";
export {
  cholesky,
  cholesky_ex,
  det,
  eigh,
  eigvalsh,
  inv,
  inv_ex,
  matrix_exp,
  matrix_power,
  matrix_rank,
  pinv,
  qr,
  slogdet,
  solve,
  solve_ex,
  solve_triangular,
  svd,
  svdvals,
} from "./ops/matrix/functions.js";
export { lu, lu_factor, lu_factor_ex, lu_solve } from "./ops/matrix/lu.js";
export { cond, matrix_norm, norm } from "./ops/matrix/norms.js";
export { multi_dot } from "./ops/products/tensor_products.js";
