/** @file Sorting, order statistics, scans, and writing or reading by index, as functions. */
import { bool, type DType, float32, float64, int64 } from "../../dtype.js";
import { IndexError, RuntimeError } from "../../errors.js";
import { contiguousOf, newTensor, readNumber, wrapArray } from "../../kernels/copy.js";
import { nonzero as nonzeroOf } from "../../kernels/indexing.js";
import { anyAll } from "../../kernels/reduce.js";
import { indexNumbers } from "../../kernels/views.js";
import {
  broadcastShapes,
  formatShape,
  normalizeDim,
  SCALAR,
  type Shape,
  sameShape,
  sizeOf,
} from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1, callInplace, callMulti, finish } from "../dispatch.js";
import { fromData } from "../from_data.js";
import { ops } from "../op.js";
import { masked_fill as fillNumber, toDType } from "../pointwise.js";
import { cumsum as cumsumOp, prod as prodAll } from "../reduction.js";
import { cat, expand, flatten, slice, stack, unbind, unsqueeze, view } from "../shape_ops.js";
import {
  any,
  flag,
  fn,
  int,
  operand,
  optAny,
  optDType,
  optInt,
  optInts,
  optScalar,
  scalar,
  tensor,
  text,
} from "../signature.js";

const wrap = (x: Tensor, dim: number): number => normalizeDim(dim, x._shape.length);

/** A result with names, as PyTorch's named tuples. */
function named<const N extends readonly string[]>(
  values: readonly Tensor[],
  names: N,
): Tensor[] & { readonly [K in N[number]]: Tensor } {
  const out = [...values];
  names.forEach((name, i) => {
    Object.defineProperty(out, name, { value: values[i] });
  });
  return out as Tensor[] & { readonly [K in N[number]]: Tensor };
}
const pair = (values: readonly Tensor[]) => named(values, ["values", "indices"]);

const sortParams = [
  tensor("input"),
  optInt("dim", -1),
  flag("descending", false),
  optAny<"stable", boolean | null>("stable", null),
] as const;
/** Sorted along `dim`, with the positions that the elements had: `[values, indices]`. */
export const sort = fn("sort", sortParams, (x, dim, descending, stable) => {
  const op = stable === null ? ops.sort : ops.sort_stable;
  return pair(callMulti(op, 1, x, wrap(x, dim), descending));
});
/** The positions that would sort `dim`. */
export const argsort = fn("argsort", sortParams, (x, dim, descending) => {
  const [, indices] = callMulti(ops.sort, 1, x.detach(), wrap(x, dim), descending);
  return indices!;
});
export const msort = fn("msort", [tensor("input")], (x) => callMulti(ops.sort, 1, x, 0, false)[0]!);

/** The `k` largest (or smallest) along `dim`. */
export const topk = fn(
  "topk",
  [tensor("input"), int("k"), optInt("dim", -1), flag("largest", true), flag("sorted", true)],
  (x, k, dim, largest) => {
    const d = wrap(x, dim);
    if (k < 0 || k > (x._shape[d] ?? 1)) throw new RuntimeError("selected index k out of range");
    return pair(callMulti(ops.topk, 1, x, k, d, largest));
  },
);
/** The `k`-th smallest along `dim`, counted from 1. */
export const kthvalue = fn(
  "kthvalue",
  [tensor("input"), int("k"), optInt("dim", -1), flag("keepdim", false)],
  (x, k, dim, keepdim) => {
    const d = wrap(x, dim);
    if (k < 1 || k > (x._shape[d] ?? 1)) {
      throw new RuntimeError(`kthvalue(): selected number k out of range for dimension ${d}`);
    }
    return pair(callMulti(ops.kthvalue, 1, x, k, d, keepdim));
  },
);
/** The most frequent element along `dim`. */
export const mode = fn(
  "mode",
  [tensor("input"), optInt("dim", -1), flag("keepdim", false)],
  (x, dim, keepdim) => pair(callMulti(ops.mode, 1, x, wrap(x, dim), keepdim)),
);

function medianOf(name: "median" | "nanmedian") {
  return fn(name, [tensor("input"), optInt("dim", null), flag("keepdim", false)], (x, dim, keepdim) => {
    if (dim === null) return call1(ops[name], x) as Tensor & ReturnType<typeof pair>;
    const op = name === "median" ? ops.median_dim : ops.nanmedian_dim;
    return pair(callMulti(op, 1, x, wrap(x, dim), keepdim)) as Tensor & ReturnType<typeof pair>;
  });
}
/** The (lower) median of all elements, or `[values, indices]` along `dim`. */
export const median = medianOf("median");
/** The median of what is not NaN. */
export const nanmedian = medianOf("nanmedian");

/** The smallest and the largest element: `[min, max]`. */
export const aminmax = fn(
  "aminmax",
  [tensor("input"), optInt("dim", null), flag("keepdim", false)],
  (x, dim, keepdim) => {
    checkDims(x);
    if (dim === null && x._numel === 0) {
      throw new RuntimeError(
        "aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.",
      );
    }
    const d = dim === null ? null : wrap(x, dim);
    if (d !== null && x._shape[d] === 0) {
      throw new IndexError(`aminmax: Expected reduction dim ${d} to have non-zero size.`);
    }
    const kernel = ops.aminmax.kernel as unknown as (...a: unknown[]) => Tensor[];
    const [low, high] = kernel(x.detach(), d, keepdim);
    return named(callMulti(ops.aminmax, 2, x, d, keepdim, low, high), ["min", "max"]);
  },
);

function checkDims(x: Tensor): void {
  if (x._shape.length > 64) throw new RuntimeError("only tensors with up to 64 dims are supported");
}

function extremes(name: "amax" | "amin") {
  return fn(name, [tensor("input"), optInts("dim"), flag("keepdim", false)], (x, dim, keepdim) => {
    checkDims(x);
    const dims = dim ?? [];
    if (x._numel === 0) {
      if (dims.length === 0) {
        throw new RuntimeError(
          `${name}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.`,
        );
      }
      for (const d of dims.map((n) => wrap(x, n))) {
        if (x._shape[d] === 0)
          throw new IndexError(`${name}(): Expected reduction dim ${d} to have non-zero size.`);
      }
    }
    return call1(ops[name], x, dims, keepdim);
  });
}
/** The largest element, or over dimensions; ties share the gradient evenly. */
export const amax = extremes("amax");
export const amin = extremes("amin");

function quantifier(name: "any" | "all") {
  return fn(name, [tensor("input"), optInts("dim"), flag("keepdim", false)], (x, dim, keepdim) =>
    finish(name, [x], anyAll(x, dim, keepdim, name === "all")),
  );
}
export const any_ = quantifier("any");
export const all = quantifier("all");

type Unbiased = readonly number[] | number | boolean | null;
function momentPair(name: "var_mean" | "std_mean") {
  const params = [
    tensor("input"),
    optAny<"dim", Unbiased>("dim", null),
    flag("unbiased", true),
    flag("keepdim", false),
    optAny<"correction", number | null>("correction", null),
  ] as const;
  return fn(name, params, (x, dim, unbiased, keepdim, correction) => {
    const dims = typeof dim === "boolean" || dim === null ? null : typeof dim === "number" ? [dim] : dim;
    const whole = typeof dim === "boolean" ? dim : unbiased;
    const c = correction ?? (whole ? 1 : 0);
    if (name === "var_mean") return callMulti(ops.var_mean, 2, x, dims, c, keepdim);
    return callMulti(ops.std_mean, 2, x, dims, c, keepdim);
  });
}
/** Variance and mean at once. */
export const var_mean = momentPair("var_mean");
export const std_mean = momentPair("std_mean");

const sumParams = [tensor("input"), optInts("dim"), flag("keepdim", false), optDType("dtype")] as const;
const cast = (x: Tensor, dtype: DType | null): Tensor => (dtype === null ? x : toDType(x, dtype));
/** The sum with NaN as 0. */
export const nansum = fn("nansum", sumParams, (x, dim, keepdim, dtype) =>
  call1(ops.nansum, cast(x, dtype), dim ?? [], keepdim),
);
/** The mean of what is not NaN. */
export const nanmean = fn("nanmean", sumParams, (x, dim, keepdim, dtype): Tensor => {
  const counted = x.detach().eq(x.detach()).sum(dim, keepdim);
  return nansum(x, dim, keepdim, dtype).div(counted);
});
/** How many elements are not 0. */
export const count_nonzero = fn(
  "count_nonzero",
  [tensor("input"), optInts("dim")],
  (x, dim): Tensor => x.detach().ne(0).sum(dim),
);

/** The product of all elements, or along `dim`. */
export const prod = fn(
  "prod",
  [tensor("input"), optAny<"dim", number | null>("dim", null), flag("keepdim", false), optDType("dtype")],
  (x, dim, keepdim, dtype) => {
    const a = cast(x, dtype);
    return dim === null ? prodAll(a) : call1(ops.prod_dim, a, wrap(a, dim), keepdim);
  },
);

const scanParams = [tensor("input"), int("dim"), optDType("dtype")] as const;
/** Running sums along `dim`. */
export const cumsum = fn("cumsum", scanParams, (x, dim, dtype) => cumsumOp(cast(x, dtype), dim));
export const cumsum_ = fn("cumsum_", scanParams, (x, dim) => callInplace(ops.cumsum, x, wrap(x, dim)));
/** Running products. */
export const cumprod = fn("cumprod", scanParams, (x, dim, dtype) => {
  const a = cast(x, dtype);
  return call1(ops.cumprod, a, wrap(a, dim));
});
export const cumprod_ = fn("cumprod_", scanParams, (x, dim) => callInplace(ops.cumprod, x, wrap(x, dim)));
/** ln of running sums of eˣ. */
export const logcumsumexp = fn("logcumsumexp", [tensor("input"), int("dim")], (x, dim) =>
  call1(ops.logcumsumexp, x, wrap(x, dim)),
);
/** The largest so far, with its position. */
export const cummax = fn("cummax", [tensor("input"), int("dim")], (x, dim) =>
  pair(callMulti(ops.cummax, 1, x, wrap(x, dim))),
);
export const cummin = fn("cummin", [tensor("input"), int("dim")], (x, dim) =>
  pair(callMulti(ops.cummin, 1, x, wrap(x, dim))),
);

/** Elements by their number in row-major order. */
export const take = fn("take", [tensor("input"), tensor("index")], (x, index) => call(ops.take, x, index));
const putParams = [tensor("input"), tensor("index"), tensor("source"), flag("accumulate", false)] as const;
export const put = fn("put", putParams, (x, index, source, acc) => call(ops.put, x, index, source, acc));
export const put_ = fn("put_", putParams, (x, index, source, acc) =>
  callInplace(ops.put, x, index, source, acc),
);

function boolMask(name: string, mask: Tensor): Tensor {
  if (mask.dtype === bool) return mask;
  throw new RuntimeError(
    `${name} only supports boolean masks, but got mask with dtype ${mask.dtype.scalarName}`,
  );
}
/** The elements under true, in order. */
export const masked_select = fn("masked_select", [tensor("input"), tensor("mask")], (x, mask) => {
  if (mask.dtype !== bool) throw new RuntimeError("masked_select: expected BoolTensor for mask");
  return call(ops.masked_select, x, mask);
});
const scatterMask = [tensor("input"), tensor("mask"), tensor("source")] as const;
/** The elements of `source`, one after the other, under true. */
export const masked_scatter = fn("masked_scatter", scatterMask, (x, mask, source) => {
  return call(ops.masked_scatter, x, boolMask("masked_scatter_", mask), source);
});
export const masked_scatter_ = fn("masked_scatter_", scatterMask, (x, mask, source) => {
  if (mask._shape.length > x._shape.length) {
    throw new RuntimeError(
      `expand(CPU${mask.dtype.scalarName}Type{${formatShape(mask._shape)}}, size=${formatShape(x._shape)}): the number of sizes provided (${x._shape.length}) must be greater or equal to the number of dimensions in the tensor (${mask._shape.length})`,
    );
  }
  return callInplace(ops.masked_scatter, x, boolMask("masked_scatter_", mask), source);
});
const fillParams = [tensor("input"), tensor("mask"), operand("value")] as const;
function fillValue(value: Tensor): Tensor {
  if (value._shape.length === 0) return value;
  throw new RuntimeError(
    `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value._shape.length} dimension(s).`,
  );
}
/** `value` under true. */
export const masked_fill = fn("masked_fill", fillParams, (x, mask, value) => {
  if (typeof value === "number") return fillNumber(x, mask, value);
  return call(ops.masked_fill_Tensor, x, boolMask("masked_fill", mask), fillValue(value));
});
export const masked_fill_ = fn("masked_fill_", fillParams, (x, mask, value) => {
  boolMask("masked_fill_", mask);
  if (typeof value === "number") return callInplace(ops.masked_fill, x, mask, value);
  return callInplace(ops.masked_fill_Tensor, x, mask, fillValue(value));
});

const indexParams = [tensor("input"), int("dim"), tensor("index"), tensor("source")] as const;
const addParams = [...indexParams, optScalar("alpha", 1)] as const;
function checkIndexAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): number {
  const d = wrap(x, dim);
  const others = (t: Tensor): Shape => t._shape.filter((_, k) => k !== d);
  if (x._shape.length > 0 && source._shape.length > 0 && !sameShape(others(x), others(source))) {
    throw new RuntimeError(
      `source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = ${formatShape(x._shape)} source.shape = ${formatShape(source._shape)}`,
    );
  }
  if (index._shape.length > 1) throw new IndexError("index_add_(): Index is supposed to be a vector");
  return d;
}
/** `source`'s slices added at the places in `index`. */
export const index_add = fn("index_add", addParams, (x, dim, index, source, alpha) =>
  call(ops.index_add, x, checkIndexAdd(x, dim, index, source), index, source, alpha),
);
export const index_add_ = fn("index_add_", addParams, (x, dim, index, source, alpha) =>
  callInplace(ops.index_add, x, checkIndexAdd(x, dim, index, source), index, source, alpha),
);
/** `source`'s slices written to the places in `index`. */
export const index_copy = fn("index_copy", indexParams, (x, dim, index, source) =>
  call(ops.index_copy, x, wrap(x, dim), index, source),
);
export const index_copy_ = fn("index_copy_", indexParams, (x, dim, index, source) =>
  callInplace(ops.index_copy, x, wrap(x, dim), index, source),
);
const indexFillParams = [tensor("input"), int("dim"), tensor("index"), operand("value")] as const;
const indexFillOp = (value: Tensor | number) =>
  typeof value === "number" ? ops.index_fill_Scalar : ops.index_fill_Tensor;
export const index_fill = fn("index_fill", indexFillParams, (x, dim, index, value) =>
  call(indexFillOp(value), x, wrap(x, dim), index, value),
);
export const index_fill_ = fn("index_fill_", indexFillParams, (x, dim, index, value) =>
  callInplace(indexFillOp(value), x, wrap(x, dim), index, value),
);
/** Slices of `dim` in the order of `index`. */
export const index_select = fn(
  "index_select",
  [tensor("input"), int("dim"), tensor("index")],
  (x, dim, index) => {
    const d = wrap(x, dim);
    if (index._shape.length > 1) throw new IndexError("index_select(): Index is supposed to be a vector");
    return call(ops.index_select, x, d, index);
  },
);

type Indices = readonly (Tensor | null)[];
const indexPutParams = [
  tensor("input"),
  any<"indices", Indices>("indices"),
  tensor("values"),
  flag("accumulate", false),
] as const;
/** `values` (added) at the positions that the index tensors name. */
export const index_put = fn("index_put", indexPutParams, (x, indices, values, accumulate) =>
  call(ops.index_put, x, values, indices, accumulate),
);

function checkScatter(x: Tensor, dim: number, index: Tensor, src: Tensor | null, self = "self"): number {
  const d = wrap(x, dim);
  if (index._numel === 0) return d;
  const rank = (t: Tensor): number => Math.max(t._shape.length, 1);
  if (rank(index) !== rank(x)) {
    throw new RuntimeError(`Index tensor must have the same number of dimensions as ${self} tensor`);
  }
  if (src !== null && rank(index) !== rank(src)) {
    throw new RuntimeError("Index tensor must have the same number of dimensions as src tensor");
  }
  checkSizes(x, d, index, src);
  return d;
}

function checkSizes(x: Tensor, d: number, index: Tensor, src: Tensor | null): void {
  const tooLarge = index._shape.some(
    (n, k) => (k !== d && n > x._shape[k]!) || (src !== null && n > src._shape[k]!),
  );
  if (!tooLarge) return;
  const apart = `Expected index ${formatShape(index._shape)} to be no larger than self ${formatShape(x._shape)} apart from dimension ${d}`;
  throw new RuntimeError(
    src === null ? apart : `${apart} and to be no larger size than src ${formatShape(src._shape)}`,
  );
}

/** Elements along `dim` at the positions in `index`. */
export const gather = fn("gather", [tensor("input"), int("dim"), tensor("index")], (x, dim, index) => {
  const d = wrap(x, dim);
  if (index._numel === 0) return call(ops.gather, x, d, index);
  if (index.dtype !== int64 && index.dtype.name !== "int32") {
    throw new RuntimeError("gather(): Expected dtype int32/int64 for index");
  }
  if (Math.max(index._shape.length, 1) !== Math.max(x._shape.length, 1)) {
    throw new RuntimeError("Index tensor must have the same number of dimensions as input tensor");
  }
  index._shape.forEach((n, k) => {
    if (k === d || n <= (x._shape[k] ?? 1)) return;
    throw new RuntimeError(
      `Size does not match at dimension ${k} expected index ${formatShape(index._shape)} to be no larger than self ${formatShape(x._shape)} apart from dimension ${d}`,
    );
  });
  return call(ops.gather, x, d, index);
});

const REDUCED: Readonly<Record<string, string>> = { add: "sum", multiply: "prod" };
const scatterParams = [
  tensor("input"),
  int("dim"),
  tensor("index"),
  optAny<"src", Tensor | number | null>("src", null),
  optAny<"reduce", string | null>("reduce", null),
  optAny<"value", number | null>("value", null),
] as const;
type ScatterArgs = readonly [Tensor, number, Tensor, Tensor | number | null, string | null, number | null];
type Run = (op: (typeof ops)["scatter_src"], ...args: [Tensor, ...unknown[]]) => Tensor;
function scatterForm([x, dim, index, src, reduce, value]: ScatterArgs, run: Run): Tensor {
  const from = src ?? value ?? 0;
  const d = checkScatter(x, dim, index, typeof from === "number" ? null : from);
  if (typeof from !== "number" && from.dtype !== x.dtype) {
    throw new RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype");
  }
  if (reduce !== null) {
    const spread = typeof from === "number" ? expand(fromData(from, x.dtype), index._shape) : from;
    return run(ops.scatter_reduce, x, d, index, spread, REDUCED[reduce] ?? reduce, true);
  }
  return run(typeof from === "number" ? ops.scatter_value : ops.scatter_src, x, d, index, from);
}
/** `src` (or one number) written along `dim` to the positions in `index`. */
export const scatter = fn("scatter", scatterParams, (...args) => scatterForm(args, call));
export const scatter_ = fn("scatter_", scatterParams, (...args) => scatterForm(args, callInplace));
const scatterAddParams = [tensor("input"), int("dim"), tensor("index"), tensor("src")] as const;
function addArgs(x: Tensor, dim: number, index: Tensor, src: Tensor) {
  const d = checkScatter(x, dim, index, src);
  if (src.dtype !== x.dtype)
    throw new RuntimeError("scatter(): Expected self.dtype to be equal to src.dtype");
  return [d, index, src] as const;
}
export const scatter_add = fn("scatter_add", scatterAddParams, (x, dim, index, src) =>
  call(ops.scatter_add, x, ...addArgs(x, dim, index, src)),
);
export const scatter_add_ = fn("scatter_add_", scatterAddParams, (x, dim, index, src) =>
  callInplace(ops.scatter_add, x, ...addArgs(x, dim, index, src)),
);
const reduceParams = [...scatterAddParams, text("reduce", "sum"), flag("include_self", true)] as const;
function reduceArgs(x: Tensor, dim: number, index: Tensor, src: Tensor, reduce: string, own: boolean) {
  if (!["sum", "prod", "mean", "amax", "amin"].includes(reduce)) {
    throw new RuntimeError(`reduce argument must be either sum, prod, mean, amax or amin, got ${reduce}`);
  }
  return [checkScatter(x, dim, index, src), index, src, reduce, own] as const;
}
/** Combines what meets in one place: "sum", "prod", "mean", "amax" or "amin". */
export const scatter_reduce = fn("scatter_reduce", reduceParams, (x, ...rest) =>
  call(ops.scatter_reduce, x, ...reduceArgs(x, ...rest)),
);
export const scatter_reduce_ = fn("scatter_reduce_", reduceParams, (x, ...rest) =>
  callInplace(ops.scatter_reduce, x, ...reduceArgs(x, ...rest)),
);

/** `gather` with `input` and `indices` broadcast; without `dim` over all elements in order. */
export const take_along_dim = fn(
  "take_along_dim",
  [tensor("input"), tensor("indices"), optInt("dim", null)],
  (x, indices, dim): Tensor => {
    if (dim === null) return gather(x.reshape(-1), 0, indices.reshape(-1));
    const d = wrap(x, dim);
    const ones = (t: Tensor): number[] => t._shape.map((n, k) => (k === d ? 1 : n));
    const common = broadcastShapes(ones(x), ones(indices));
    const to = (t: Tensor): number[] => common.map((n, k) => (k === d ? t._shape[d]! : n));
    return gather(expand(x, to(x)), d, expand(indices, to(indices)));
  },
);

/** Every element (or slice) repeated on the spot. */
export const repeat_interleave = fn(
  "repeat_interleave",
  [tensor("input"), operand("repeats"), optInt("dim", null), optInt("output_size", null)],
  (x, repeats, dim): Tensor => {
    const flat = dim === null ? x.reshape(-1) : x;
    const d = dim === null ? 0 : wrap(flat, dim);
    const n = flat._shape[d] ?? 1;
    if (typeof repeats === "number") return repeatEach(flat, d, repeats);
    const counts = indexNumbers(repeats);
    if (counts.length !== 1 && counts.length !== n) {
      throw new RuntimeError("repeats must have the same size as input along dim");
    }
    const at = Array.from({ length: n }, (_, i) =>
      new Array<number>(counts[counts.length === 1 ? 0 : i]!).fill(i),
    );
    return call(ops.index_select, flat, d, longs(at.flat()));
  },
);

function repeatEach(x: Tensor, dim: number, times: number): Tensor {
  if (x._shape.length === 0) return repeatEach(x.reshape(1), 0, times);
  const wide = expand(unsqueeze(x, dim + 1), [
    ...x._shape.slice(0, dim + 1),
    times,
    ...x._shape.slice(dim + 1),
  ]);
  return flatten(wide.clone().contiguous(), dim, dim + 1);
}

function longs(numbers: readonly number[]): Tensor {
  return wrapArray(BigInt64Array.from(numbers, BigInt), sizeOf([numbers.length]), int64);
}

/** Positions of what is not 0: one row each, or with `as_tuple` one vector a dimension. */
export const nonzero = fn(
  "nonzero",
  [tensor("input"), flag("as_tuple", false)],
  (x, tuple): Tensor[] & Tensor => {
    const at = x._shape.length === 0 && tuple ? view(x.detach(), [1]) : x;
    const rows = rowsOf(nonzeroOf(at), at);
    return (tuple ? unbind(rows, 1) : rows) as Tensor[] & Tensor;
  },
);
function rowsOf(hits: readonly Tensor[], x: Tensor): Tensor {
  if (hits.length > 0) return stack(hits, 1);
  return newTensor(sizeOf([readNumber(contiguousOf(x)) !== 0 ? 1 : 0, 0]), int64);
}
export const argwhere = fn("argwhere", [tensor("input")], (x) => rowsOf(nonzeroOf(x), x));

/** How often every number from 0 on occurs. */
export const bincount = fn(
  "bincount",
  [tensor("input"), optAny<"weights", Tensor | null>("weights", null), optInt("minlength", 0)],
  (x, weights, minlength) => {
    const numbers = indexNumbers(x);
    if (numbers.some((n) => n < 0))
      throw new RuntimeError("bincount only supports 1-d non-negative integral inputs.");
    const size = Math.max(minlength, ...numbers.map((n) => n + 1));
    const totals = new Float64Array(size);
    const w = weights === null ? null : (contiguousOf(weights).tolist() as number[]);
    numbers.forEach((n, i) => {
      totals[n]! += w === null ? 1 : w[i]!;
    });
    if (w === null) return longs([...totals]);
    return fromData([...totals], weights!.dtype === float32 ? float32 : float64);
  },
);

function numbersOf(boundaries: Tensor): number[] {
  return contiguousOf(boundaries).reshape(-1).tolist() as number[];
}
function bisect(sorted: readonly number[], from: number, n: number, x: number, right: boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const mid = (low + high) >> 1;
    const v = sorted[from + mid]!;
    if (right ? !(v > x) : !(v >= x)) low = mid + 1;
    else high = mid;
  }
  return low;
}
/** Where each element would stand among sorted 1-dim `boundaries`. */
export const bucketize = fn(
  "bucketize",
  [operand("input"), tensor("boundaries"), flag("out_int32", false), flag("right", false)],
  (x, boundaries, out32, right) => {
    if (boundaries._shape.length !== 1) {
      throw new RuntimeError(
        `boundaries tensor must be 1 dimension, but got dim(${boundaries._shape.length})`,
      );
    }
    const sorted = numbersOf(boundaries);
    const shape = typeof x === "number" ? SCALAR : x._shape;
    const values = typeof x === "number" ? [x] : (contiguousOf(x.detach()).reshape(-1).tolist() as number[]);
    const found = longs(values.map((v) => bisect(sorted, 0, sorted.length, v, right)));
    const out = wrapArray(found._storage.data, shape, int64);
    return out32 ? out.int() : out;
  },
);
/** Where each value would stand in the sorted last dimension. */
export const searchsorted = fn(
  "searchsorted",
  [
    tensor("sorted_sequence"),
    operand("input"),
    flag("out_int32", false),
    flag("right", false),
    optAny<"side", string | null>("side", null),
    optAny<"sorter", Tensor | null>("sorter", null),
  ],
  (sequence, x, out32, right, side, sorter) => {
    const ordered = sorter === null ? sequence : gather(sequence.detach(), -1, sorter);
    const sorted = numbersOf(ordered);
    const n = sequence._shape.at(-1) ?? 1;
    const shape = typeof x === "number" ? SCALAR : x._shape;
    const values = typeof x === "number" ? [x] : (contiguousOf(x.detach()).reshape(-1).tolist() as number[]);
    const width = sequence._shape.length === 1 ? values.length : (shape.at(-1) ?? 1);
    const fromRight = right || side === "right";
    const found = longs(
      values.map((v, i) =>
        bisect(sorted, sequence._shape.length === 1 ? 0 : Math.floor(i / width) * n, n, v, fromRight),
      ),
    );
    const out = wrapArray(found._storage.data, shape, int64);
    return out32 ? out.int() : out;
  },
);
/** Whether each element is among `test_elements`. */
export const isin = fn(
  "isin",
  [operand("elements"), operand("test_elements"), flag("assume_unique", false), flag("invert", false)],
  (elements, test, _, invert) => {
    const list = (t: Tensor | number): number[] =>
      typeof t === "number" ? [t] : (contiguousOf(t.detach()).reshape(-1).tolist() as number[]);
    const known = new Set(list(test));
    const out = newTensor(typeof elements === "number" ? SCALAR : elements._shape, bool);
    list(elements).forEach((x, i) => {
      out._storage.data[i] = known.has(x) !== invert ? 1 : 0;
    });
    return out;
  },
);

/** Slices along `dim` scaled down to a `p`-norm of at most `maxnorm`. */
const renormParams = [tensor("input"), scalar("p"), int("dim"), scalar("maxnorm")] as const;
function renormArgs(x: Tensor, p: number, dim: number, maxnorm: number): readonly [number, number, number] {
  if (x._shape.length < 2) {
    throw new RuntimeError(`renorm: input needs at least 2 dimensions, got ${x._shape.length} dimensions`);
  }
  if (p <= 0) throw new RuntimeError("renorm: non-positive-norm not supported");
  if (maxnorm < 0) throw new RuntimeError(`renorm: expected maxnorm to be >= 0 but got ${maxnorm}`);
  return [p, wrap(x, dim), maxnorm];
}
export const renorm = fn("renorm", renormParams, (x, ...rest) =>
  call1(ops.renorm, x, ...renormArgs(x, ...rest)),
);
export const renorm_ = fn("renorm_", renormParams, (x, ...rest) =>
  callInplace(ops.renorm, x, ...renormArgs(x, ...rest)),
);

type Edge = Tensor | null;
/** Differences of neighbours along `dim`, `n` times. */
export const diff = fn(
  "diff",
  [
    tensor("input"),
    optInt("n", 1),
    optInt("dim", -1),
    optAny<"prepend", Edge>("prepend", null),
    optAny<"append", Edge>("append", null),
  ],
  (x, n, dim, prepend, append): Tensor => {
    if (x._shape.length === 0) throw new RuntimeError("diff expects input to be at least one-dimensional");
    if (n < 0) throw new RuntimeError(`order must be non-negative but got ${n}`);
    const d = wrap(x, dim);
    if (n === 0) return zeroDiff(x);
    const parts = [prepend, x, append].filter((t): t is Tensor => t !== null);
    let out = parts.length > 1 ? cat(parts, d) : x;
    for (let k = 0; k < Math.min(n, x._shape[d]!); k++) {
      const size = out._shape[d]!;
      const later = slice(out, d, 1, size, 1);
      const earlier = slice(out, d, 0, Math.max(size - 1, 0), 1);
      out = out.dtype === bool ? later.logical_xor(earlier) : later.sub(earlier);
    }
    return out;
  },
);
// PyTorch copies into a fresh tensor here, and its graph says so.
function zeroDiff(x: Tensor): Tensor {
  return newTensor(x._shape, x.dtype).copy_(x);
}
