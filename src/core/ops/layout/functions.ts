/** @file Where elements lie, as functions: joined, split, rolled, padded, tiled. */
import { int64 } from "../../dtype.js";
import { IndexError, PyTypeError, pythonTypeName, RuntimeError } from "../../errors.js";
import { wrapArray } from "../../kernels/copy.js";
import { indexNumbers } from "../../kernels/views.js";
import { broadcastShapes, formatShape, normalizeDim, Size, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1, callInplace, callMulti, callView, callViews } from "../dispatch.js";
import { ops } from "../op.js";
import { contiguous } from "../pointwise.js";
import * as s from "../shape_ops.js";
import {
  any,
  fn,
  int,
  ints,
  optAny,
  optInt,
  optInts,
  optScalar,
  sizes,
  tensor,
  tensors,
} from "../signature.js";

const self = [tensor("input")] as const;
const wrap = (x: Tensor, dim: number): number => normalizeDim(dim, x._shape.length);

/** PyTorch's words for a dimension of a tensor that has none. */
function dimOf(x: Tensor, dim: number): number {
  if (x._shape.length === 0)
    throw new IndexError(`Dimension specified as ${dim} but tensor has no dimensions`);
  return wrap(x, dim);
}

const variadic =
  (one: (x: Tensor) => Tensor) =>
  (...args: readonly (Tensor | readonly Tensor[])[]): Tensor | Tensor[] => {
    const list =
      args.length === 1 && Array.isArray(args[0]) ? (args[0] as readonly Tensor[]) : (args as Tensor[]);
    const single = args.length === 1 && !Array.isArray(args[0]);
    const out = list.map(one);
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
export const atleast_1d = variadic(up1);
export const atleast_2d = variadic(up2);
export const atleast_3d = variadic(up3);

export const broadcast_to = fn("broadcast_to", [tensor("input"), sizes("size")], s.expand);

/** All tensors expanded to their common shape. */
export function broadcast_tensors(...args: readonly (Tensor | readonly Tensor[])[]): Tensor[] {
  const list = args.flat() as Tensor[];
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
  const list = args.flat() as Tensor[];
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

function diagonalDims(ndim: number, dim1: number, dim2: number): [number, number] {
  const a = normalizeDim(dim1, ndim);
  const b = normalizeDim(dim2, ndim);
  if (a === b) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  return [a, b];
}
const diagonalParams = [tensor("input"), optInt("offset", 0), optInt("dim1", 0), optInt("dim2", 1)] as const;
/** A view of the diagonal of two dimensions, as the last one. */
export const diagonal = fn("diagonal", diagonalParams, (x, offset, dim1, dim2) =>
  callView(ops.diagonal, x, offset, ...diagonalDims(x._shape.length, dim1, dim2)),
);
export const diagonal_copy = fn("diagonal_copy", diagonalParams, (x, offset, dim1, dim2) =>
  call1(ops.diagonal_copy, x, offset, ...diagonalDims(x._shape.length, dim1, dim2)),
);
/** The last dimension laid on the diagonal of two new ones. */
export const diag_embed = fn(
  "diag_embed",
  [tensor("input"), optInt("offset", 0), optInt("dim1", -2), optInt("dim2", -1)],
  (x, offset, dim1, dim2) =>
    call1(ops.diag_embed, x, offset, ...diagonalDims(x._shape.length + 1, dim1, dim2)),
);
/** A matrix with this diagonal, or the diagonal of a matrix. */
export const diag = fn("diag", [tensor("input"), optInt("diagonal", 0)], (x, offset) => {
  const n = x._shape.length;
  if (n === 1) return call1(ops.diag_embed, x, offset, 0, 1);
  if (n === 2) return call1(ops.diagonal_copy, x, offset, 0, 1);
  throw new RuntimeError(`diag(): Supports 1D or 2D tensors. Got ${n}D`);
});
export const diagflat = fn(
  "diagflat",
  [tensor("input"), optInt("offset", 0)],
  (x, offset): Tensor => call1(ops.diag_embed, x.contiguous().view(-1), offset, 0, 1),
);
/** The sum of the main diagonal. */
export const trace = fn("trace", self, (x) => {
  if (x._shape.length !== 2) {
    throw new RuntimeError(`trace: expected a matrix, but got tensor with dim ${x._shape.length}`);
  }
  return call1(ops.trace, x);
});

/** Coordinates as arrays of all combinations; `indexing` "ij" (default) or "xy". */
export function meshgrid(...args: readonly (Tensor | readonly Tensor[] | { indexing?: string })[]): Tensor[] {
  const last = args.at(-1);
  const named = last !== undefined && !Array.isArray(last) && !("_storage" in last);
  const list = (named ? args.slice(0, -1) : args).flat() as Tensor[];
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
  const list = args.flat() as Tensor[];
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

/** Adds `value` around, from the last dimension backwards; negative numbers crop. */
export const constant_pad_nd = fn(
  "constant_pad_nd",
  [tensor("input"), ints("pad"), optScalar("value", 0)],
  (x, pad, value) => call1(ops.constant_pad_nd, x, pad, value),
);

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
export const diagonal_scatter = fn(
  "diagonal_scatter",
  [tensor("input"), tensor("src"), optInt("offset", 0), optInt("dim1", 0), optInt("dim2", 1)],
  (x, src, offset, dim1, dim2) => call(ops.diagonal_scatter, x, src, offset, wrap(x, dim1), wrap(x, dim2)),
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
export const squeeze_copy = fn(
  "squeeze_copy",
  [tensor("input"), optAny<"dim", number | readonly number[] | null>("dim", null)],
  (x, dim) => {
    if (dim === null) return call1(ops.squeeze_copy, x);
    if (typeof dim === "number") return call1(ops.squeeze_copy_dim, x, wrap(x, dim));
    return call1(
      ops.squeeze_copy_dims,
      x,
      dim.map((d) => wrap(x, d)),
    );
  },
);
export const t_copy = fn("t_copy", self, (x) => {
  if (x._shape.length > 2) {
    throw new RuntimeError(`t() expects a tensor with <= 2 dimensions, but self is ${x._shape.length}D`);
  }
  return call1(ops.t_copy, x);
});
export const transpose_copy = fn("transpose_copy", [tensor("input"), int("dim0"), int("dim1")], (x, a, b) =>
  call1(ops.transpose_copy, x, wrap(x, a), wrap(x, b)),
);
export const unbind = fn("unbind", [tensor("input"), optInt("dim", 0)], (x, dim) =>
  callViews(ops.unbind, x, dimOf(x, dim)),
);
export const unbind_copy = fn("unbind_copy", [tensor("input"), optInt("dim", 0)], (x, dim) => {
  const d = dimOf(x, dim);
  return callMulti(ops.unbind_copy, x._shape[d]!, x, d);
});
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

function triangleIndices(name: "tril_indices" | "triu_indices") {
  return fn(
    name,
    [
      int("row"),
      int("col"),
      optInt("offset", 0),
      optAny<"dtype", unknown>("dtype", null),
      optAny<"device", unknown>("device", null),
      optAny<"layout", unknown>("layout", null),
    ],
    (rows, cols, offset) => {
      const at: [rows: number[], cols: number[]] = [[], []];
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < cols; j++) {
          if (name === "tril_indices" ? j - i <= offset : j - i >= offset) {
            at[0].push(i);
            at[1].push(j);
          }
        }
      }
      return wrapArray(BigInt64Array.from(at.flat(), BigInt), sizeOf([2, at[0].length]), int64);
    },
  );
}
/** Row and column numbers of a matrix's lower triangle. */
export const tril_indices = triangleIndices("tril_indices");
export const triu_indices = triangleIndices("triu_indices");

export const select = fn("select", [tensor("input"), int("dim"), int("index")], (x, dim, index) => {
  if (x._shape.length === 0) throw new IndexError("select() cannot be applied to a 0-dim tensor.");
  return s.select(x, dim, index);
});
export const as_strided = fn(
  "as_strided",
  [tensor("input"), ints("size"), ints("stride"), optInt("storage_offset", null)],
  (x, size, stride, offset) => s.as_strided(x, size, stride, offset ?? undefined),
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

const triangleParams = [tensor("input"), optInt("diagonal", 0)] as const;
function checkMatrix(name: string, x: Tensor): Tensor {
  if (x._shape.length < 2) throw new RuntimeError(`${name}: input tensor must have at least 2 dimensions`);
  return x;
}
/** The lower triangle, zeros above the diagonal. */
export const tril = fn("tril", triangleParams, (x, k) => call1(ops.tril, checkMatrix("tril", x), k));
export const tril_ = fn("tril_", triangleParams, (x, k) => callInplace(ops.tril, checkMatrix("tril", x), k));
/** The upper triangle, zeros below the diagonal. */
export const triu = fn("triu", triangleParams, (x, k) => call1(ops.triu, checkMatrix("triu", x), k));
export const triu_ = fn("triu_", triangleParams, (x, k) => callInplace(ops.triu, checkMatrix("triu", x), k));

export const squeeze_ = fn(
  "squeeze_",
  [tensor("input"), optAny<"dim", number | readonly number[] | null>("dim", null)],
  (x, dim) => {
    if (dim === null) return s.restride(ops.squeeze_, x);
    if (typeof dim === "number") return s.restride(ops.squeeze_dim_, x, wrap(x, dim));
    return s.restride(
      ops.squeeze_dims_,
      x,
      dim.map((d) => wrap(x, d)),
    );
  },
);

/** Joined along an existing dimension. */
export const cat = fn("cat", [tensors("tensors"), optInt("dim", 0)], s.cat);
export const concat = cat;
export const concatenate = cat;
