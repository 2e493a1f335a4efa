/**
 * @file Large convolutions as products of matrices: the windows of an image are laid out as the columns of a
 * matrix (im2col), so that map = weight · columns, and the other two products follow from it.
 */
import { gemm } from "./gemm.js";
import { NativeWindows } from "./native_windows.js";

export type Triple = readonly [number, number, number];

/** Sizes of an image [N, groups · ca, …], a map [N, groups · cb, …] and a weight [groups · cb, ca, …]. */
export interface ConvSizes {
  readonly batch: number;
  readonly groups: number;
  /** Channels of image and map in a group. */
  readonly ca: number;
  readonly cb: number;
  readonly image: Triple;
  readonly map: Triple;
  readonly kernel: Triple;
  readonly stride: Triple;
  readonly padding: Triple;
  readonly dilation: Triple;
}

/** An array of float32 and where in it a tensor begins. */
export interface Floats {
  readonly data: Float32Array;
  readonly at: number;
}

/** Multiplications from which the columns pay for being laid out. */
const LARGE = 1 << 16;

const volume = ([d, h, w]: Triple): number => d * h * w;

export function isLarge(s: ConvSizes): boolean {
  return s.batch * s.groups * s.ca * s.cb * volume(s.kernel) * volume(s.map) >= LARGE;
}

/** Rows and columns of the matrix of windows. */
const rowsOf = (s: ConvSizes): number => s.ca * volume(s.kernel);
const colsOf = (s: ConvSizes): number => volume(s.map);

/** Visits the pairs of image and map of each group, with the number of the group's weight. */
function forEachGroup(s: ConvSizes, visit: (image: number, map: number, weight: number) => void): void {
  const image = s.ca * volume(s.image);
  const map = s.cb * colsOf(s);
  const weight = s.cb * rowsOf(s);
  for (let n = 0; n < s.batch; n++) {
    for (let g = 0; g < s.groups; g++) {
      visit((n * s.groups + g) * image, (n * s.groups + g) * map, g * weight);
    }
  }
}

/**
 * Visits the runs of a matrix of windows: a run is a line of the map seen through one element of the kernel.
 * `from` and `to` bound the part of it that lies inside of the image, whose first element is at `image`.
 */
function forEachRun(
  s: ConvSizes,
  visit: (column: number, image: number, from: number, to: number, length: number) => void,
): void {
  const [ad, ah, aw] = s.image;
  const [bd, bh, bw] = s.map;
  const [kd, kh, kw] = s.kernel;
  const [sd, sh, sw] = s.stride;
  const [pd, ph, pw] = s.padding;
  const [ld, lh, lw] = s.dilation;
  let column = 0;
  for (let c = 0; c < s.ca; c++) {
    for (let z = 0; z < kd; z++) {
      for (let y = 0; y < kh; y++) {
        for (let x = 0; x < kw; x++) {
          const shift = x * lw - pw;
          const from = Math.min(bw, Math.max(0, Math.ceil(-shift / sw)));
          const to = Math.max(from, Math.min(bw, Math.floor((aw - 1 - shift) / sw) + 1));
          for (let p = 0; p < bd; p++) {
            const u = p * sd - pd + z * ld;
            for (let q = 0; q < bh; q++, column += bw) {
              const v = q * sh - ph + y * lh;
              const inside = u >= 0 && u < ad && v >= 0 && v < ah;
              const start = ((c * ad + u) * ah + v) * aw + shift + from * sw;
              visit(column, start, inside ? from : bw, inside ? to : bw, bw);
            }
          }
        }
      }
    }
  }
}

/** Lays out the windows of one group of one image. */
function gather(s: ConvSizes, image: Float32Array, at: number, columns: Float32Array): void {
  const step = s.stride[2];
  forEachRun(s, (column, start, from, to, length) => {
    let i = at + start;
    for (let k = 0; k < from; k++) columns[column + k] = 0;
    for (let k = from; k < to; k++, i += step) columns[column + k] = image[i]!;
    for (let k = to; k < length; k++) columns[column + k] = 0;
  });
}

/** Adds windows to where they came from. */
function scatter(s: ConvSizes, columns: Float32Array, image: Float32Array, at: number): void {
  const step = s.stride[2];
  forEachRun(s, (column, start, from, to) => {
    let i = at + start;
    for (let k = from; k < to; k++, i += step) image[i]! += columns[column + k]!;
  });
}

const matrix = (data: Float32Array, offset: number, row: number, col: number) => ({ data, offset, row, col });

/** map = weight · columns(image): convolution. `out` begins at 0. */
export function convolve(s: ConvSizes, image: Floats, weight: Floats, out: Float32Array): void {
  const [rows, cols] = [rowsOf(s), colsOf(s)];
  const native = NativeWindows.of(s);
  if (native !== null) {
    forEachGroup(s, (i, m, w) => {
      native.setWeight(weight, w);
      native.setImage(image, i);
      native.map(out, m);
    });
    return;
  }
  const columns = new Float32Array(rows * cols);
  forEachGroup(s, (i, m, w) => {
    gather(s, image.data, image.at + i, columns);
    const left = matrix(weight.data, weight.at + w, rows, 1);
    gemm(left, matrix(columns, 0, cols, 1), out, m, s.cb, rows, cols);
  });
}

/** columns(image) = weightᵀ · map, added up: transposed convolution. `out` begins at 0 and is zero. */
export function convolveTransposed(s: ConvSizes, map: Floats, weight: Floats, out: Float32Array): void {
  const [rows, cols] = [rowsOf(s), colsOf(s)];
  const native = NativeWindows.of(s);
  if (native !== null) {
    forEachGroup(s, (i, m, w) => {
      native.setWeight(weight, w);
      native.setMap(map, m);
      native.image(out, i);
    });
    return;
  }
  const columns = new Float32Array(rows * cols);
  forEachGroup(s, (i, m, w) => {
    const left = matrix(weight.data, weight.at + w, 1, rows);
    gemm(left, matrix(map.data, map.at + m, cols, 1), columns, 0, rows, s.cb, cols);
    scatter(s, columns, out, i);
  });
}

/** weight = Σ map · columns(image)ᵀ over the batch. `out` begins at 0. */
export function convolveWeight(s: ConvSizes, image: Floats, map: Floats, out: Float32Array): void {
  const [rows, cols] = [rowsOf(s), colsOf(s)];
  const total = new Float64Array(out.length);
  const add = (product: Float32Array, w: number): void => {
    for (let k = 0; k < product.length; k++) total[w + k]! += product[k]!;
  };
  const native = NativeWindows.of(s);
  const columns = new Float32Array(native === null ? rows * cols : 0);
  const product = new Float32Array(s.cb * rows);
  forEachGroup(s, (i, m, w) => {
    if (native !== null) {
      native.setImage(image, i);
      native.setMap(map, m);
      add(native.weight(), w);
      return;
    }
    gather(s, image.data, image.at + i, columns);
    gemm(matrix(map.data, map.at + m, cols, 1), matrix(columns, 0, 1, cols), product, 0, s.cb, cols, rows);
    add(product, w);
  });
  out.set(total);
}
