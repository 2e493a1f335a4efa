/** @file Ways to call linear algebra, for numerical checks. What is only unique up to a sign is squared. */
import * as torch from "../../src/core/index.js";
import type { OpName } from "../../src/core/ops/schema.js";
import { fill, type Sample } from "./samples.js";

type T = torch.Tensor;
const x = (...shape: number[]): T => fill(shape, -1.4, 1.4).requires_grad_();
/** Far from singular. */
const regular = (...shape: number[]): T =>
  fill(shape, -0.4, 0.4)
    .add(torch.diag(torch.tensor([1, 1.7, 2.6].slice(0, shape.at(-1)), { dtype: torch.float64 })))
    .requires_grad_();
/** Of any shape, and with pivots that stay where they are. */
const heavy = (...shape: number[]): T =>
  fill(shape, -0.4, 0.4)
    .add(torch.eye(shape.at(-2)!, shape.at(-1)!, { dtype: torch.float64 }).mul(2))
    .requires_grad_();
const one = (inputs: T[], run: (...i: T[]) => T): Sample => ({ inputs, run });
const symmetric = (a: T): T => a.add(a.mT).mul(0.5);
const { linalg } = torch;
const flat = (...parts: T[]): T => torch.cat(parts.map((t) => t.reshape([-1])));

export const matrixSamples: { readonly [K in OpName]?: readonly Sample[] } = {
  linalg_inv_ex: [one([regular(2, 3, 3)], (a) => linalg.inv(a))],
  linalg_det: [
    one([regular(2, 3, 3)], (a) => linalg.det(a)),
    {
      ...one(
        [
          torch.tensor(
            [
              [1, 2],
              [2, 4],
            ],
            { dtype: torch.float64, requires_grad: true },
          ),
        ],
        (a) => linalg.det(a),
      ),
      firstOrderOnly: true,
    },
  ],
  linalg_slogdet: [one([regular(2, 3, 3)], (a) => linalg.slogdet(a).logabsdet)],
  linalg_solve_ex: [
    one([regular(3, 3), x(2, 3, 2)], (a, b) => linalg.solve(a, b)),
    one([regular(2, 2), x(2)], (a, b) => linalg.solve(a, b)),
    one([regular(2, 2), x(3, 2)], (a, b) => linalg.solve(a, b, { left: false })),
  ],
  linalg_solve_triangular: [
    one([regular(3, 3), x(3, 2)], (a, b) => linalg.solve_triangular(a, b, { upper: true })),
    one([regular(3, 3), x(2, 3)], (a, b) =>
      linalg.solve_triangular(a, b, { upper: false, left: false, unitriangular: true }),
    ),
  ],
  linalg_cholesky_ex: [one([regular(3, 3)], (a) => linalg.cholesky(symmetric(a)))],
  cholesky: [one([regular(3, 3)], (a) => torch.cholesky(symmetric(a), { upper: true }))],
  linalg_qr: [
    one([x(3, 2)], (a) => flat(...linalg.qr(a))),
    one([x(2, 3)], (a) => flat(...linalg.qr(a))),
    one([regular(2, 2)], (a) => flat(...linalg.qr(a, "complete"))),
  ],
  linalg_eigh: [
    one([regular(3, 3)], (a) => {
      const { eigenvalues, eigenvectors } = linalg.eigh(symmetric(a));
      return flat(eigenvalues, eigenvectors.mul(eigenvectors));
    }),
  ],
  linalg_svd: [
    one([regular(3, 3)], (a) => {
      const { U, S, Vh } = linalg.svd(a);
      return flat(U.mul(U), S, Vh.mul(Vh));
    }),
    one([x(3, 2)], (a) => {
      const { U, S, Vh } = linalg.svd(a, false);
      return flat(U.mul(U), S, Vh.mul(Vh));
    }),
    one([x(2, 3)], (a) => {
      const { U, S, Vh } = linalg.svd(a, false);
      return flat(U.mul(U), S, Vh.mul(Vh));
    }),
  ],
  linalg_matrix_exp: [one([x(2, 2, 2)], (a) => linalg.matrix_exp(a))],
  linalg_pinv: [one([x(3, 2)], (a) => linalg.pinv(a)), one([x(2, 3)], (a) => linalg.pinv(a))],
  linalg_lu_factor_ex: [
    [3, 3],
    [2, 3],
    [3, 2],
  ].map((shape) => one([heavy(...shape)], (a) => linalg.lu_factor(a)[0]!)),
  linalg_lu: [
    [2, 3, 3],
    [2, 3],
    [3, 2],
  ].map((shape) => one([heavy(...shape)], (a) => flat(linalg.lu(a).L, linalg.lu(a).U))),
  lu_unpack: [
    one([heavy(3, 2)], (a) => {
      const { L, U } = torch.lu_unpack(a, linalg.lu_factor(a.detach()).pivots);
      return flat(L, U);
    }),
  ],
  linalg_lu_solve: [true, false].flatMap((left) =>
    [true, false].map((adjoint) =>
      one([heavy(2, 2), x(2, 2)], (packed, b) => {
        const pivots = torch.tensor([2, 2], { dtype: torch.int32 });
        return linalg.lu_solve(packed, pivots, b, { left, adjoint });
      }),
    ),
  ),
};
