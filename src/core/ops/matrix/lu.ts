/** @file The LU decomposition, and solving with it, as `torch.linalg` and `torch` have them. */
import { LinAlgError, RuntimeError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { call, callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, tensor } from "../parameters.js";
import { fn, install, type Method } from "../signature.js";
import { checkMatrix, named } from "./functions.js";
import { firstFailure } from "./kernels.js";

const factored = [tensor("A"), flag("pivot", true)] as const;

/** `[LU, pivots, info]`: L below the diagonal (its ones left out) and U in one matrix; rows swapped, from 1. */
export const lu_factor_ex = fn(
  "linalg_lu_factor_ex",
  [...factored, flag("check_errors", false)],
  (a, pivot, check) => {
    checkMatrix("lu_factor", a);
    const found = callMulti(ops.linalg_lu_factor_ex, 1, a, pivot);
    const failed = check ? firstFailure(found[2]!) : null;
    if (failed !== null) {
      const where = a._shape.length > 2 ? `(Batch element ${failed.batch}): ` : "";
      throw new LinAlgError(
        `torch.linalg.lu_factor: ${where}U[${failed.info},${failed.info}] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)`,
      );
    }
    return named(["LU", "pivots", "info"], found);
  },
);
/** `[LU, pivots]`, for `lu_solve`. */
export const lu_factor = fn("linalg_lu_factor", factored, (a, pivot) =>
  named(["LU", "pivots"], lu_factor_ex(a, pivot, true).slice(0, 2)),
);

/** `[P, L, U]` of A = P L U. */
export const lu = fn("linalg_lu", factored, (a, pivot) => {
  checkMatrix("lu", a);
  const [l, u, p] = callMulti(ops.linalg_lu, 2, a, pivot) as [Tensor, Tensor, Tensor];
  return named(["P", "L", "U"], [p, l, u]);
});

/** X of A X = B (X A = B; of Aᵀ with `adjoint`), from A's `lu_factor`. */
export const lu_solve = fn(
  "linalg_lu_solve",
  [tensor("LU"), tensor("pivots"), tensor("B"), flag("left", true), flag("adjoint", false)],
  (packed, pivots, b, left, adjoint): Tensor => {
    const [m, n] = packed._shape.slice(-2);
    if (m !== n) {
      throw new RuntimeError(
        `torch.linalg.lu_solve: A must be batches of square matrices, but they are ${m} by ${n} matrices`,
      );
    }
    return call(ops.linalg_lu_solve, packed, pivots, b, left, adjoint);
  },
);

/** `[P, L, U]` of what `lu_factor` gave. */
export const lu_unpack = fn(
  "lu_unpack",
  [tensor("LU_data"), tensor("LU_pivots"), flag("unpack_data", true), flag("unpack_pivots", true)],
  (packed, pivots, data, swaps) => {
    const [l, u, p] = callMulti(ops.lu_unpack, 2, packed, pivots) as [Tensor, Tensor, Tensor];
    const none = (t: Tensor): Tensor => t.detach().new_empty([0]);
    return named(["P", "L", "U"], [swaps ? p : none(p), data ? l : none(l), data ? u : none(u)]);
  },
);

/** The solution of A X = `input`, with its arguments in the order of `torch.lu_solve`. */
export const solveWithLu = fn(
  "lu_solve",
  [tensor("input"), tensor("LU_data"), tensor("LU_pivots")],
  (b, packed, pivots): Tensor => lu_solve(packed, pivots, b),
);

/** `[LU, pivots]`, and with `get_infos` what went wrong (older than `linalg.lu_factor`). */
export const oldLu = fn(
  "lu",
  [tensor("A"), flag("pivot", true), flag("get_infos", false)],
  (a, pivot, infos) => {
    const found = lu_factor_ex(a, pivot);
    return infos ? [...found] : found.slice(0, 2);
  },
);

declare module "../../tensor.js" {
  interface Tensor {
    lu: Method<typeof oldLu>;
    lu_solve: Method<typeof solveWithLu>;
  }
}
install({ lu: oldLu, lu_solve: solveWithLu });
