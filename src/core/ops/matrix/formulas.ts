/** @file Derivatives of linear algebra, in differentiable ops (Giles, 2008; Townsend, 2016). */
import type { Tensor } from "../../tensor.js";
import { call, callMulti } from "../dispatch.js";
import { fullOf } from "../make.js";
import { ops } from "../op.js";
import { cat, stack, triangle } from "../shape_ops.js";
import { helper } from "../trace.js";

type Maybe = Tensor | null | undefined;
const mT = (t: Tensor): Tensor => t.transpose(-2, -1);
const inverse = (a: Tensor): Tensor => callMulti(ops.linalg_inv_ex, 1, a)[0]!;
const asMatrix = (t: Tensor): Tensor => t.unsqueeze(-1).unsqueeze(-1);
const rows = (t: Tensor): number => t._shape.at(-2)!;
const columns = (t: Tensor): number => t._shape.at(-1)!;
const eye = (n: number, like: Tensor): Tensor => fullOf([n], 1, like.dtype).diag();
const total = (...terms: Maybe[]): Tensor | null =>
  terms.reduce<Tensor | null>((sum, t) => (t == null ? sum : sum === null ? t : sum.add(t)), null);

export const inv_backward = helper(
  "inv_backward",
  (grad: Tensor, result: Tensor): Tensor => mT(result).matmul(grad).matmul(mT(result)).neg(),
);

/** det(A) A⁻ᵀ; where A is singular the cofactors, from the singular values. */
export const det_backward = helper("det_backward", (grad: Tensor, self: Tensor, result: Tensor): Tensor => {
  const regular = !result.eq(0).any().item();
  if (regular) return asMatrix(grad.mul(result)).mul(mT(inverse(self)));
  const [u, s, vh] = callMulti(ops.linalg_svd, 3, self, false) as [Tensor, Tensor, Tensor];
  const n = columns(s);
  const others = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) => j)
      .filter((j) => j !== i)
      .map((j) => s.select(-1, j))
      .reduce((a, b) => a.mul(b), fullOf(s._shape.slice(0, -1), 1, s.dtype)),
  );
  const products = stack(others, -1);
  const sign = call(ops.linalg_det, u).mul(call(ops.linalg_det, vh));
  return asMatrix(grad.mul(sign)).mul(u.mul(products.unsqueeze(-2)).matmul(vh));
});

export const slogdet_backward = helper(
  "slogdet_backward",
  (grads: readonly Maybe[], self: Tensor): Tensor | null => {
    const grad = grads[1];
    return grad == null ? null : asMatrix(grad).mul(mT(inverse(self)));
  },
);

export const solve_right = helper(
  "linalg_solve_backward_B",
  (grad: Tensor, a: Tensor, left: boolean, vector: boolean): Tensor =>
    callMulti(ops.linalg_solve_ex, 1, mT(a), grad, left, vector)[0]!,
);
export const solve_left = helper(
  "linalg_solve_backward_A",
  (grad: Tensor, a: Tensor, x: Tensor, left: boolean, vector: boolean): Tensor => {
    const gb = callMulti(ops.linalg_solve_ex, 1, mT(a), grad, left, vector)[0]!;
    if (vector) return gb.unsqueeze(-1).mul(x.unsqueeze(-2)).neg();
    return (left ? gb.matmul(mT(x)) : mT(x).matmul(gb)).neg();
  },
);

export const triangular_right = helper(
  "linalg_solve_triangular_backward_B",
  (grad: Tensor, a: Tensor, upper: boolean, left: boolean, unit: boolean): Tensor =>
    call(ops.linalg_solve_triangular, mT(a), grad, !upper, left, unit),
);
export const triangular_left = helper(
  "linalg_solve_triangular_backward_A",
  (grad: Tensor, a: Tensor, x: Tensor, upper: boolean, left: boolean, unit: boolean): Tensor => {
    const gb = call(ops.linalg_solve_triangular, mT(a), grad, !upper, left, unit);
    const full = (left ? gb.matmul(mT(x)) : mT(x).matmul(gb)).neg();
    const skip = unit ? 1 : 0;
    return upper ? triangle("triu", full, skip) : triangle("tril", full, -skip);
  },
);

/** L⁻ᵀ Φ(Lᵀ gL) L⁻¹, symmetric; Φ takes the lower triangle and half the diagonal. */
export const cholesky_backward = helper(
  "cholesky_backward",
  (grad_: Tensor, result: Tensor, upper: boolean): Tensor => {
    const l = upper ? mT(result) : result;
    const grad = upper ? mT(grad_) : grad_;
    const inner = triangle("tril", mT(l).matmul(triangle("tril", grad)));
    const phi = inner.add(mT(triangle("tril", inner, -1))).mul(0.5);
    const li = call(ops.linalg_solve_triangular, l, eye(rows(l), l), false, true, false);
    return mT(li).matmul(phi).matmul(li);
  },
);

/** The lower triangle mirrored to the upper one. */
const mirrored = (m: Tensor): Tensor => triangle("tril", m).add(mT(triangle("tril", m, -1)));

/** Of Q R = A with R square. */
function squareQr(gq: Maybe, gr: Maybe, q: Tensor, r: Tensor): Tensor | null {
  const m = total(gr == null ? null : r.matmul(mT(gr)), gq == null ? null : mT(gq).matmul(q).neg());
  if (m === null) return null;
  const inner = total(gq, q.matmul(mirrored(m)))!;
  return mT(call(ops.linalg_solve_triangular, r, mT(inner), true, true, false));
}

export const qr_backward = helper(
  "qr_backward",
  (grads: readonly Maybe[], a: Tensor, mode: string): Tensor | null => {
    const [q, r] = callMulti(ops.linalg_qr, 2, a, mode) as [Tensor, Tensor];
    const [gq, gr] = grads;
    if (rows(a) >= columns(a)) return squareQr(gq, gr, q, r);
    // A = [X | Y], R = [U | V]: Y = Q V adds to the gradient of Q.
    const k = rows(a);
    const rest = columns(a) - k;
    const gu = gr?.narrow(-1, 0, k);
    const gv = gr?.narrow(-1, k, rest);
    const y = a.narrow(-1, k, rest);
    const first = squareQr(total(gq, gv === undefined ? null : y.matmul(mT(gv))), gu, q, r.narrow(-1, 0, k));
    if (gv === undefined) {
      return first === null ? null : cat([first, fullOf([...a._shape.slice(0, -1), rest], 0, a.dtype)], -1);
    }
    return cat([first!, q.matmul(gv)], -1);
  },
);

/** V (diag gw + (Vᵀ gV) / E) Vᵀ with E = wⱼ − wᵢ. */
export const eigh_backward = helper(
  "eigh_backward",
  (grads: readonly Maybe[], a: Tensor, uplo: string): Tensor | null => {
    const [w, v] = callMulti(ops.linalg_eigh, 2, a, uplo) as [Tensor, Tensor];
    const [gw, gv] = grads;
    const between = gv == null ? null : mT(v).matmul(gv).div(gaps(w));
    const inner = total(gw?.diag_embed(), between);
    return inner === null ? null : v.matmul(inner).matmul(mT(v));
  },
);

/** wⱼ − wᵢ, infinite on the diagonal. */
function gaps(w: Tensor): Tensor {
  const e = w.unsqueeze(-2).sub(w.unsqueeze(-1));
  const n = columns(w);
  return e.masked_fill(eye(n, w).ne(0), Number.POSITIVE_INFINITY);
}

export const svd_backward = helper("svd_backward", (grads: readonly Maybe[], a: Tensor): Tensor | null => {
  const [u, s, vh] = callMulti(ops.linalg_svd, 3, a, false) as [Tensor, Tensor, Tensor];
  const k = columns(s);
  const gu = grads[0]?.narrow(-1, 0, k);
  const gs = grads[1];
  const gv = grads[2] == null ? undefined : mT(grads[2].narrow(-2, 0, k));
  const v = mT(vh);
  const e = gaps(s.mul(s));
  const skew = (x: Tensor): Tensor => x.sub(mT(x)).div(e);
  const byRow = s.unsqueeze(-1);
  const byColumn = s.unsqueeze(-2);
  const inner = total(
    gs?.diag_embed(),
    gu === undefined ? null : skew(mT(u).matmul(gu)).mul(byColumn),
    gv === undefined ? null : skew(mT(v).matmul(gv)).mul(byRow),
  );
  let out = inner === null ? null : u.matmul(inner).matmul(vh);
  if (gu !== undefined && rows(a) > k) {
    const scaled = gu.div(byColumn);
    out = total(out, scaled.sub(u.matmul(mT(u).matmul(scaled))).matmul(vh));
  }
  if (gv !== undefined && columns(a) > k) {
    const scaled = gv.div(byColumn);
    out = total(out, u.matmul(mT(scaled.sub(v.matmul(vh.matmul(scaled))))));
  }
  return out;
});

/** The corner of exp of [[Aᵀ, G], [0, Aᵀ]] (Mathias, 1996). */
export const matrix_exp_backward = helper("matrix_exp_backward", (grad: Tensor, a: Tensor): Tensor => {
  const n = rows(a);
  const t = mT(a);
  const below = cat([fullOf(a._shape, 0, a.dtype), t], -1);
  const block = cat([cat([t, grad], -1), below], -2);
  return call(ops.linalg_matrix_exp, block).narrow(-2, 0, n).narrow(-1, n, n);
});

/** −Pᵀ G Pᵀ + (I − A P) Gᵀ P Pᵀ + Pᵀ P Gᵀ (I − P A) (Golub and Pereyra, 1973). */
export const pinv_backward = helper("pinv_backward", (grad: Tensor, a: Tensor, p: Tensor): Tensor => {
  const pt = mT(p);
  const gt = mT(grad);
  const right = gt.matmul(p).matmul(pt);
  const left = pt.matmul(p).matmul(gt);
  return total(
    pt.matmul(grad).matmul(pt).neg(),
    right.sub(a.matmul(p).matmul(right)),
    left.sub(left.matmul(p).matmul(a)),
  )!;
});
