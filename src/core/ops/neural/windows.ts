/** @file The arithmetic of sliding windows: convolution and pooling over one to three dimensions. */
import { float64, int64 } from "../../dtype.js";
import * as conv from "../../kernels/convolution.js";
import { castTo, contiguousOf, newTensor } from "../../kernels/copy.js";
import { type Shape, sizeOf } from "../../shape.js";
import type { NumberArray } from "../../storage.js";
import type { Tensor } from "../../tensor.js";

type Dims = readonly number[];

export interface ConvGeometry {
  readonly stride: Dims;
  readonly padding: Dims;
  readonly dilation: Dims;
  readonly groups: number;
}

const three = (dims: Dims, fill: number): [number, number, number] => {
  const all = [...new Array<number>(3 - dims.length).fill(fill), ...dims];
  return [all[0]!, all[1]!, all[2]!];
};

const dataOf = (t: Tensor): [NumberArray, number] => [t._storage.data as NumberArray, t._offset];

/**
 * Visits all (image, map, weight) triples of a convolution: `a = b · stride − padding + k · dilation`, with
 * image [N, Ca, …], map [N, Cb, …], weight [Cb, Ca / groups, …]. What is written decides which of the three
 * products it is: the map (convolution), the image (transposed convolution) or the weight (its gradient).
 */
export function correlate(
  image: Tensor,
  map: Tensor,
  weight: Tensor,
  geometry: ConvGeometry,
  target: "image" | "map" | "weight",
): void {
  const [A, a0] = dataOf(image);
  const [B, b0] = dataOf(map);
  const [W, w0] = dataOf(weight);
  const [ad, ah, aw] = three(image._shape.slice(2), 1);
  const [bd, bh, bw] = three(map._shape.slice(2), 1);
  const [kd, kh, kw] = three(weight._shape.slice(2), 1);
  const [sd, sh, sw] = three(geometry.stride, 1);
  const [pd, ph, pw] = three(geometry.padding, 0);
  const [ld, lh, lw] = three(geometry.dilation, 1);
  const N = image._shape[0]!;
  const Ca = image._shape[1]!;
  const Cb = map._shape[1]!;
  const ca = Ca / geometry.groups;
  const cb = Cb / geometry.groups;
  for (let n = 0; n < N; n++) {
    for (let j = 0; j < Cb; j++) {
      const group = Math.floor(j / cb);
      for (let i = 0; i < ca; i++) {
        const imageAt = a0 + (n * Ca + group * ca + i) * ad * ah * aw;
        const mapAt = b0 + (n * Cb + j) * bd * bh * bw;
        const weightAt = w0 + (j * ca + i) * kd * kh * kw;
        for (let z = 0; z < kd; z++) {
          for (let y = 0; y < kh; y++) {
            for (let x = 0; x < kw; x++) {
              const k = weightAt + (z * kh + y) * kw + x;
              let weightSum = 0;
              for (let p = 0; p < bd; p++) {
                const u = p * sd - pd + z * ld;
                if (u < 0 || u >= ad) continue;
                for (let q = 0; q < bh; q++) {
                  const v = q * sh - ph + y * lh;
                  if (v < 0 || v >= ah) continue;
                  const row = imageAt + (u * ah + v) * aw - pw + x * lw;
                  const start = imageAt + (u * ah + v) * aw;
                  const out = mapAt + (p * bh + q) * bw;
                  for (let r = 0; r < bw; r++) {
                    const at = row + r * sw;
                    if (at < start || at >= start + aw) continue;
                    if (target === "map") B[out + r]! += A[at]! * W[k]!;
                    else if (target === "image") A[at]! += B[out + r]! * W[k]!;
                    else weightSum += A[at]! * B[out + r]!;
                  }
                }
              }
              if (target === "weight") W[k]! += weightSum;
            }
          }
        }
      }
    }
  }
}

/**
 * One of a convolution's three products, `target`, as a new tensor of `shape`; `correlate` says what they are.
 * Small ones are summed in float64 and, when `finish` has added to them, rounded once; large ones go by matrices.
 */
export function correlated(
  shape: Shape,
  first: Tensor,
  second: Tensor,
  geometry: ConvGeometry,
  target: "image" | "map" | "weight",
  finish: (out: Tensor) => void = () => undefined,
): Tensor {
  const large = throughMatrices(shape, first, second, geometry, target);
  if (large !== null) {
    finish(large);
    return large;
  }
  return accumulated(shape, first, (out) => {
    if (target === "map") correlate(first, out, second, geometry, target);
    else if (target === "image") correlate(out, first, second, geometry, target);
    else correlate(first, second, out, geometry, target);
    finish(out);
  });
}

function throughMatrices(
  shape: Shape,
  first: Tensor,
  second: Tensor,
  { stride, padding, dilation, groups }: ConvGeometry,
  target: "image" | "map" | "weight",
): Tensor | null {
  const image = target === "image" ? shape : first._shape;
  const map = target === "map" ? shape : target === "image" ? first._shape : second._shape;
  const weight = target === "weight" ? shape : second._shape;
  const sizes: conv.ConvSizes = {
    batch: image[0]!,
    groups,
    ca: image[1]! / groups,
    cb: map[1]! / groups,
    image: three(image.slice(2), 1),
    map: three(map.slice(2), 1),
    kernel: three(weight.slice(2), 1),
    stride: three(stride, 1),
    padding: three(padding, 0),
    dilation: three(dilation, 1),
  };
  const x = first._storage.data;
  const y = second._storage.data;
  if (!(x instanceof Float32Array) || !(y instanceof Float32Array) || !conv.isLarge(sizes)) return null;
  const out = newTensor(sizeOf(shape), first.dtype);
  const run = { map: conv.convolve, image: conv.convolveTransposed, weight: conv.convolveWeight }[target];
  const to = out._storage.data as Float32Array;
  run(sizes, { data: x, at: first._offset }, { data: y, at: second._offset }, to);
  return out;
}

/** Products are summed in float64 and rounded once. */
export function accumulated(shape: Shape, like: Tensor, run: (out: Tensor) => void): Tensor {
  const wide = newTensor(sizeOf(shape), float64Of(like));
  run(wide);
  return castTo(wide, like.dtype);
}

function float64Of(like: Tensor) {
  return like.dtype.name === "float32" ? float64 : like.dtype;
}

export interface Window {
  readonly kernel: Dims;
  readonly stride: Dims;
  readonly padding: Dims;
  readonly dilation: Dims;
}

/** Bounds of the window of each output position along one dimension. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Size with the padding, as `count_include_pad` counts. */
  readonly padded: number;
}

export function pooledSize(n: number, k: number, s: number, p: number, d: number, ceil: boolean): number {
  const room = n + 2 * p - d * (k - 1) - 1;
  let size = (ceil ? Math.ceil(room / s) : Math.floor(room / s)) + 1;
  // A window must begin inside the input or its left padding.
  if (ceil && (size - 1) * s >= n + p) size--;
  return size;
}

export function slidingSpans(n: number, out: number, k: number, s: number, p: number, d: number): Span[] {
  return Array.from({ length: out }, (_, o) => {
    const start = o * s - p;
    const end = Math.min(start + d * (k - 1) + 1, n + p);
    let from = start;
    while (from < 0) from += d;
    return { from, to: Math.min(end, n), step: d, padded: end - start };
  });
}

/** The spans of `adaptive` pooling: as even as `out` parts of `n` can be. */
export function adaptiveSpans(n: number, out: number): Span[] {
  return Array.from({ length: out }, (_, o) => {
    const from = Math.floor((o * n) / out);
    const to = Math.ceil(((o + 1) * n) / out);
    return { from, to, step: 1, padded: to - from };
  });
}

/** Runs over all windows of the last dimensions; positions are row-major in the pooled dimensions. */
export function forEachWindow(
  self: Tensor,
  spans: readonly (readonly Span[])[],
  visit: (output: number, base: number, positions: readonly number[], window: readonly Span[]) => void,
): void {
  const dims = spans.length;
  const sizes = self._shape.slice(self._shape.length - dims);
  const area = sizes.reduce((n, d) => n * d, 1);
  const planes = self._shape.slice(0, self._shape.length - dims).reduce((n, d) => n * d, 1);
  const outputs = spans.reduce<(readonly Span[])[]>(
    (all, list) => all.flatMap((w) => list.map((s) => [...w, s])),
    [[]],
  );
  const positions = outputs.map((window) =>
    window.reduce<number[]>(
      (all, span, d) =>
        all.flatMap((at) => {
          const list: number[] = [];
          for (let i = span.from; i < span.to; i += span.step) list.push(at * sizes[d]! + i);
          return list;
        }),
      [0],
    ),
  );
  for (let plane = 0; plane < planes; plane++) {
    outputs.forEach((window, o) => {
      visit(plane * outputs.length + o, plane * area, positions[o]!, window);
    });
  }
}

export function pooledShape(self: Tensor, spans: readonly (readonly Span[])[]): number[] {
  return [...self._shape.slice(0, self._shape.length - spans.length), ...spans.map((s) => s.length)];
}

/** The largest element of every window and its place in the plane; NaN wins. */
export function maxOver(self: Tensor, spans: readonly (readonly Span[])[]): [Tensor, Tensor] {
  const a = contiguousOf(self);
  const shape = sizeOf(pooledShape(self, spans));
  const values = newTensor(shape, self.dtype);
  const indices = newTensor(shape, int64);
  const from = a._storage.data as NumberArray;
  forEachWindow(a, spans, (out, base, positions) => {
    let best = positions[0]!;
    for (const p of positions) {
      const x = from[a._offset + base + p]!;
      const top = from[a._offset + base + best]!;
      if (x > top || Number.isNaN(x)) best = p;
    }
    (values._storage.data as NumberArray)[out] = from[a._offset + base + best]!;
    (indices._storage.data as BigInt64Array)[out] = BigInt(best);
  });
  return [values, indices];
}

export type Divisor = (window: readonly Span[], count: number) => number;

export function averageOver(self: Tensor, spans: readonly (readonly Span[])[], divisor: Divisor): Tensor {
  const a = contiguousOf(self);
  const out = newTensor(sizeOf(pooledShape(self, spans)), self.dtype);
  const from = a._storage.data as NumberArray;
  forEachWindow(a, spans, (o, base, positions, window) => {
    let sum = 0;
    for (const p of positions) sum += from[a._offset + base + p]!;
    (out._storage.data as NumberArray)[o] = sum / divisor(window, positions.length);
  });
  return out;
}

/** Each output's gradient spread evenly over its window. */
export function spreadOver(
  grad: Tensor,
  sizes: Shape,
  spans: readonly (readonly Span[])[],
  divisor: Divisor,
): Tensor {
  const g = contiguousOf(grad);
  return accumulated(sizes, grad, (out) => {
    const to = out._storage.data as NumberArray;
    forEachWindow(out, spans, (o, base, positions, window) => {
      const share = (g._storage.data as NumberArray)[g._offset + o]! / divisor(window, positions.length);
      for (const p of positions) to[base + p]! += share;
    });
  });
}
