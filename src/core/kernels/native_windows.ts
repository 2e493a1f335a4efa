/** @file Large convolutions through WebAssembly: windows are laid out where the product of matrices reads them. */
import type { ConvSizes, Floats, Triple } from "./convolution.js";
import { MOST_SCRATCH } from "./gemm.js";
import { claim, type NativeKernels, native, scratch } from "./native.js";

/** Where a matrix begins, and its steps from row to row and from column to column. */
type Operand = readonly [at: number, row: number, col: number];

/** Room for a last vector that runs over. */
const PAD = 4;
/** Floats that the sizes take. */
const SIZES = 20;

const volume = ([d, h, w]: Triple): number => d * h * w;
/** So that everything begins at a whole vector. */
const whole = (n: number): number => (n + PAD + 3) & ~3;

/** One group of one image at a time: its image, its map, its weight, the matrix of windows, and what a product needs. */
export class NativeWindows {
  readonly #rows: number;
  readonly #cols: number;
  readonly #image: number;
  readonly #map: number;
  readonly #weight: number;
  readonly #columns: number;
  readonly #rest: number;
  #weightAt = -1;

  private constructor(
    readonly kernels: NativeKernels,
    readonly s: ConvSizes,
    readonly start: number,
  ) {
    this.#rows = s.ca * volume(s.kernel);
    this.#cols = volume(s.map);
    this.#image = start + SIZES;
    this.#map = this.#image + whole(s.ca * volume(s.image));
    this.#weight = this.#map + whole(s.cb * this.#cols);
    this.#columns = this.#weight + whole(s.cb * this.#rows);
    this.#rest = this.#columns + whole(this.#rows * this.#cols);
    const { ca, image, map, kernel, stride, padding, dilation } = s;
    new Int32Array(scratch().buffer, 4 * start, SIZES).set(
      [[ca], image, map, kernel, stride, padding, dilation].flat(),
    );
  }

  /** null where there are no kernels, where memory does not suffice, or where matrices are too thin to gain. */
  static of(s: ConvSizes): NativeWindows | null {
    if (native === null) return null;
    const [rows, cols] = [s.ca * volume(s.kernel), volume(s.map)];
    if (s.cb < 4 || cols < 4 || rows < 4) return null;
    const most = Math.max(
      native.gemmScratch(s.cb, rows, cols),
      native.gemmScratch(rows, s.cb, cols),
      native.gemmScratch(s.cb, cols, rows),
    );
    const size =
      SIZES +
      [s.ca * volume(s.image), s.cb * cols, s.cb * rows, rows * cols]
        .map(whole)
        .reduce((sum, n) => sum + n, most >> 2);
    if (size > MOST_SCRATCH) return null;
    const start = claim(size);
    return start === null ? null : new NativeWindows(native, s, start);
  }

  setImage({ data, at }: Floats, from: number): void {
    const n = this.s.ca * volume(this.s.image);
    scratch().set(data.subarray(at + from, at + from + n), this.#image);
    this.kernels.gatherColumns(4 * this.start, 4 * this.#image, 4 * this.#columns);
  }

  setMap({ data, at }: Floats, from: number): void {
    scratch().set(data.subarray(at + from, at + from + this.s.cb * this.#cols), this.#map);
  }

  /** One group's, which stays in place for image after image. */
  setWeight({ data, at }: Floats, from: number): void {
    if (from === this.#weightAt) return;
    this.#weightAt = from;
    scratch().set(data.subarray(at + from, at + from + this.s.cb * this.#rows), this.#weight);
  }

  /** out = weight · windows. */
  map(out: Float32Array, at: number): void {
    const [rows, cols, { cb }] = [this.#rows, this.#cols, this.s];
    const result = this.#product([this.#weight, rows, 1], [this.#columns, cols, 1], cb, rows, cols);
    out.set(scratch().subarray(result, result + cb * cols), at);
  }

  /** out = weightᵀ · map, each window added to where it lies. */
  image(out: Float32Array, at: number): void {
    const [rows, cols, { cb, ca, image }] = [this.#rows, this.#cols, this.s];
    const windows = this.#product([this.#weight, 1, rows], [this.#map, cols, 1], rows, cb, cols);
    const end = this.#image + ca * volume(image);
    scratch().fill(0, this.#image, end);
    this.kernels.scatterColumns(4 * this.start, 4 * windows, 4 * this.#image);
    out.set(scratch().subarray(this.#image, end), at);
  }

  /** map · windowsᵀ; good until the next product. */
  weight(): Float32Array {
    const [rows, cols, { cb }] = [this.#rows, this.#cols, this.s];
    const result = this.#product([this.#map, cols, 1], [this.#columns, 1, cols], cb, cols, rows);
    return scratch().subarray(result, result + cb * rows);
  }

  #product(a: Operand, b: Operand, m: number, k: number, n: number): number {
    const [p, q] = [4 * a[0], 4 * b[0]];
    return this.kernels.gemm(p, a[1], a[2], q, b[1], b[2], m, k, n, 4 * this.#rest) >>> 2;
  }
}
