/** @file Tensors cut in pieces, as functions. */

import { PyTypeError, pythonTypeName, RuntimeError } from "../../errors.js";
import { indexNumbers } from "../../kernels/views.js";
import { formatShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { callMulti, callViews } from "../dispatch.js";
import { ops } from "../op.js";
import { any, int, ints, optInt, tensor } from "../parameters.js";
import * as s from "../shape_ops.js";
import { fn } from "../signature.js";
import { dimOf, wrap } from "./common.js";

type Sections = number | readonly number[] | Tensor;

/** Pieces as equal as they can be, or cut at the given indices. */
export const tensor_split = fn(
  "tensor_split",
  [tensor("input"), any<"indices_or_sections", Sections>("indices_or_sections"), optInt("dim", 0)],
  (x, by, dim) => {
    if (x._shape.length === 0) {
      throw new RuntimeError(
        "tensor_split expected at least a 1-dimensional tensor, but got a tensor with 0 dims",
      );
    }
    const cuts = cutsOf(by);
    return splitAt(x, cuts, wrap(x, dim));
  },
);

function cutsOf(by: Sections): number | readonly number[] {
  if (typeof by === "number" || Array.isArray(by)) return by as number | readonly number[];
  const t = by as Tensor;
  const numbers = indexNumbers(t);
  return t._shape.length === 0 ? numbers[0]! : numbers;
}

function splitAt(x: Tensor, by: number | readonly number[], dim: number): Tensor[] {
  const n = x._shape[dim]!;
  if (typeof by !== "number") {
    const ends = [...by, n];
    return ends.map((end, i) => s.slice(x, dim, i === 0 ? 0 : ends[i - 1]!, end, 1));
  }
  if (by <= 0) throw new RuntimeError(`number of sections must be larger than 0, got ${by}`);
  let at = 0;
  return Array.from({ length: by }, (_, i) => {
    const size = Math.floor(n / by) + (i < n % by ? 1 : 0);
    at += size;
    return s.slice(x, dim, at - size, at, 1);
  });
}

function splitter(name: "hsplit" | "vsplit" | "dsplit", least: number, dim: (x: Tensor) => number) {
  const params = [
    tensor("input"),
    any<"indices_or_sections", number | readonly number[]>("indices_or_sections"),
  ] as const;
  return fn(name, params, (x, by) => {
    if (typeof by !== "number" && !Array.isArray(by)) {
      throw new PyTypeError(
        `${name}() received an invalid combination of arguments - got (Tensor, ${pythonTypeName(by)}), but expected one of:\n * (Tensor input, int sections)\n * (Tensor input, tuple of ints indices)\n`,
      );
    }
    if (x._shape.length < least) {
      throw new RuntimeError(
        `torch.${name} requires a tensor with at least ${least} dimension, but got a tensor with ${x._shape.length} dimensions!`,
      );
    }
    const d = dim(x);
    if (typeof by === "number" && (by === 0 || x._shape[d]! % by !== 0)) {
      throw new RuntimeError(
        `torch.${name} attempted to split along dimension ${d}, but the size of the dimension ${x._shape[d]} is not divisible by the split_size ${by}!`,
      );
    }
    return splitAt(x, by, d);
  });
}
export const hsplit = splitter("hsplit", 1, (x) => (x._shape.length === 1 ? 0 : 1));
export const vsplit = splitter("vsplit", 2, () => 0);
export const dsplit = splitter("dsplit", 3, () => 2);

/** Pieces of the given sizes. */
export const split_with_sizes = fn(
  "split_with_sizes",
  [tensor("input"), ints("split_sizes"), optInt("dim", 0)],
  (x, sizes, dim) => callViews(ops.split_with_sizes, x, checkSizes(x, sizes, wrap(x, dim)), wrap(x, dim)),
);
export const split_with_sizes_copy = fn(
  "split_with_sizes_copy",
  [tensor("input"), ints("split_sizes"), optInt("dim", 0)],
  (x, sizes, dim) =>
    callMulti(ops.split_with_sizes_copy, sizes.length, x, checkSizes(x, sizes, wrap(x, dim)), wrap(x, dim)),
);

function checkSizes(x: Tensor, sizes: readonly number[], dim: number): readonly number[] {
  if (sizes.reduce((a, b) => a + b, 0) !== x._shape[dim]) {
    throw new RuntimeError(
      `split_with_sizes expects split_sizes to sum exactly to ${x._shape[dim]} (input tensor's size at dimension ${dim}), but got split_sizes=${formatShape(sizes)}`,
    );
  }
  return sizes;
}

function equalSizes(n: number, size: number): number[] {
  if (size < 0)
    throw new RuntimeError(`split expects split_size be non-negative, but got split_size=${size}`);
  if (size === 0 && n > 0) {
    throw new RuntimeError(`split_size can only be 0 if dimension size is 0, but got dimension size of ${n}`);
  }
  const out: number[] = [];
  for (let at = 0; at < n || out.length === 0; at += size) out.push(Math.min(size, n - at));
  return out;
}

/** `split` into copies. */
export const unsafe_split = fn(
  "unsafe_split",
  [tensor("input"), int("split_size"), optInt("dim", 0)],
  (x, size, dim) => {
    const parts = equalSizes(x._shape[wrap(x, dim)]!, size);
    return callMulti(ops.unsafe_split, parts.length, x, parts, wrap(x, dim));
  },
);
export const unsafe_chunk = fn(
  "unsafe_chunk",
  [tensor("input"), int("chunks"), optInt("dim", 0)],
  (x, chunks, dim) => {
    const n = x._shape[wrap(x, dim)]!;
    const parts = equalSizes(n, Math.max(Math.ceil(n / chunks), 1));
    return callMulti(ops.unsafe_split, parts.length, x, parts, wrap(x, dim));
  },
);
export const unbind = fn("unbind", [tensor("input"), optInt("dim", 0)], (x, dim) =>
  callViews(ops.unbind, x, dimOf(x, dim)),
);
export const unbind_copy = fn("unbind_copy", [tensor("input"), optInt("dim", 0)], (x, dim) => {
  const d = dimOf(x, dim);
  return callMulti(ops.unbind_copy, x._shape[d]!, x, d);
});
