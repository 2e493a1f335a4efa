/**
 * @file Matrix product in float32: operands packed into panels, a register tile of 4×8 in the inner loop.
 *
 * A is packed in panels of 4 rows, B in panels of 8 columns, both zero-padded, so that the inner loop reads
 * memory in order whatever the strides were. Products and sums round to float32, in order of k.
 */

const ROWS: i32 = 4;
const COLS: i32 = 8;
/** A panel of B of this depth (16 KB) stays in the first cache. */
const DEPTH: i32 = 512;

function panels(n: i32, size: i32): i32 {
  return (n + size - 1) / size;
}

/** Copies `n` lines of `depth` elements into panels of `size` lines: element (line, l) at panel[l][line]. */
function pack(from: usize, line: i32, step: i32, n: i32, depth: i32, size: i32, to: usize): void {
  const lineBytes = (<usize>line) << 2;
  const stepBytes = (<usize>step) << 2;
  for (let first = 0; first < n; first += size) {
    const lines = min(size, n - first);
    const start = from + <usize>first * lineBytes;
    if (lines === size && line === 1) {
      // Lines lie side by side: whole vectors at once.
      for (let l = 0; l < depth; l++) {
        const at = start + <usize>l * stepBytes;
        v128.store(to, v128.load(at));
        if (size === COLS) v128.store(to, v128.load(at, 16), 16);
        to += (<usize>size) << 2;
      }
    } else if (lines === size && step === 1) {
      to = packTransposed(start, lineBytes, depth, size, to);
    } else {
      for (let l = 0; l < depth; l++) {
        let at = start + <usize>l * stepBytes;
        for (let k = 0; k < size; k++, at += lineBytes, to += 4) {
          store<f32>(to, k < lines ? load<f32>(at) : 0);
        }
      }
    }
  }
}

/** Lines with step 1: blocks of 4×4 are transposed in registers. Returns the end of the panel. */
function packTransposed(start: usize, line: usize, depth: i32, size: i32, to: usize): usize {
  const whole = depth & ~3;
  const row = (<usize>size) << 2;
  for (let group = 0; group < size; group += 4) {
    let a = start + <usize>group * line;
    let out = to + ((<usize>group) << 2);
    for (let l = 0; l < whole; l += 4, a += 16, out += row << 2) {
      const r0 = v128.load(a);
      const r1 = v128.load(a + line);
      const r2 = v128.load(a + 2 * line);
      const r3 = v128.load(a + 3 * line);
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(out, v128.shuffle<f32>(t0, t1, 0, 1, 4, 5));
      v128.store(out + row, v128.shuffle<f32>(t0, t1, 2, 3, 6, 7));
      v128.store(out + 2 * row, v128.shuffle<f32>(t2, t3, 0, 1, 4, 5));
      v128.store(out + 3 * row, v128.shuffle<f32>(t2, t3, 2, 3, 6, 7));
    }
    for (let l = whole; l < depth; l++, a += 4, out += row) {
      store<f32>(out, load<f32>(a));
      store<f32>(out, load<f32>(a + line), 4);
      store<f32>(out, load<f32>(a + 2 * line), 8);
      store<f32>(out, load<f32>(a + 3 * line), 12);
    }
  }
  return to + <usize>depth * row;
}

/** c[4, 8] (+)= a panel of A times a panel of B. */
function tile(a: usize, b: usize, depth: i32, c: usize, row: usize, add: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  if (add) {
    c00 = v128.load(c);
    c01 = v128.load(c, 16);
    c10 = v128.load(c + row);
    c11 = v128.load(c + row, 16);
    c20 = v128.load(c + 2 * row);
    c21 = v128.load(c + 2 * row, 16);
    c30 = v128.load(c + 3 * row);
    c31 = v128.load(c + 3 * row, 16);
  }
  const end = a + ((<usize>depth) << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    const a1 = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    const a2 = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, b0));
    c21 = f32x4.add(c21, f32x4.mul(a2, b1));
    const a3 = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, b0));
    c31 = f32x4.add(c31, f32x4.mul(a3, b1));
    a += 16;
    b += 32;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + row, c10);
  v128.store(c + row, c11, 16);
  v128.store(c + 2 * row, c20);
  v128.store(c + 2 * row, c21, 16);
  v128.store(c + 3 * row, c30);
  v128.store(c + 3 * row, c31, 16);
}

/** Bytes that `gemm` needs for its panels and its padded result. */
export function gemmScratch(m: i32, k: i32, n: i32): i32 {
  const rows = panels(m, ROWS) * ROWS;
  const cols = panels(n, COLS) * COLS;
  return ((rows + cols) * min(k, DEPTH) + rows * cols) << 2;
}

/**
 * c[m, n] = a[m, k] · b[k, n], the operands with any strides (in elements), the result row-major. Returns where
 * the result lies, which is in `scratch` (`gemmScratch` bytes, 16-byte aligned).
 */
export function gemm(
  a: usize,
  aRow: i32,
  aCol: i32,
  b: usize,
  bRow: i32,
  bCol: i32,
  m: i32,
  k: i32,
  n: i32,
  scratch: usize,
): usize {
  const mPanels = panels(m, ROWS);
  const nPanels = panels(n, COLS);
  const deepest = min(k, DEPTH);
  const packedA = scratch;
  const packedB = packedA + ((<usize>(mPanels * ROWS * deepest)) << 2);
  const c = packedB + ((<usize>(nPanels * COLS * deepest)) << 2);
  const row = (<usize>(nPanels * COLS)) << 2;
  for (let from = 0; from < k; from += DEPTH) {
    const depth = min(DEPTH, k - from);
    pack(a + ((<usize>(from * aCol)) << 2), aRow, aCol, m, depth, ROWS, packedA);
    pack(b + ((<usize>(from * bRow)) << 2), bCol, bRow, n, depth, COLS, packedB);
    const aPanel = (<usize>(ROWS * depth)) << 2;
    const bPanel = (<usize>(COLS * depth)) << 2;
    for (let j = 0; j < nPanels; j++) {
      const right = packedB + <usize>j * bPanel;
      for (let i = 0; i < mPanels; i++) {
        const at = c + <usize>(i * ROWS) * row + ((<usize>(j * COLS)) << 2);
        tile(packedA + <usize>i * aPanel, right, depth, at, row, from > 0);
      }
    }
  }
  // Rows move together where they were padded: never past what is still to be read.
  const width = (<usize>n) << 2;
  if (width !== row) {
    for (let i = 1; i < m; i++) memory.copy(c + <usize>i * width, c + <usize>i * row, width);
  }
  return c;
}
