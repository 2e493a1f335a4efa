/** @file Outer, inner, Kronecker and cross products, contractions and chains, as functions. */
import { argumentError, RuntimeError } from "../../errors.js";
import { broadcastShapes, formatShape, normalizeDim } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { tensorsArg } from "../check.js";
import { call, call1, call2 } from "../dispatch.js";
import { dot, mm } from "../linalg.js";
import { ops } from "../op.js";
import { any, optInt, optScalar, tensor } from "../parameters.js";
import { permute, reshape, squeeze, unsqueeze } from "../shape_ops.js";
import { fn } from "../signature.js";

/** a ⊗ b of two vectors. */
export const outer = fn("outer", [tensor("input"), tensor("vec2")], (a, b): Tensor => {
  if (a._shape.length !== 1 || b._shape.length !== 1) {
    const [which, t] = a._shape.length !== 1 ? ["self", a] : ["vec2", b];
    throw new RuntimeError(`outer: Expected 1-D argument ${which}, but got ${(t as Tensor)._shape.length}-D`);
  }
  return reshape(a, [a._numel, 1]).mul(b);
});
export const ger = outer;

/** The dot product of two vectors. */
export const vdot = fn("vdot", [tensor("input"), tensor("other")], (a, b): Tensor => {
  if (a._shape.length !== 1 || b._shape.length !== 1) {
    throw new RuntimeError(
      `1D tensors expected, but got ${a._shape.length}D and ${b._shape.length}D tensors`,
    );
  }
  if (a._numel !== b._numel) {
    throw new RuntimeError(
      `inconsistent tensor size, expected tensor ${formatShape(a._shape)} and src ${formatShape(b._shape)} to have the same number of elements, but got ${a._numel} and ${b._numel} elements respectively`,
    );
  }
  return call2(ops.vdot, a, b);
});

/** Every element of `input` times all of `other`. */
export const kron = fn("kron", [tensor("input"), tensor("other")], (a, b): Tensor => {
  const rank = Math.max(a._shape.length, b._shape.length);
  const padded = (t: Tensor): number[] => [...new Array<number>(rank - t._shape.length).fill(1), ...t._shape];
  const [p, q] = [padded(a), padded(b)];
  const left = call1(
    ops._unsafe_view,
    a,
    p.flatMap((n) => [n, 1]),
  );
  const right = call1(
    ops._unsafe_view,
    b,
    q.flatMap((n) => [1, n]),
  );
  return call1(
    ops._unsafe_view,
    left.mul(right),
    p.map((n, d) => n * q[d]!),
  );
});

/** a × b of vectors of three along `dim`. */
export function crossAlong(a: Tensor, b: Tensor, dim: number): Tensor {
  if (a._shape.length !== b._shape.length) {
    throw new RuntimeError("linalg.cross: inputs must have the same number of dimensions.");
  }
  const d = normalizeDim(dim, a._shape.length);
  if (a._shape[d] !== 3 || b._shape[d] !== 3) {
    throw new RuntimeError(
      `linalg.cross: inputs dimension ${dim} must have length 3. Got ${a._shape[d]} and ${b._shape[d]}`,
    );
  }
  broadcastShapes(a._shape, b._shape);
  return call(ops.linalg_cross, a, b, d);
}
/** The cross product along `dim`, or the first dimension of length 3. */
export const cross = fn(
  "cross",
  [tensor("input"), tensor("other"), optInt("dim", null)],
  (a, b, dim): Tensor => {
    if (dim !== null) return crossAlong(a, b, dim);
    const found = a._shape.indexOf(3);
    if (found < 0) throw new RuntimeError("no dimension of size 3 in input");
    return crossAlong(a, b, found);
  },
);

/** Products summed over the last dimensions. */
export const inner = fn("inner", [tensor("input"), tensor("other")], (a, b): Tensor => {
  if (a._shape.length === 0 || b._shape.length === 0) return a.mul(b);
  if (a._shape.at(-1) !== b._shape.at(-1)) {
    throw new RuntimeError(
      `inner() the last dimension must match on both input tensors but got shapes ${formatShape(a._shape)} and ${formatShape(b._shape)}`,
    );
  }
  return tensordot(a, b, { dims: [[-1], [-1]] });
});

export type ContractedDims = number | readonly [readonly number[], readonly number[]];

/** Contracts dimensions of `a` with dimensions of `b`: the last and first `dims`, or two lists of them. */
export const tensordot = fn(
  "tensordot",
  [tensor("a"), tensor("b"), any<"dims", ContractedDims | undefined>("dims")],
  (a, b, dims): Tensor => {
    const [x, y] = contracted(a, b, dims ?? 2);
    return contract(a, b, x, y);
  },
);

function contracted(a: Tensor, b: Tensor, dims: ContractedDims): [number[], number[]] {
  if (typeof dims !== "number") {
    return [
      dims[0].map((d) => normalizeDim(d, a._shape.length)),
      dims[1].map((d) => normalizeDim(d, b._shape.length)),
    ];
  }
  if (dims < 0) throw new RuntimeError(`tensordot expects dims >= 0, but got dims=${dims}`);
  if (dims > Math.min(a._shape.length, b._shape.length)) {
    throw new RuntimeError(`tensordot expects dims < ndim_a or ndim_b, but got dims=${dims}`);
  }
  const first = Array.from({ length: dims }, (_, i) => i);
  return [first.map((i) => i + a._shape.length - dims), first];
}

function contract(a_: Tensor, b_: Tensor, x: readonly number[], y: readonly number[]): Tensor {
  if (x.length !== y.length) {
    throw new RuntimeError("both dimension lists should have same length");
  }
  let a = a_;
  let b = b_;
  x.forEach((d, i) => {
    const [n, m] = [a._shape[d]!, b._shape[y[i]!]!];
    if (n === m) return;
    if (m === 1) a = a.sum(d, true);
    else if (n === 1) b = b.sum(y[i]!, true);
    else {
      throw new RuntimeError(
        `contracted dimensions need to match, but first has size ${n} in dim ${d} and second has size ${m} in dim ${y[i]}`,
      );
    }
  });
  const own = a._shape.map((_, d) => d).filter((d) => !x.includes(d));
  const other = b._shape.map((_, d) => d).filter((d) => !y.includes(d));
  const size = x.reduce((n, d) => n * a._shape[d]!, 1);
  const shape = [...own.map((d) => a._shape[d]!), ...other.map((d) => b._shape[d]!)];
  const [m, n] = [own, other].map((list, k) => list.reduce((p, d) => p * (k === 0 ? a : b)._shape[d]!, 1));
  const left = permute(a, [...own, ...x]);
  const right = permute(b, [...y, ...other]);
  if (m === 1 && n === 1 && size > 0) return reshape(flatDot(left, right), shape);
  return reshape(mm(reshape(left, [m!, size]), reshape(right, [size, n!])), shape);
}

/** Both are one row: PyTorch takes the dot product, or multiplies and sums where they are not vectors. */
function flatDot(a: Tensor, b: Tensor): Tensor {
  if (a._shape.length === 1 && b._shape.length === 1 && a._contiguous && b._contiguous) return dot(a, b);
  return squeeze(a).mul(squeeze(b)).sum();
}

/** The p-norm of the difference, broadcast. */
export const dist = fn(
  "dist",
  [tensor("input"), tensor("other"), optScalar("p", 2)],
  (a, b, p): Tensor => call(ops.dist, a, b, p),
);

/** Products of a chain of matrices, in the cheapest order. */
export function multi_dot(tensors: readonly Tensor[]): Tensor {
  if (!Array.isArray(tensors))
    throw argumentError("linalg_multi_dot", "tensors", 1, "tuple of Tensors", tensors);
  tensorsArg("linalg_multi_dot", tensors);
  if (tensors.length < 2)
    throw new RuntimeError("multi_dot(): expected at least 2 tensors but got " + tensors.length);
  const first = tensors[0]!;
  const last = tensors.at(-1)!;
  const list = [...tensors];
  const shape: number[] = [];
  if (first._shape.length === 1) list[0] = unsqueeze(first, 0);
  else shape.push(first._shape[0]!);
  if (last._shape.length === 1) list[list.length - 1] = unsqueeze(last, -1);
  else shape.push(last._shape[1]!);
  list.forEach((t, i) => {
    if (t._shape.length !== 2) {
      throw new RuntimeError(`multi_dot(): tensor ${i} must be 2D but got ${t._shape.length}D`);
    }
    const next = list[i + 1];
    if (next === undefined || t._shape[1] === next._shape[0]) return;
    throw new RuntimeError(
      `multi_dot(): tensors ${i} and ${i + 1} with shapes ${formatShape(t._shape)} and ${formatShape(next._shape)} cannot be multiplied`,
    );
  });
  return reshape(chain(list), shape);
}

/** Matrix chain multiplication by dynamic programming (Cormen et al., section 14.2). */
function chain(list: readonly Tensor[]): Tensor {
  const n = list.length;
  if (n === 2) return mm(list[0]!, list[1]!);
  const p = [list[0]!._shape[0]!, ...list.map((t) => t._shape[1]!)];
  if (n === 3) {
    const [a, b, c] = list as readonly [Tensor, Tensor, Tensor];
    const left = p[0]! * p[2]! * (p[1]! + p[3]!);
    const right = p[1]! * p[3]! * (p[0]! + p[2]!);
    return left > right ? mm(a, mm(b, c)) : mm(mm(a, b), c);
  }
  const cost = list.map(() => new Array<number>(n).fill(0));
  const split = list.map(() => new Array<number>(n).fill(0));
  for (let length = 1; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length;
      cost[i]![j] = Number.POSITIVE_INFINITY;
      for (let k = i; k < j; k++) {
        const c = cost[i]![k]! + cost[k + 1]![j]! + p[i]! * p[k + 1]! * p[j + 1]!;
        if (c >= cost[i]![j]!) continue;
        cost[i]![j] = c;
        split[i]![j] = k;
      }
    }
  }
  const product = (i: number, j: number): Tensor =>
    i === j ? list[i]! : mm(product(i, split[i]![j]!), product(split[i]![j]! + 1, j));
  return product(0, n - 1);
}
