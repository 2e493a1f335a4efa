/** @file Linear algebra: inverses, determinants, solutions, decompositions. */
import { attr, flag, num, op, T, unary } from "../args.js";

export const matrixSchema = {
  linalg_inv_ex: op("linalg_inv_ex", 0, unary),
  linalg_det: op("linalg_det", 0, unary),
  linalg_slogdet: op("linalg_slogdet", 0, unary),
  linalg_solve_ex: op("linalg_solve_ex", 0, { A: T, B: T, left: flag, vector: flag }),
  linalg_solve_triangular: op("linalg_solve_triangular", 0, {
    self: T,
    B: T,
    upper: flag,
    left: flag,
    unitriangular: flag,
  }),
  linalg_cholesky_ex: op("linalg_cholesky_ex", 0, { self: T, upper: flag }),
  cholesky: op("cholesky", 0, { self: T, upper: flag }),
  linalg_qr: op("linalg_qr", 0, { A: T, mode: attr<string>() }),
  linalg_eigh: op("linalg_eigh", 0, { A: T, UPLO: attr<string>() }),
  linalg_svd: op("linalg_svd", 0, { A: T, full_matrices: flag }),
  linalg_matrix_exp: op("linalg_matrix_exp", 0, unary),
  linalg_pinv: op("linalg_pinv", 0, { self: T, limit: num }),
  linalg_lu_factor_ex: op("linalg_lu_factor_ex", 0, { A: T, pivot: flag, pivots: T }),
  linalg_lu: op("linalg_lu", 0, { A: T, pivot: flag }),
  lu_unpack: op("lu_unpack", 0, { LU_data: T, LU_pivots: T }),
  linalg_lu_solve: op("linalg_lu_solve", 0, { LU: T, pivots: T, B: T, left: flag, adjoint: flag }),
} as const;
