/**
 * @file Kernels in WebAssembly, where somebody installs them (`_C.installKernels`): the core itself loads nothing.
 *
 * Tensors live on the JavaScript heap. A kernel's operands are copied into its memory and its result out again,
 * which costs little against what the large operations gain, so that there is nothing to free. What is small
 * stays with the plain loops: they round as they always did, and a copy would cost more than it saves.
 */

/** What `dist/kernels.wasm` exports; addresses and sizes in bytes, strides in elements. */
export interface NativeKernels {
  readonly memory: { readonly buffer: ArrayBufferLike };
  /** Where scratch space begins; 16-byte aligned. */
  scratchStart(): number;
  /** Grows memory to hold so much scratch; 0 where there is no more to be had. */
  reserve(bytes: number): number;
  gemmScratch(m: number, k: number, n: number): number;
  gemm(
    a: number,
    aRow: number,
    aCol: number,
    b: number,
    bRow: number,
    bCol: number,
    m: number,
    k: number,
    n: number,
    scratch: number,
  ): number;
  /** `sizes` as wasm/columns.ts says. */
  gatherColumns(sizes: number, image: number, columns: number): void;
  scatterColumns(sizes: number, columns: number, image: number): void;
  map1(code: number, x: number, out: number, n: number): void;
  map2(
    code: number,
    x: number,
    xRow: number,
    xStep: number,
    y: number,
    yRow: number,
    yStep: number,
    out: number,
    rows: number,
    cols: number,
  ): void;
  sumRows(from: number, rows: number, cols: number, out: number, levels: number): void;
  sumColumns(
    from: number,
    row: number,
    first: number,
    count: number,
    rows: number,
    block: number,
    wide: number,
    levels: number,
  ): void;
  softmaxRows(x: number, rows: number, n: number, log: number, out: number): void;
  softmaxBackwardRows(g: number, y: number, rows: number, n: number, log: number, out: number): void;
}

export let native: NativeKernels | null = null;
let start = 0;
let view: Float32Array = new Float32Array(0);

/** Installs an instance's exports, or with null goes back to the plain loops. */
export function installKernels(exports: NativeKernels | null): void {
  native = exports;
  start = exports?.scratchStart() ?? 0;
  view = new Float32Array(exports?.memory.buffer ?? new ArrayBuffer(0));
}

/** Index of the first float32 of `length` floats of scratch in `scratch()`; null where memory is full. */
export function claim(length: number): number | null {
  if (native === null || native.reserve(4 * length) === 0) return null;
  return start >> 2;
}

/** All of the kernels' memory. Growing replaces it: ask again after every `claim`. */
export function scratch(): Float32Array {
  if (native !== null && view.buffer !== native.memory.buffer) view = new Float32Array(native.memory.buffer);
  return view;
}
