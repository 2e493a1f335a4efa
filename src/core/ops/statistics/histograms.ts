/** @file Counts over bins, and positions of flat indices. */
import { bool, type DType, float64, int64, KIND_FLOAT } from "../../dtype.js";
import { NotImplementedError, PyTypeError, RuntimeError, ValueError } from "../../errors.js";
import { castTo, contiguousOf, MOST_ELEMENTS, newTensor, refuseSize } from "../../kernels/copy.js";
import { sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { finish } from "../dispatch.js";
import { fromData } from "../from_data.js";
import { any, flag, optAny, optInt, optScalar, optTensor, tensor } from "../parameters.js";
import { linspace } from "../ranges.js";
import { unbind } from "../shape_ops.js";
import { fn } from "../signature.js";

const doubles = (t: Tensor): number[] =>
  castTo(contiguousOf(t.detach()), float64).reshape(-1).tolist() as number[];

function checkBins(bins: number, dtype: DType): void {
  if (bins > MOST_ELEMENTS) refuseSize(sizeOf([bins]), dtype);
  if (bins > 0) return;
  throw new RuntimeError(`torch.histogram(): bins must be > 0, but got ${bins} for dimension 0`);
}

/** The limits, or those of the data where both are the same; never an empty interval. */
function limits(
  name: string,
  values: readonly number[],
  min: number,
  max: number,
  margin: number,
): [number, number] {
  let [low, high] = [min, max];
  if (low === high && values.length > 0) {
    low = values.reduce((a, b) => (Number.isNaN(a) || a < b ? a : b));
    high = values.reduce((a, b) => (Number.isNaN(a) || a > b ? a : b));
  }
  if (low === high) [low, high] = [low - margin, high + margin];
  if (Number.isFinite(low) && Number.isFinite(high)) return [low, high];
  const text = (x: number): string => (Number.isNaN(x) ? "nan" : String(x).replace("Infinity", "inf"));
  throw new RuntimeError(`${name}: range of [${text(low)}, ${text(high)}] is not finite`);
}

/** Which of `n` equal bins `x` falls into; the last one holds its upper end. */
function binOf(x: number, low: number, high: number, n: number): number {
  if (!(x >= low && x <= high)) return -1;
  return Math.min(Math.floor(((x - low) * n) / (high - low)), n - 1);
}

/** How many elements fall into each of `bins` equal bins of [min, max], or of the data's own range. */
export const histc = fn(
  "histc",
  [tensor("input"), optInt("bins", 100), optScalar("min", 0), optScalar("max", 0)],
  (x, bins, min, max): Tensor => {
    if (x.dtype.kind !== KIND_FLOAT) {
      throw new NotImplementedError(`"histogram_cpu" not implemented for '${x.dtype.scalarName}'`);
    }
    checkBins(bins, x.dtype);
    if (max < min) throw new RuntimeError("torch.histc: max must be larger than min");
    const values = doubles(x);
    const [low, high] = limits("torch.histc", values, min, max, 1);
    const counts = new Array<number>(bins).fill(0);
    for (const v of values) {
      const bin = binOf(v, low, high, bins);
      if (bin >= 0) counts[bin]!++;
    }
    return finish("histc", [x], fromData(counts, x.dtype));
  },
);

/** The bin of explicit `edges` that `x` falls into; the last one holds its upper end. */
function binBetween(x: number, edges: readonly number[]): number {
  if (!(x >= edges[0]! && x <= edges.at(-1)!)) return -1;
  const above = edges.findIndex((e) => e > x);
  return above < 0 ? edges.length - 2 : above - 1;
}

type Range = readonly [number, number] | null;

/** `[hist, bin_edges]`: summed weights over equal bins, or over bins with the given edges. */
export const histogram = fn(
  "histogram",
  [
    tensor("input"),
    any<"bins", number | Tensor>("bins"),
    optAny<"range", Range>("range", null),
    optTensor("weight"),
    flag("density", false),
  ],
  (x, bins, range, weight, density) => {
    if (x.dtype.kind !== KIND_FLOAT) {
      throw new NotImplementedError(`"histogramdd" not implemented for '${x.dtype.scalarName}'`);
    }
    const values = doubles(x);
    const edges = typeof bins === "number" ? equalEdges(x, values, bins, range) : bins;
    const at = doubles(edges);
    const equal = typeof bins === "number";
    const weights = weight === null ? null : doubles(weight);
    const sums = new Array<number>(at.length - 1).fill(0);
    values.forEach((v, i) => {
      const bin = equal ? nearestBin(v, at) : binBetween(v, at);
      if (bin >= 0) sums[bin]! += weights === null ? 1 : weights[i]!;
    });
    const total = sums.reduce((a, b) => a + b, 0);
    const heights = density ? sums.map((s, i) => s / total / (at[i + 1]! - at[i]!)) : sums;
    const hist = finish("histogram", [x], fromData(heights, x.dtype));
    const out = [hist, edges];
    Object.defineProperties(out, { hist: { value: hist }, bin_edges: { value: edges } });
    return out as Tensor[] & { readonly hist: Tensor; readonly bin_edges: Tensor };
  },
);

function equalEdges(x: Tensor, values: readonly number[], bins: number, range: Range): Tensor {
  checkBins(bins, x.dtype);
  const [min, max] = range ?? [0, 0];
  if (min > max) {
    throw new RuntimeError(
      `torch.histogramdd: min should not exceed max, but got min ${min} max ${max} for dimension 0`,
    );
  }
  const [low, high] = limits("torch.histogram", values, min, max, 0.5);
  return linspace(low, high, bins + 1, { dtype: x.dtype });
}

/** Equal bins: computed, then put right against the edges, which are rounded. */
function nearestBin(x: number, edges: readonly number[]): number {
  const bin = binOf(x, edges[0]!, edges.at(-1)!, edges.length - 1);
  if (bin < 0) return bin;
  if (bin > 0 && x < edges[bin]!) return bin - 1;
  return bin + 1 < edges.length - 1 && x >= edges[bin + 1]! ? bin + 1 : bin;
}

type Sizes = number | bigint | readonly (number | bigint)[];
/** The coordinates, one tensor a dimension, of positions in a row-major array of `shape`. */
export const unravel_index = fn(
  "unravel_index",
  [tensor("indices"), any<"shape", Sizes>("shape")],
  (indices, shape) => {
    if (indices.dtype.kind === KIND_FLOAT || indices.dtype === bool) {
      throw new PyTypeError(`expected 'indices' to be integer dtype, but got torch.${indices.dtype.name}`);
    }
    const sizes = (Array.isArray(shape) ? shape : [shape]).map(BigInt);
    if (sizes.some((n) => n < 0n)) {
      throw new ValueError(`'shape' cannot have negative values, but got (${sizes.join(", ")})`);
    }
    const flat = contiguousOf(castTo(indices, int64));
    const out = newTensor(sizeOf([...indices._shape, sizes.length]), int64);
    const to = out._storage.data as BigInt64Array;
    for (let i = 0; i < flat._numel; i++) {
      let rest = (flat._storage.data as BigInt64Array)[flat._offset + i]!;
      for (let d = sizes.length - 1; d >= 0; d--) {
        // Rounded towards minus infinity, as Python divides.
        const at = ((rest % sizes[d]!) + sizes[d]!) % sizes[d]!;
        to[i * sizes.length + d] = at;
        rest = (rest - at) / sizes[d]!;
      }
    }
    return unbind(out, -1);
  },
);
