/** @file Derivatives of A = P L U and of what is solved with it, in differentiable ops. */
import type { Tensor } from "../../tensor.js";
import { call, callMulti } from "../dispatch.js";
import { fullOf } from "../make.js";
import { ops } from "../op.js";
import { cat, triangle } from "../shape_ops.js";
import { helper } from "../trace.js";

type Maybe = Tensor | null | undefined;
const mT = (t: Tensor): Tensor => t.transpose(-2, -1);
const below = (t: Tensor): Tensor => triangle("tril", t, -1);
const above = (t: Tensor): Tensor => triangle("triu", t);
const eye = (n: number, like: Tensor): Tensor => fullOf([n], 1, like.dtype).diag();
const plus = (a: Maybe, b: Maybe): Maybe => (a == null ? b : b == null ? a : a.add(b));

/** L⁻¹ x, L⁻ᵀ x, U⁻¹ x, U⁻ᵀ x and x U⁻ᵀ; L has ones on its diagonal. */
const solveL = (l: Tensor, x: Tensor): Tensor => call(ops.linalg_solve_triangular, l, x, false, true, true);
const solveLT = (l: Tensor, x: Tensor): Tensor =>
  call(ops.linalg_solve_triangular, mT(l), x, true, true, true);
const solveU = (u: Tensor, x: Tensor): Tensor => call(ops.linalg_solve_triangular, u, x, true, true, false);
const solveUT = (u: Tensor, x: Tensor): Tensor =>
  call(ops.linalg_solve_triangular, mT(u), x, false, true, false);
const divideUT = (x: Tensor, u: Tensor): Tensor =>
  call(ops.linalg_solve_triangular, mT(u), x, false, false, false);

/**
 * L⁻ᵀ (tril(Lᵀ gL − gU₂ U₂ᵀ, −1) + triu(gU Uᵀ − L₂ᵀ gL₂)) U⁻ᵀ for the leading square block, where L₂ are the
 * rows of L below it and U₂ the columns of U beside it; those two are solutions with U and L.
 */
function pluBackward(gl: Maybe, gu: Maybe, p: Tensor, l: Tensor, u: Tensor): Tensor | null {
  if (gl == null && gu == null) return null;
  const [m, k] = l._shape.slice(-2) as [number, number];
  const n = u._shape.at(-1)!;
  const l1 = l.narrow(-2, 0, k);
  const u1 = u.narrow(-1, 0, k);
  const beside = gu == null || n === k ? null : gu.narrow(-1, k, n - k);
  const under = gl == null || m === k ? null : gl.narrow(-2, k, m - k);
  const lower = plus(
    gl == null ? null : mT(l1).matmul(gl.narrow(-2, 0, k)),
    beside === null ? null : beside.matmul(mT(u.narrow(-1, k, n - k))).neg(),
  );
  const upper = plus(
    gu == null ? null : gu.narrow(-1, 0, k).matmul(mT(u1)),
    under === null
      ? null
      : mT(l.narrow(-2, k, m - k))
          .matmul(under)
          .neg(),
  );
  const middle = plus(lower == null ? null : below(lower), upper == null ? null : above(upper))!;
  let out = divideUT(solveLT(l1, middle), u1);
  if (n > k) {
    const zeros = (): Tensor => fullOf([...out._shape.slice(0, -1), n - k], 0, out.dtype);
    out = cat([out, beside === null ? zeros() : solveLT(l1, beside)], -1);
  }
  if (m > k) {
    const zeros = (): Tensor => fullOf([...out._shape.slice(0, -2), m - k, n], 0, out.dtype);
    out = cat([out, under === null ? zeros() : divideUT(under, u1)], -2);
  }
  return p.matmul(out);
}

/** L with its ones, and U, of both packed in one matrix. */
function unpacked(lu: Tensor): [l: Tensor, u: Tensor] {
  const [m, n] = lu._shape.slice(-2) as [number, number];
  const k = Math.min(m, n);
  const l = below(lu).narrow(-1, 0, k);
  return [l.add(eye(m, lu).narrow(-1, 0, k)), above(lu).narrow(-2, 0, k)];
}

export const lu_backward = helper(
  "linalg_lu_backward",
  (grads: readonly Maybe[], a: Tensor, pivot: boolean): Tensor | null => {
    const [l, u, p] = callMulti(ops.linalg_lu, 2, a, pivot) as [Tensor, Tensor, Tensor];
    return pluBackward(grads[0], grads[1], p, l, u);
  },
);

export const lu_factor_backward = helper(
  "lu_factor_ex_backward",
  (grad: Tensor, lu: Tensor, pivots: Tensor): Tensor | null => {
    const [l, u] = unpacked(lu);
    const k = l._shape.at(-1)!;
    const p = callMulti(ops.lu_unpack, 2, lu.detach(), pivots)[2]!;
    return pluBackward(below(grad).narrow(-1, 0, k), above(grad).narrow(-2, 0, k), p, l, u);
  },
);

/** The two triangles back in one matrix. */
export const lu_unpack_backward = helper(
  "lu_unpack_backward",
  (grads: readonly Maybe[], lu: Tensor): Tensor | null => {
    const [m, n] = lu._shape.slice(-2) as [number, number];
    const k = Math.min(m, n);
    const wide = (t: Tensor, d: number, size: number): Tensor => {
      const shape = t._shape.slice();
      const at = shape.length + d;
      if (shape[at] === size) return t;
      shape[at] = size - shape[at]!;
      return cat([t, fullOf(shape, 0, t.dtype)], d);
    };
    const gl = grads[0] == null ? null : wide(below(grads[0]), -1, Math.max(n, k));
    const gu = grads[1] == null ? null : wide(above(grads[1]), -2, Math.max(m, k));
    return plus(gl, gu) ?? null;
  },
);

export const lu_solve_backward_B = helper(
  "linalg_lu_solve_B",
  (grad: Tensor, lu: Tensor, pivots: Tensor, left: boolean, adjoint: boolean): Tensor =>
    call(ops.linalg_lu_solve, lu, pivots, grad, left, !adjoint),
);

/** X = U⁻¹ L⁻¹ Pᵀ B, or with `adjoint` P L⁻ᵀ U⁻ᵀ B; what is solved from the right is so by transposes. */
export const lu_solve_backward_LU = helper(
  "linalg_lu_solve_LU",
  (grad: Tensor, lu: Tensor, pivots: Tensor, result: Tensor, left: boolean, adjoint: boolean): Tensor => {
    if (!left) return solvedBackward(mT(grad), lu, pivots, mT(result), !adjoint);
    return solvedBackward(grad, lu, pivots, result, adjoint);
  },
);

function solvedBackward(g: Tensor, lu: Tensor, pivots: Tensor, x: Tensor, adjoint: boolean): Tensor {
  const [l, u] = unpacked(lu);
  if (!adjoint) {
    const gy = solveUT(u, g);
    const gl = solveLT(l, gy).matmul(mT(u.matmul(x)));
    return below(gl)
      .add(above(gy.matmul(mT(x))))
      .neg();
  }
  const pt = mT(callMulti(ops.lu_unpack, 2, lu.detach(), pivots)[2]!);
  const z = pt.matmul(x);
  const gw = solveL(l, pt.matmul(g));
  const w = mT(l).matmul(z);
  return below(z.matmul(mT(gw)))
    .add(above(w.matmul(mT(solveU(u, gw)))))
    .neg();
}
