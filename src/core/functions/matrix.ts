/** @file The functions of linear algebra that stand in `torch` itself. */

import { call } from "../ops/dispatch.js";
import * as m from "../ops/matrix/functions.js";
import { ops } from "../ops/op.js";
import { flag, int, tensor } from "../ops/parameters.js";
import { where } from "../ops/pointwise.js";
import { transpose } from "../ops/shape_ops.js";
import { fn, install, type Method } from "../ops/signature.js";
import type { Tensor } from "../tensor.js";

const self = [tensor("input")] as const;
/** A⁻¹. */
export const inverse = fn("inverse", self, (a): Tensor => m.inv(a));
export const det = fn("det", self, (a): Tensor => m.det(a));
export const slogdet = fn("slogdet", self, (a) => m.slogdet(a));
/** ln det A: NaN where the determinant is negative. */
export const logdet = fn("logdet", self, (a): Tensor => {
  m.checkSquare("logdet", a);
  const { sign, logabsdet } = m.slogdet(a);
  return where(sign.eq(-1), Number.NaN, logabsdet);
});
export const matrix_exp = fn("matrix_exp", self, (a): Tensor => m.matrix_exp(a));
export const matrix_power = fn("matrix_power", [...self, int("n")], (a, n): Tensor => m.matrix_power(a, n));
export const pinverse = fn("pinverse", self, (a): Tensor => m.pinv(a, 1e-15));
/** L of A = L Lᵀ (older than `linalg.cholesky`). */
export const cholesky = fn("cholesky", [...self, flag("upper", false)], (a, upper): Tensor => {
  m.checkSquare("cholesky", a);
  m.cholesky_ex(a.detach(), upper, true);
  return call(ops.cholesky, a, upper);
});
/** `[Q, R]` (older than `linalg.qr`). */
export const qr = fn("qr", [...self, flag("some", true)], (a, some) =>
  m.qr(a, some ? "reduced" : "complete"),
);
/** `[U, S, V]` (older than `linalg.svd`, and with V itself). */
export const svd = fn("svd", [...self, flag("some", true)], (a, some) => {
  const [u, s, vh] = m.svd(a, !some) as unknown as [Tensor, Tensor, Tensor];
  return m.named(["U", "S", "V"], [u, s, transpose(vh, -2, -1)]);
});

const methods = { inverse, det, slogdet, logdet, matrix_exp, matrix_power, pinverse, cholesky, qr, svd };
declare module "../tensor.js" {
  interface Tensor {
    inverse: Method<typeof inverse>;
    det: Method<typeof det>;
    slogdet: Method<typeof slogdet>;
    logdet: Method<typeof logdet>;
    matrix_exp: Method<typeof matrix_exp>;
    matrix_power: Method<typeof matrix_power>;
    pinverse: Method<typeof pinverse>;
    cholesky: Method<typeof cholesky>;
    qr: Method<typeof qr>;
    svd: Method<typeof svd>;
  }
}
install(methods);
