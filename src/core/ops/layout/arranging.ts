/** @file Dimensions and elements in another order or shape, as functions. */

import { RuntimeError } from "../../errors.js";
import { formatShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call1 } from "../dispatch.js";
import { ops } from "../op.js";
import { int, ints, optDims, optInt, optInts, optScalar, sizes, tensor } from "../parameters.js";
import { contiguous } from "../pointwise.js";
import * as s from "../shape_ops.js";
import { fn } from "../signature.js";
import { dimOf, self, wrap } from "./common.js";

/** One dimension as several. */
export const unflatten = fn("unflatten", [tensor("input"), int("dim"), ints("sizes")], (x, dim, inner) => {
  if (inner.length === 0) throw new RuntimeError("unflatten: sizes must be non-empty");
  const d = wrap(x, dim);
  return s.view(x, [...x._shape.slice(0, d), ...inferred(x, d, inner), ...x._shape.slice(d + 1)]);
});

function inferred(x: Tensor, dim: number, inner: readonly number[]): readonly number[] {
  const known = inner.filter((n) => n !== -1).reduce((a, b) => a * b, 1);
  const full = inner.map((n) => (n === -1 ? x._shape[dim]! / Math.max(known, 1) : n));
  if (full.reduce((a, b) => a * b, 1) !== x._shape[dim]) {
    throw new RuntimeError(
      `unflatten: Provided sizes ${formatShape(inner)} don't multiply up to the size of dim ${dim} (${x._shape[dim]}) in the input tensor`,
    );
  }
  return full;
}

/** One dimension. */
export const ravel = fn("ravel", self, (x) => s.view(contiguous(x), [-1]));

/** Dimensions `source` moved to places `destination`. */
export const movedim = fn(
  "movedim",
  [tensor("input"), ints("source"), ints("destination")],
  (x, source, destination) => {
    const from = source.map((d) => wrap(x, d));
    const to = destination.map((d) => wrap(x, d));
    const order = new Array<number>(x._shape.length).fill(-1);
    to.forEach((d, i) => {
      order[d] = from[i]!;
    });
    const rest = x._shape.map((_, d) => d).filter((d) => !from.includes(d));
    return s.permute(
      x,
      order.map((d) => (d < 0 ? rest.shift()! : d)),
    );
  },
);
export const moveaxis = movedim;
export const swapaxes = fn("swapaxes", [tensor("input"), int("axis0"), int("axis1")], s.transpose);
export const swapdims = fn("swapdims", [tensor("input"), int("dim0"), int("dim1")], s.transpose);
export const adjoint = fn("adjoint", self, (x) => s.transpose(x, -2, -1));

/** Left to right. */
export const fliplr = fn("fliplr", self, (x) => {
  if (x._shape.length < 2) throw new RuntimeError("Input must be >= 2-d.");
  return s.flip(x, [1]);
});
/** Top to bottom. */
export const flipud = fn("flipud", self, (x) => {
  if (x._shape.length < 1) throw new RuntimeError("Input must be >= 1-d.");
  return s.flip(x, [0]);
});

/** Elements shifted along dimensions; what falls off the end comes back at the start. */
export const roll = fn("roll", [tensor("input"), ints("shifts"), optInts("dims")], (x, shifts, dims) => {
  if (shifts.length === 0) throw new RuntimeError("`shifts` required");
  const over = dims ?? [];
  if (over.length === 0 && shifts.length === 1) return call1(ops.roll, x, shifts, over);
  if (over.length !== shifts.length) {
    throw new RuntimeError(`shifts and dimensions must align. shifts: ${shifts.length}, dims:${over.length}`);
  }
  return call1(
    ops.roll,
    x,
    shifts,
    over.map((d) => dimOf(x, d)),
  );
});

/** Rotated by 90 degrees `k` times, from the first of `dims` towards the second. */
export const rot90 = fn("rot90", [tensor("input"), optInt("k", 1), optInts("dims")], (x, k, dims) => {
  const [a, b] = dims ?? [0, 1];
  const n = x._shape.length;
  if ((dims ?? [0, 1]).length !== 2) {
    throw new RuntimeError(`expected total rotation dims == 2, but got dims = ${dims!.length}`);
  }
  if (n < 2) throw new RuntimeError(`expected total dims >= 2, but got total dims = ${n}`);
  if (a === b || Math.abs(a! - b!) === n) {
    throw new RuntimeError(`expected rotation dims to be different, but got dim0 = ${a} and dim1 = ${b}`);
  }
  for (const [i, d] of [a!, b!].entries()) {
    if (d >= n || d < -n) throw new RuntimeError(`Rotation dim${i} out of range, dim${i} = ${d}`);
  }
  return call1(ops.rot90, x, k, [wrap(x, a!), wrap(x, b!)]);
});

/** The whole repeated. */
export const tile = fn("tile", [tensor("input"), sizes("dims")], (x, dims) => {
  const lead = x._shape.length - dims.length;
  return s.repeat(x, [...new Array<number>(Math.max(lead, 0)).fill(1), ...dims]);
});

/** Adds `value` around, from the last dimension backwards; negative numbers crop. */
export const constant_pad_nd = fn(
  "constant_pad_nd",
  [tensor("input"), ints("pad"), optScalar("value", 0)],
  (x, pad, value) => call1(ops.constant_pad_nd, x, pad, value),
);
/** Dimensions `start_dim` to `end_dim` as one. */
export const flatten = fn(
  "flatten",
  [tensor("input"), optInt("start_dim", 0), optInt("end_dim", -1)],
  (x, start, end) => {
    if (wrap(x, start) > wrap(x, end)) {
      throw new RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim");
    }
    return s.flatten(x, start, end);
  },
);
/** The order of elements reversed along dimensions. */
export const flip = fn("flip", [tensor("input"), sizes("dims")], (x, dims) => {
  const seen = new Set<number>();
  for (const d of dims.map((n) => wrap(x, n))) {
    if (seen.has(d)) throw new RuntimeError(`dim ${d} appears multiple times in the list of dims`);
    seen.add(d);
  }
  return s.flip(x, dims);
});

export const squeeze_ = fn("squeeze_", [tensor("input"), optDims("dim")], (x, dim) => {
  if (dim === null) return s.restride(ops.squeeze_, x);
  if (typeof dim === "number") return s.restride(ops.squeeze_dim_, x, wrap(x, dim));
  return s.restride(
    ops.squeeze_dims_,
    x,
    dim.map((d) => wrap(x, d)),
  );
});
