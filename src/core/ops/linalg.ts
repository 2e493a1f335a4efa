/** @file Matrix products. `matmul` decomposes into the ops PyTorch records. */
import { needsGrad } from "../autograd/edges.js";
import { RuntimeError } from "../errors.js";
import { broadcastShapes, formatShape, isExpandable } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { tensorArg } from "./check.js";
import { call, call1, call2 } from "./dispatch.js";
import { ops } from "./op.js";
import { contiguous } from "./pointwise.js";
import { expand, reshape, squeeze, t, transpose, unsqueeze } from "./shape_ops.js";

const rank = (x: Tensor): number => x._shape.length;
const times = (a: number, b: number): string => `${a}x${b}`;

export function mm(self: Tensor, mat2: Tensor): Tensor {
  const a = tensorArg("mm", "input", 1, self);
  const b = tensorArg("mm", "mat2", 2, mat2);
  if (rank(a) !== 2) throw new RuntimeError("self must be a matrix");
  if (rank(b) !== 2) throw new RuntimeError("mat2 must be a matrix");
  checkProduct(a, b);
  return call2(ops.mm, a, b);
}

function checkProduct(a: Tensor, b: Tensor): void {
  if (a._shape[1] === b._shape[0]) return;
  throw new RuntimeError(
    `mat1 and mat2 shapes cannot be multiplied (${times(a._shape[0]!, a._shape[1]!)} and ${times(b._shape[0]!, b._shape[1]!)})`,
  );
}

export function mv(self: Tensor, vec: Tensor): Tensor {
  const a = tensorArg("mv", "input", 1, self);
  const v = tensorArg("mv", "vec", 2, vec);
  if (rank(a) !== 2 || rank(v) !== 1) {
    throw new RuntimeError(`vector + matrix @ vector expected, got 1, ${rank(a)}, ${rank(v)}`);
  }
  if (a._shape[1] !== v._shape[0]) {
    throw new RuntimeError(
      `size mismatch, got input (${a._shape[0]}), mat (${times(a._shape[0]!, a._shape[1]!)}), vec (${v._shape[0]})`,
    );
  }
  return call2(ops.mv, a, v);
}

export function dot(self: Tensor, tensor: Tensor): Tensor {
  const a = tensorArg("dot", "input", 1, self);
  const b = tensorArg("dot", "tensor", 2, tensor);
  if (rank(a) !== 1 || rank(b) !== 1) {
    throw new RuntimeError(`1D tensors expected, but got ${rank(a)}D and ${rank(b)}D tensors`);
  }
  if (a.dtype !== b.dtype) {
    throw new RuntimeError(
      `dot : expected both vectors to have same dtype, but found ${a.dtype.scalarName} and ${b.dtype.scalarName}`,
    );
  }
  if (a._numel !== b._numel) {
    throw new RuntimeError(
      `inconsistent tensor size, expected tensor [${a._numel}] and src [${b._numel}] to have the same number of elements, but got ${a._numel} and ${b._numel} elements respectively`,
    );
  }
  return call2(ops.dot, a, b);
}

export function bmm(self: Tensor, mat2: Tensor): Tensor {
  tensorArg("bmm", "input", 1, self);
  tensorArg("bmm", "mat2", 2, mat2);
  if (rank(self) !== 3) throw new RuntimeError("batch1 must be a 3D tensor");
  if (rank(mat2) !== 3) throw new RuntimeError("batch2 must be a 3D tensor");
  if (self._shape[0] !== mat2._shape[0] || self._shape[2] !== mat2._shape[1]) {
    throw new RuntimeError(
      `Expected size for first two dimensions of batch2 tensor to be: [${self._shape[0]}, ${self._shape[2]}] but got: [${mat2._shape[0]}, ${mat2._shape[1]}].`,
    );
  }
  return call2(ops.bmm, self, mat2);
}

/** `beta · input + alpha · mat1 @ mat2`. */
export function addmm(input: Tensor, mat1: Tensor, mat2: Tensor, beta = 1, alpha = 1): Tensor {
  checkProduct(mat1, mat2);
  const shape = [mat1._shape[0]!, mat2._shape[1]!];
  if (!isExpandable(input._shape, shape)) expand(input, shape);
  return call(ops.addmm, input, mat1, mat2, beta, alpha);
}

/** `torch.matmul`: vectors, matrices and broadcast batches of them. */
export function matmul(self: Tensor, other: Tensor): Tensor {
  const a = tensorArg("matmul", "input", 1, self);
  const b = tensorArg("matmul", "other", 2, other);
  const m = rank(a);
  const n = rank(b);
  if (m === 0 || n === 0) {
    throw new RuntimeError(`both arguments to matmul need to be at least 1D, but they are ${m}D and ${n}D`);
  }
  if (m === 1 && n === 1) return dot(a, b);
  if (m === 2 && n === 1) return mv(a, b);
  if (m === 1 && n === 2) return call1(ops.squeeze_dim_, mm(unsqueeze(a, 0), b), 0);
  if (m === 2 && n === 2) return mm(a, b);
  if (m === 3 && n === 3 && a._shape[0] !== b._shape[0]) {
    // A batch of one that takes a gradient is dropped, so that the product folds.
    if (a._shape[0] === 1 && needsGrad(a)) return matmul(squeeze(a, 0), b);
    if (b._shape[0] === 1 && needsGrad(b)) return matmul(a, squeeze(b, 0));
  }
  if (shouldFold(a, b)) return folded(a, b);
  return batched(a, b);
}

/**
 * Whether the batch of the larger operand folds into rows of one matrix product: always where the smaller
 * one takes a gradient (else backward would need a batch of copies of it), else where it costs no copy.
 */
function shouldFold(a: Tensor, b: Tensor): boolean {
  const aLarger = rank(a) >= rank(b);
  const large = aLarger ? a : b;
  const small = aLarger ? b : a;
  if (rank(large) < 3 || rank(small) > 2) return false;
  if (needsGrad(small)) return true;
  if (rank(a) === 2) return false;
  if (large._numel === 0) return true;
  const strides = large._strides.slice();
  const shape = large._shape.slice();
  if (!aLarger) {
    const n = rank(large);
    [strides[n - 1], strides[n - 2]] = [strides[n - 2]!, strides[n - 1]!];
    [shape[n - 1], shape[n - 2]] = [shape[n - 2]!, shape[n - 1]!];
  }
  for (let i = 0; i < rank(large) - 2; i++) {
    if (strides[i] !== strides[i + 1]! * shape[i + 1]!) return false;
  }
  return true;
}

function folded(a: Tensor, b: Tensor): Tensor {
  if (rank(a) < rank(b)) return foldedTransposed(a, b);
  const lead = a._shape.slice(0, -1);
  const rows = lead.reduce((p, d) => p * d, 1);
  const flat = reshape(a, [rows, a._shape.at(-1)!]);
  if (rank(b) === 1) return call1(ops._unsafe_view, mv(flat, b), lead);
  return call1(ops._unsafe_view, mm(flat, b), [...lead, b._shape[1]!]);
}

/** The batch stands on the right: (bᵀ aᵀ)ᵀ. */
function foldedTransposed(a: Tensor, b: Tensor): Tensor {
  const swapped = transpose(b, -2, -1);
  const right = rank(a) === 2 ? t(a) : a;
  const lead = swapped._shape.slice(0, -1);
  const rows = lead.reduce((p, d) => p * d, 1);
  const flat = reshape(swapped, [rows, swapped._shape.at(-1)!]);
  if (rank(a) === 1) return call1(ops._unsafe_view, mv(flat, right), lead);
  const product = call1(ops._unsafe_view, mm(flat, right), [...lead, a._shape[0]!]);
  return contiguous(transpose(product, -2, -1));
}

function batched(a: Tensor, b: Tensor): Tensor {
  const x = rank(a) === 1 ? unsqueeze(a, 0) : a;
  const y = rank(b) === 1 ? unsqueeze(b, 1) : b;
  const batch = broadcastShapes(x._shape.slice(0, -2), y._shape.slice(0, -2));
  const count = batch.reduce((p, d) => p * d, 1);
  const [m, k] = [x._shape.at(-2)!, x._shape.at(-1)!];
  const [l, n] = [y._shape.at(-2)!, y._shape.at(-1)!];
  const left = reshape(expand(x, [...batch, m, k]), [count, m, k]);
  const right = reshape(expand(y, [...batch, l, n]), [count, l, n]);
  let out = call1(ops._unsafe_view, bmm(left, right), [...batch, m, n]);
  if (rank(b) === 1) out = squeeze(out, -1);
  return rank(a) === 1 ? squeeze(out, -2) : out;
}

/** `input @ weightᵀ + bias`. */
export function linear(input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  const x = tensorArg("linear", "input", 1, input);
  const w = tensorArg("linear", "weight", 2, weight);
  if (bias === null) return matmul(x, t(w));
  if (rank(x) === 2) return addmm(bias, x, t(w));
  if (x._shape.at(-1) !== w._shape.at(-1)) {
    const rows = x._shape.slice(0, -1).reduce((p, d) => p * d, 1);
    throw new RuntimeError(
      `mat1 and mat2 shapes cannot be multiplied (${times(rows, x._shape.at(-1)!)} and ${formatShape(t(w)._shape).slice(1, -1).replace(", ", "x")})`,
    );
  }
  const lead = x._shape.slice(0, -1);
  const flat = reshape(x, [lead.reduce((p, d) => p * d, 1), x._shape.at(-1)!]);
  return reshape(addmm(bias, flat, t(w)), [...lead, w._shape[0]!]);
}
