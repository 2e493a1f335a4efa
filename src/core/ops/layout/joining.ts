/** @file Tensors joined, or brought to a common shape, as functions. */

import { float32 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { broadcastShapes, formatShape, Size } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { isOptions, tensorsArg } from "../check.js";
import { call } from "../dispatch.js";
import { zerosOf } from "../make.js";
import { ops } from "../op.js";
import { optInt, sizes, tensor, tensors } from "../parameters.js";
import * as s from "../shape_ops.js";
import { fn } from "../signature.js";

const variadic =
  (name: string, one: (x: Tensor) => Tensor) =>
  (...args: readonly (Tensor | readonly Tensor[])[]): Tensor | Tensor[] => {
    const list =
      args.length === 1 && Array.isArray(args[0]) ? (args[0] as readonly Tensor[]) : (args as Tensor[]);
    const single = args.length === 1 && !Array.isArray(args[0]);
    const out = tensorsArg(name, list).map(one);
    return single ? out[0]! : out;
  };
const up1 = (x: Tensor): Tensor => (x._shape.length >= 1 ? x : s.reshape(x, [1]));
const up2 = (x: Tensor): Tensor => {
  if (x._shape.length >= 2) return x;
  return x._shape.length === 1 ? s.unsqueeze(x, 0) : s.reshape(x, [1, 1]);
};
const up3 = (x: Tensor): Tensor => {
  if (x._shape.length >= 3) return x;
  if (x._shape.length === 2) return s.unsqueeze(x, -1);
  return x._shape.length === 1 ? s.unsqueeze(s.unsqueeze(x, 0), -1) : s.reshape(x, [1, 1, 1]);
};
/** At least one (two, three) dimensions, for one tensor or each of several. */
export const atleast_1d = variadic("atleast_1d", up1);
export const atleast_2d = variadic("atleast_2d", up2);
export const atleast_3d = variadic("atleast_3d", up3);

export const broadcast_to = fn("broadcast_to", [tensor("input"), sizes("size")], s.expand);

/** All tensors expanded to their common shape. */
export function broadcast_tensors(...args: readonly (Tensor | readonly Tensor[])[]): Tensor[] {
  const list = tensorsArg("broadcast_tensors", args);
  if (list.length === 0) return [];
  const shape = list.map((t) => t._shape).reduce((a, b) => commonShape(a, b));
  return list.map((t) => s.expand(t, shape));
}

function commonShape(a: readonly number[], b: readonly number[]): Size {
  return broadcastShapes(a, b);
}

/** The shape that all the given ones broadcast to. */
export function broadcast_shapes(...shapes: readonly (number | readonly number[])[]): Size {
  const list = shapes.map((n) => (typeof n === "number" ? [n] : n));
  return list.reduce<Size>((a, b) => {
    try {
      return broadcastShapes(a, b);
    } catch {
      throw new RuntimeError(
        `Shape mismatch: objects cannot be broadcast to a single shape: ${formatShape(a)} and ${formatShape(b)}`,
      );
    }
  }, new Size());
}

/** Matrices along the diagonal of one large matrix. */
export function block_diag(...args: readonly (Tensor | readonly Tensor[])[]): Tensor {
  const list = tensorsArg("block_diag", args);
  if (list.length === 0) return zerosOf([1, 0], float32);
  list.forEach((t, i) => {
    if (t._shape.length <= 2) return;
    throw new RuntimeError(
      `torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ${i} has ${t._shape.length} dimensions`,
    );
  });
  return call(ops.block_diag, list);
}

function joined(name: string, up: (x: Tensor) => Tensor, dim: (first: Tensor) => number) {
  return fn(name, [tensors("tensors")], (list) => {
    if (list.length === 0) throw new RuntimeError(`${name} expects a non-empty TensorList`);
    const parts = list.map(up);
    return s.cat(parts, dim(parts[0]!));
  });
}
/** Side by side. */
export const hstack = joined("hstack", up1, (x) => (x._shape.length === 1 ? 0 : 1));
/** One below the other. */
export const vstack = joined("vstack", up2, () => 0);
export const row_stack = vstack;
/** One behind the other. */
export const dstack = joined("dstack", up3, () => 2);
/** 1-dim tensors as the columns of a matrix. */
export const column_stack = joined(
  "column_stack",
  (x) => (x._shape.length >= 2 ? x : s.reshape(x, [x._numel, 1])),
  () => 1,
);

/** Coordinates as arrays of all combinations; `indexing` "ij" (default) or "xy". */
export function meshgrid(...args: readonly (Tensor | readonly Tensor[] | { indexing?: string })[]): Tensor[] {
  const last = args.at(-1);
  const named = isOptions(last);
  const list = tensorsArg("meshgrid", named ? args.slice(0, -1) : args);
  if (list.length === 0) throw new RuntimeError("meshgrid expects a non-empty TensorList");
  const xy = named && (last as { indexing?: string }).indexing === "xy" && list.length >= 2;
  const order = xy ? [list[1]!, list[0]!, ...list.slice(2)] : list;
  const shape = order.map((t) => t._numel);
  const grids = order.map((t, i) =>
    s.expand(
      s.view(
        t,
        shape.map((n, d) => (d === i ? n : 1)),
      ),
      shape,
    ),
  );
  if (!xy) return grids;
  const swapped = grids.map((g) => s.transpose(g, 0, 1));
  return [swapped[1]!, swapped[0]!, ...swapped.slice(2)];
}

/** All combinations of elements, one a row. */
export function cartesian_prod(...args: readonly (Tensor | readonly Tensor[])[]): Tensor {
  const list = tensorsArg("cartesian_prod", args);
  for (const t of list) {
    if (t._shape.length === 1) continue;
    throw new RuntimeError("Expect a 1D vector, but got shape " + formatShape(t._shape));
  }
  if (list.length === 1) return list[0]!;
  return s.stack(
    meshgrid(list).map((g) => s.flatten(g)),
    1,
  );
}

/** Joined along an existing dimension. */
export const cat = fn("cat", [tensors("tensors"), optInt("dim", 0)], s.cat);
export const concat = cat;
export const concatenate = cat;
