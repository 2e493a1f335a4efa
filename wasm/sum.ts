/**
 * @file Sums of float32 in PyTorch's order: the very additions of kernels/cascade.ts, in registers.
 *
 * Four vectors of eight lanes are summed side by side, and partial sums cascade through four levels.
 */

const LEVELS: i32 = 4;
/** Bytes of the 32 elements that are summed side by side. */
const WIDE: usize = 128;

function levelPower(size: i32): i32 {
  const log = size <= 1 ? 0 : 32 - clz(size - 1);
  return max(4, log / LEVELS);
}

/** Adds `count` groups of 32 elements, `step` bytes apart, to zero, and those sums to `to`. */
function add(from: usize, step: usize, count: i32, to: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (let i = 0; i < count; i++, from += step) {
    s0 = f32x4.add(s0, v128.load(from));
    s1 = f32x4.add(s1, v128.load(from, 16));
    s2 = f32x4.add(s2, v128.load(from, 32));
    s3 = f32x4.add(s3, v128.load(from, 48));
    s4 = f32x4.add(s4, v128.load(from, 64));
    s5 = f32x4.add(s5, v128.load(from, 80));
    s6 = f32x4.add(s6, v128.load(from, 96));
    s7 = f32x4.add(s7, v128.load(from, 112));
  }
  v128.store(to, f32x4.add(v128.load(to), s0));
  v128.store(to, f32x4.add(v128.load(to, 16), s1), 16);
  v128.store(to, f32x4.add(v128.load(to, 32), s2), 32);
  v128.store(to, f32x4.add(v128.load(to, 48), s3), 48);
  v128.store(to, f32x4.add(v128.load(to, 64), s4), 64);
  v128.store(to, f32x4.add(v128.load(to, 80), s5), 80);
  v128.store(to, f32x4.add(v128.load(to, 96), s6), 96);
  v128.store(to, f32x4.add(v128.load(to, 112), s7), 112);
}

/** to += from, and from = 0, of 32 elements. */
function carry(from: usize, to: usize): void {
  for (let k: usize = 0; k < WIDE; k += 16) {
    v128.store(to + k, f32x4.add(v128.load(to + k), v128.load(from + k)));
    v128.store(from + k, f32x4.splat(0));
  }
}

/** Sums of 32 columns over `size` places, `step` bytes apart, into the first 128 bytes of `levels` (512). */
function cascade(from: usize, step: usize, size: i32, levels: usize): void {
  memory.fill(levels, 0, WIDE * LEVELS);
  const power = levelPower(size);
  const length = 1 << power;
  let i = 0;
  while (i + length <= size) {
    add(from + <usize>i * step, step, length, levels + WIDE);
    i += length;
    if ((i & ((length - 1) << power)) !== 0) continue;
    carry(levels + WIDE, levels + 2 * WIDE);
    if ((i & ((length - 1) << (2 * power))) !== 0) continue;
    carry(levels + 2 * WIDE, levels + 3 * WIDE);
  }
  if (i < size) add(from + <usize>i * step, step, size - i, levels);
  for (let level: usize = 1; level < <usize>LEVELS; level++) carry(levels + level * WIDE, levels);
}

/** Σ of `n` elements that lie side by side, at least 8. */
function sumRun(from: usize, n: i32, levels: usize): f32 {
  const vectors = n >> 3;
  const quads = vectors >> 2;
  cascade(from, WIDE, quads, levels);
  let low = v128.load(levels);
  let high = v128.load(levels, 16);
  for (let i = quads << 2; i < vectors; i++) {
    low = f32x4.add(low, v128.load(from + ((<usize>i) << 5)));
    high = f32x4.add(high, v128.load(from + ((<usize>i) << 5), 16));
  }
  for (let k: usize = 32; k < WIDE; k += 32) {
    low = f32x4.add(low, v128.load(levels + k));
    high = f32x4.add(high, v128.load(levels + k, 16));
  }
  // The tail first, then the lanes.
  let total: f32 = 0;
  for (let k = vectors << 3; k < n; k++) total += load<f32>(from + ((<usize>k) << 2));
  v128.store(levels, low);
  v128.store(levels, high, 16);
  for (let k: usize = 0; k < 32; k += 4) total += load<f32>(levels + k);
  return total;
}

/** Sums of each of `rows` rows of `cols` (≥ 8) elements. `levels` are 512 bytes of scratch. */
export function sumRows(from: usize, rows: i32, cols: i32, out: usize, levels: usize): void {
  for (let i = 0; i < rows; i++) {
    store<f32>(out + ((<usize>i) << 2), sumRun(from + <usize>i * ((<usize>cols) << 2), cols, levels));
  }
}

/** Every group of 32 columns of one level to the next. */
function carryAll(level: usize, wide: i32): void {
  const bytes = <usize>wide * WIDE;
  for (let at = level; at < level + bytes; at += WIDE) carry(at, at + bytes);
}

/**
 * Adds rows `first … first + count` of a matrix of `rows` rows, which lie at `from` and `row` bytes apart, to the
 * sums of the first `wide` groups of 32 columns. `count` is a multiple of `block` but at the end.
 *
 * `levels` holds four levels of `wide` · 32 partial sums, zeros before the first call; after the last the sums
 * stand in the first of them. All columns of a block are added up before the next block is read, so that memory
 * is read once and in order.
 */
export function sumColumns(
  from: usize,
  row: usize,
  first: i32,
  count: i32,
  rows: i32,
  block: i32,
  wide: i32,
  levels: usize,
): void {
  const level = <usize>wide * WIDE;
  const power = 31 - clz(block);
  const end = first + count;
  let i = first;
  for (; i + block <= end; from += <usize>block * row) {
    for (let at: usize = 0; at < level; at += WIDE) add(from + at, row, block, levels + level + at);
    i += block;
    if ((i & ((block - 1) << power)) !== 0) continue;
    carryAll(levels + level, wide);
    if ((i & ((block - 1) << (2 * power))) !== 0) continue;
    carryAll(levels + 2 * level, wide);
  }
  if (end < rows) return;
  if (i < end) {
    for (let at: usize = 0; at < level; at += WIDE) add(from + at, row, end - i, levels + at);
  }
  for (let at: usize = 0; at < level; at += WIDE) {
    for (let k: usize = 1; k < <usize>LEVELS; k++) carry(levels + k * level + at, levels + at);
  }
}
