/** @file Which elements of a dimension an output element is made of, and how much of each. */

import { float64 } from "../../dtype.js";
import { castTo, contiguousOf, newTensor } from "../../kernels/copy.js";
import { sizeOf } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";

/** For each output element of one dimension, `per` sources with their weights. */
export interface Taps {
  readonly from: number;
  readonly to: number;
  readonly per: number;
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

export function makeTaps(
  from: number,
  to: number,
  per: number,
  at: (o: number, k: number) => [number, number],
): Taps {
  const index = new Int32Array(to * per);
  const weight = new Float64Array(to * per);
  for (let o = 0; o < to; o++) {
    for (let k = 0; k < per; k++) [index[o * per + k], weight[o * per + k]] = at(o, k) as [number, number];
  }
  return { from, to, per, index, weight };
}

/** Applies one dimension's taps, or their transpose, to [outer, n, inner]. */
function along(x: Tensor, dim: number, taps: Taps, transposed: boolean): Tensor {
  const [source, target] = transposed ? [taps.to, taps.from] : [taps.from, taps.to];
  const shape = x._shape.map((n, d) => (d === dim ? target : n));
  const out = newTensor(sizeOf(shape), x.dtype);
  const inner = x._shape.slice(dim + 1).reduce((n, d) => n * d, 1);
  const outer = x._shape.slice(0, dim).reduce((n, d) => n * d, 1);
  const a = x._storage.data as NumberArray;
  const b = out._storage.data as NumberArray;
  for (let p = 0; p < outer; p++) {
    for (let o = 0; o < taps.to; o++) {
      for (let k = 0; k < taps.per; k++) {
        const i = taps.index[o * taps.per + k]!;
        const w = taps.weight[o * taps.per + k]!;
        if (w === 0) continue;
        const [s, t] = transposed ? [o, i] : [i, o];
        const read = x._offset + (p * source + s) * inner;
        const write = (p * target + t) * inner;
        for (let j = 0; j < inner; j++) b[write + j]! += w * a[read + j]!;
      }
    }
  }
  return out;
}

/** The last dimensions resampled one after the other, summed in float64 and rounded once. */
export function resample(self: Tensor, plan: readonly Taps[], transposed: boolean): Tensor {
  const lead = self._shape.length - plan.length;
  const wide = self.dtype.name === "float32" ? castTo(contiguousOf(self), float64) : contiguousOf(self);
  const out = plan.reduce((x, taps, d) => along(x, lead + d, taps, transposed), wide);
  return castTo(out, self.dtype);
}

/** Source positions of `reflect` and `replicate` padding. */
export function padTaps(n: number, before: number, after: number, mode: "reflect" | "replicate"): Taps {
  return makeTaps(n, n + before + after, 1, (o) => {
    const at = o - before;
    if (mode === "replicate") return [Math.min(Math.max(at, 0), n - 1), 1];
    return [at < 0 ? -at : at >= n ? 2 * (n - 1) - at : at, 1];
  });
}

export type Interpolation = "nearest" | "nearest-exact" | "linear" | "cubic";

/** Keys' cubic convolution with a = −0.75. */
function cubicWeights(t: number): [number, number, number, number] {
  const A = -0.75;
  const far = (x: number): number => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  const near = (x: number): number => ((A + 2) * x - (A + 3)) * x * x + 1;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}

/**
 * How `to` elements are interpolated from `from`.
 *
 * @param scale output elements an input element; null: as the sizes say
 */
export function interpolationTaps(
  from: number,
  to: number,
  mode: Interpolation,
  align: boolean,
  scale: number | null,
): Taps {
  const step = scale !== null && scale > 0 ? 1 / scale : from / to;
  if (mode === "nearest" || mode === "nearest-exact") {
    // PyTorch computes these positions in float32 whatever the tensor's type.
    const float = Math.fround(step);
    const shift = mode === "nearest" ? 0 : 0.5;
    return makeTaps(from, to, 1, (o) => [
      Math.min(Math.floor(Math.fround((o + shift) * float)), from - 1),
      1,
    ]);
  }
  const position = (o: number): number => {
    if (align) return to > 1 ? (o * (from - 1)) / (to - 1) : 0;
    const at = step * (o + 0.5) - 0.5;
    return mode === "linear" ? Math.max(at, 0) : at;
  };
  const clamp = (i: number): number => Math.min(Math.max(i, 0), from - 1);
  if (mode === "linear") {
    return makeTaps(from, to, 2, (o, k) => {
      const at = Math.min(position(o), from - 1);
      const low = Math.floor(at);
      return [clamp(low + k), k === 0 ? 1 - (at - low) : at - low];
    });
  }
  return makeTaps(from, to, 4, (o, k) => {
    const at = position(o);
    const low = Math.floor(at);
    return [clamp(low - 1 + k), cubicWeights(at - low)[k]!];
  });
}
