/** @file Windows on a tensor's memory, their copies, and writing through them, as functions. */

import { IndexError, RuntimeError } from "../../errors.js";
import { normalizeDim } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1, callView } from "../dispatch.js";
import { ops } from "../op.js";
import { int, ints, optDims, optInt, tensor } from "../parameters.js";
import * as s from "../shape_ops.js";
import { fn } from "../signature.js";
import { self, wrap } from "./common.js";

/** A view of all windows of `size` along a dimension, `step` apart. */
export const unfold = fn(
  "unfold",
  [tensor("input"), int("dimension"), int("size"), int("step")],
  (x, dim, size, step) => callView(ops.unfold, x, ...unfoldArgs(x, dim, size, step)),
);
function unfoldArgs(x: Tensor, dim: number, size: number, step: number): [number, number, number] {
  const d = wrap(x, dim);
  const n = x._shape[d] ?? 1;
  if (size > n) {
    throw new RuntimeError(`maximum size for tensor at dimension ${d} is ${n} but size is ${size}`);
  }
  if (step <= 0) throw new RuntimeError(`step is ${step} but must be > 0`);
  return [d, size, step];
}

export const select_scatter = fn(
  "select_scatter",
  [tensor("input"), tensor("src"), int("dim"), int("index")],
  (x, src, dim, index) => call(ops.select_scatter, x, src, wrap(x, dim), index),
);
export const slice_scatter = fn(
  "slice_scatter",
  [
    tensor("input"),
    tensor("src"),
    optInt("dim", 0),
    optInt("start", null),
    optInt("end", null),
    optInt("step", 1),
  ],
  (x, src, dim, start, end, step) =>
    call(ops.slice_scatter, x, src, wrap(x, dim), start ?? 0, end ?? 2 ** 53, step),
);
export const as_strided_scatter = fn(
  "as_strided_scatter",
  [tensor("input"), tensor("src"), ints("size"), ints("stride"), optInt("storage_offset", null)],
  (x, src, size, stride, offset) => call(ops.as_strided_scatter, x, src, size, stride, offset ?? 0),
);

export const alias_copy = fn("alias_copy", self, (x) => call1(ops.alias_copy, x));
export const as_strided_copy = fn(
  "as_strided_copy",
  [tensor("input"), ints("size"), ints("stride"), optInt("storage_offset", null)],
  (x, size, stride, offset) => call1(ops.as_strided_copy, x, size, stride, offset ?? x._offset),
);
export const expand_copy = fn("expand_copy", [tensor("input"), ints("size")], (x, size) =>
  call1(ops.expand_copy, x, size),
);
export const permute_copy = fn("permute_copy", [tensor("input"), ints("dims")], (x, dims) =>
  call1(
    ops.permute_copy,
    x,
    dims.map((d) => wrap(x, d)),
  ),
);
export const squeeze_copy = fn("squeeze_copy", [tensor("input"), optDims("dim")], (x, dim) => {
  if (dim === null) return call1(ops.squeeze_copy, x);
  if (typeof dim === "number") return call1(ops.squeeze_copy_dim, x, wrap(x, dim));
  return call1(
    ops.squeeze_copy_dims,
    x,
    dim.map((d) => wrap(x, d)),
  );
});
export const t_copy = fn("t_copy", self, (x) => {
  if (x._shape.length > 2) {
    throw new RuntimeError(`t() expects a tensor with <= 2 dimensions, but self is ${x._shape.length}D`);
  }
  return call1(ops.t_copy, x);
});
export const transpose_copy = fn("transpose_copy", [tensor("input"), int("dim0"), int("dim1")], (x, a, b) =>
  call1(ops.transpose_copy, x, wrap(x, a), wrap(x, b)),
);

export const unfold_copy = fn(
  "unfold_copy",
  [tensor("input"), int("dimension"), int("size"), int("step")],
  (x, dim, size, step) => call1(ops.unfold_copy, x, ...unfoldArgs(x, dim, size, step)),
);
export const unsqueeze_copy = fn("unsqueeze_copy", [tensor("input"), int("dim")], (x, dim) =>
  call1(ops.unsqueeze_copy, x, normalizeDim(dim, x._shape.length + 1)),
);
export const view_copy = fn("view_copy", [tensor("input"), ints("size")], (x, size) =>
  call1(ops.view_copy, x, size),
);

export const select = fn("select", [tensor("input"), int("dim"), int("index")], (x, dim, index) => {
  if (x._shape.length === 0) throw new IndexError("select() cannot be applied to a 0-dim tensor.");
  return s.select(x, dim, index);
});
export const as_strided = fn(
  "as_strided",
  [tensor("input"), ints("size"), ints("stride"), optInt("storage_offset", null)],
  (x, size, stride, offset) => s.as_strided(x, size, stride, offset ?? undefined),
);
