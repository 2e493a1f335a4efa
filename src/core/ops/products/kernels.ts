/** @file Kernels of products and attention, put together from those of matrices and reductions. */
import { B, binary } from "../../kernels/binary.js";
import { castTo, contiguousOf, copyInto, emptyLike, newTensor } from "../../kernels/copy.js";
import { dot, matmul, mv } from "../../kernels/matmul.js";
import { sum, vectorNorm } from "../../kernels/reduce.js";
import { softmax } from "../../kernels/softmax.js";
import { select, transpose, unsqueeze, view } from "../../kernels/views.js";
import { sizeOf } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";

const times = (a: Tensor, by: number): Tensor => (by === 1 ? a : binary(B.mul, a, by, a.dtype));
/** `product · alpha + self · beta`; NaN in `self` does not count where beta is 0. */
function added(self: Tensor, product: Tensor, beta: number, alpha: number): Tensor {
  const scaled = times(product, alpha);
  return beta === 0 ? scaled : binary(B.add, scaled, times(self, beta));
}

const addmv = (self: Tensor, mat: Tensor, vec: Tensor, beta: number, alpha: number): Tensor =>
  added(self, mv(mat, vec), beta, alpha);
const addr = (self: Tensor, a: Tensor, b: Tensor, beta: number, alpha: number): Tensor =>
  added(self, binary(B.mul, unsqueeze(a, 1), unsqueeze(b, 0)), beta, alpha);
const baddbmm = (self: Tensor, a: Tensor, b: Tensor, beta: number, alpha: number): Tensor =>
  added(self, matmul(a, b), beta, alpha);
const addbmm = (self: Tensor, a: Tensor, b: Tensor, beta: number, alpha: number): Tensor =>
  added(self, sum(matmul(a, b), [0], false), beta, alpha);

/** a × b along a dimension of length 3. */
function cross(a: Tensor, b: Tensor, dim: number): Tensor {
  const [a0, a1, a2] = [0, 1, 2].map((i) => select(a, dim, i)) as [Tensor, Tensor, Tensor];
  const [b0, b1, b2] = [0, 1, 2].map((i) => select(b, dim, i)) as [Tensor, Tensor, Tensor];
  const minor = (p: Tensor, q: Tensor, r: Tensor, s: Tensor): Tensor =>
    binary(B.sub, binary(B.mul, p, q), binary(B.mul, r, s));
  const parts = [minor(a1, b2, a2, b1), minor(a2, b0, a0, b2), minor(a0, b1, a1, b0)];
  const shape = parts[0]!._shape.slice();
  shape.splice(dim, 0, 3);
  const out = newTensor(sizeOf(shape), parts[0]!.dtype);
  parts.forEach((part, i) => {
    copyInto(select(out, dim, i), part, out.dtype);
  });
  return out;
}

function trilinear(x: Tensor, weight: Tensor, y: Tensor): Tensor {
  const [o, i, j] = weight._shape as readonly number[] as [number, number, number];
  const n = x._shape[0]!;
  const rows = matmul(x, view(contiguousOf(transpose(weight, 0, 1)), [i, o * j]));
  const product = binary(B.mul, view(contiguousOf(rows), [n, o, j]), unsqueeze(y, 1));
  return sum(product, [2], false);
}

function safeSoftmax(self: Tensor, dim: number): Tensor {
  const out = softmax(self, dim, false);
  const at = dim < 0 ? dim + self._shape.length : dim;
  if (self._shape.length === 0 || self._numel === 0) return out;
  const x = contiguousOf(transpose(self, at, self._shape.length - 1));
  const y = transpose(out, at, out._shape.length - 1);
  const n = x._shape.at(-1)!;
  const data = x._storage.data as NumberArray;
  for (let row = 0; row * n < x._numel; row++) {
    let hidden = true;
    for (let k = 0; k < n; k++) hidden &&= data[x._offset + row * n + k] === Number.NEGATIVE_INFINITY;
    if (hidden) zeroRow(y, row);
  }
  return out;
}

/** Zeroes row `row` (in row-major order of the other dimensions) of the last dimension. */
function zeroRow(t: Tensor, row: number): void {
  let rest = row;
  let at = t._offset;
  for (let d = t._shape.length - 2; d >= 0; d--) {
    at += (rest % t._shape[d]!) * t._strides[d]!;
    rest = Math.floor(rest / t._shape[d]!);
  }
  const step = t._strides.at(-1)!;
  for (let k = 0; k < t._shape.at(-1)!; k++) (t._storage.data as NumberArray)[at + k * step] = 0;
}

/** softmax(q kᵀ · scale + mask) v of [N, heads, L, E] and [N, heads, S, E]. */
function attention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  causal: boolean,
  mask: Tensor | null,
  scale: number,
): Tensor {
  const [n, heads, rows, columns] = [q._shape[0]!, q._shape[1]!, q._shape[2]!, k._shape[2]!];
  const merged = (t: Tensor): Tensor => view(contiguousOf(t), [n * heads, t._shape[2]!, t._shape[3]!]);
  const scores = view(times(matmul(merged(q), transpose(merged(k), 1, 2)), scale), [n, heads, rows, columns]);
  const masked = mask === null ? scores : castTo(binary(B.add, scores, mask), q.dtype);
  const weights = safeSoftmax(causal ? withoutFuture(masked) : masked, 3);
  const out = matmul(merged(weights), merged(v));
  // In memory the result lies as the query does, which is what PyTorch's fused kernel makes of it.
  return copyInto(emptyLike(q, q.dtype), view(out, [n, heads, rows, v._shape[3]!]), q.dtype);
}

/** −∞ above the diagonal. */
function withoutFuture(scores: Tensor): Tensor {
  const out = contiguousOf(scores);
  const [m, n] = out._shape.slice(-2) as [number, number];
  const data = out._storage.data as NumberArray;
  for (let row = 0; row * n < out._numel; row++) {
    for (let j = (row % m) + 1; j < n; j++) data[out._offset + row * n + j] = Number.NEGATIVE_INFINITY;
  }
  return out;
}

export const productKernels = {
  addmv,
  addr,
  baddbmm,
  addbmm,
  vdot: dot,
  linalg_cross: cross,
  _trilinear: trilinear,
  _safe_softmax: safeSoftmax,
  _scaled_dot_product_flash_attention_for_cpu: attention,
  norm_ScalarOpt_dim: vectorNorm,
  dist: (a: Tensor, b: Tensor, p: number) => vectorNorm(binary(B.sub, a, b), p, null, false),
};
