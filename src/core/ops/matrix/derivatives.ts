/** @file Derivatives of linear algebra. */
import type { Derivatives } from "../schema.js";
import * as h from "./formulas.js";
import * as lu from "./lu_formulas.js";
import type { matrixSchema } from "./schema.js";

export const matrixDerivatives: Pick<Derivatives, keyof typeof matrixSchema> = {
  linalg_inv_ex: { self: (grad, s) => h.inv_backward(grad, s.result) },
  linalg_det: { self: (grad, s) => h.det_backward(grad, s.self, s.result) },
  linalg_slogdet: { self: (_, s, grads) => h.slogdet_backward(grads, s.self) },
  linalg_solve_ex: {
    A: (grad, s) => h.solve_left(grad, s.A, s.result, s.left, s.vector),
    B: (grad, s) => h.solve_right(grad, s.A, s.left, s.vector),
  },
  linalg_solve_triangular: {
    self: (grad, s) => h.triangular_left(grad, s.self, s.result, s.upper, s.left, s.unitriangular),
    B: (grad, s) => h.triangular_right(grad, s.self, s.upper, s.left, s.unitriangular),
  },
  linalg_cholesky_ex: { self: (grad, s) => h.cholesky_backward(grad, s.result, s.upper) },
  cholesky: { self: (grad, s) => h.cholesky_backward(grad, s.result, s.upper) },
  linalg_qr: { A: (_, s, grads) => h.qr_backward(grads, s.A, s.mode) },
  linalg_eigh: { A: (_, s, grads) => h.eigh_backward(grads, s.A, s.UPLO) },
  linalg_svd: { A: (_, s, grads) => h.svd_backward(grads, s.A) },
  linalg_matrix_exp: { self: (grad, s) => h.matrix_exp_backward(grad, s.self) },
  linalg_pinv: { self: (grad, s) => h.pinv_backward(grad, s.self, s.result) },
  linalg_lu_factor_ex: {
    A: (grad, s) => lu.lu_factor_backward(grad, s.result, s.pivots),
    pivots: "nonDifferentiable",
  },
  linalg_lu: { A: (_, s, grads) => lu.lu_backward(grads, s.A, s.pivot) },
  lu_unpack: {
    LU_data: (_, s, grads) => lu.lu_unpack_backward(grads, s.LU_data),
    LU_pivots: "nonDifferentiable",
  },
  linalg_lu_solve: {
    LU: (grad, s) => lu.lu_solve_backward_LU(grad, s.LU, s.pivots, s.result, s.left, s.adjoint),
    pivots: "nonDifferentiable",
    B: (grad, s) => lu.lu_solve_backward_B(grad, s.LU, s.pivots, s.left, s.adjoint),
  },
};
