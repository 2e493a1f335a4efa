/**
 * @file The windows of an image as the columns of a matrix (im2col), and back (col2im).
 *
 * `sizes` are 32-bit integers, one after the other: channels; then depth, height and width of the image, of the
 * map (the places of the window), of the kernel, of its strides, of the padding and of its dilations.
 */

/** Copies `n` elements, `step` bytes apart, side by side; whole vectors may run over. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function gatherRun(from: usize, step: usize, to: usize, n: i32): void {
  const end = to + ((<usize>n) << 2);
  if (step === 4) {
    for (; to < end; to += 16, from += 16) v128.store(to, v128.load(from));
  } else {
    for (; to < end; to += 4, from += step) store<f32>(to, load<f32>(from));
  }
}

/** Adds `n` elements that lie side by side to elements `step` bytes apart. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function scatterRun(from: usize, to: usize, step: usize, n: i32): void {
  let k = 0;
  if (step === 4) {
    for (; k + 4 <= n; k += 4, to += 16, from += 16) {
      v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    }
  }
  for (; k < n; k++, to += step, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}

/** Visits the lines of the map through each element of the kernel; `back` is the same all along. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function walk(back: bool, sizes: usize, image: usize, columns: usize): void {
  const channels = load<i32>(sizes);
  const ad = load<i32>(sizes, 4);
  const ah = load<i32>(sizes, 8);
  const aw = load<i32>(sizes, 12);
  const bd = load<i32>(sizes, 16);
  const bh = load<i32>(sizes, 20);
  const bw = load<i32>(sizes, 24);
  const kernel = load<i32>(sizes, 28) * load<i32>(sizes, 32) * load<i32>(sizes, 36);
  const kh = load<i32>(sizes, 32);
  const kw = load<i32>(sizes, 36);
  const sw = load<i32>(sizes, 48);
  const step = (<usize>sw) << 2;
  for (let i = 0; i < channels * kernel; i++) {
    const c = i / kernel;
    const z = (i / (kw * kh)) % load<i32>(sizes, 28);
    const y = (i / kw) % kh;
    const shift = (i % kw) * load<i32>(sizes, 72) - load<i32>(sizes, 60);
    // Places of the line that lie inside of the image: ⌈−shift / sw⌉ up to ⌊(aw − 1 − shift) / sw⌋.
    const first = shift >= 0 ? 0 : min(bw, (sw - 1 - shift) / sw);
    const end = aw - 1 - shift < 0 ? first : max(first, min(bw, (aw - 1 - shift) / sw + 1));
    for (let p = 0; p < bd; p++) {
      const u = p * load<i32>(sizes, 40) - load<i32>(sizes, 52) + z * load<i32>(sizes, 64);
      for (let q = 0; q < bh; q++, columns += (<usize>bw) << 2) {
        const v = q * load<i32>(sizes, 44) - load<i32>(sizes, 56) + y * load<i32>(sizes, 68);
        const inside = u >= 0 && u < ad && v >= 0 && v < ah;
        const at = image + ((<usize>(((c * ad + u) * ah + v) * aw + shift + first * sw)) << 2);
        const line = columns + ((<usize>first) << 2);
        if (back) {
          if (inside) scatterRun(line, at, step, end - first);
          continue;
        }
        const last = inside ? end : first;
        if (inside) gatherRun(at, step, line, end - first);
        if (first > 0) memory.fill(columns, 0, (<usize>first) << 2);
        if (last < bw) memory.fill(columns + ((<usize>last) << 2), 0, (<usize>(bw - last)) << 2);
      }
    }
  }
}

/** Lays out the windows of an image; `columns` is padded by a vector at the end. */
export function gatherColumns(sizes: usize, image: usize, columns: usize): void {
  walk(false, sizes, image, columns);
}

/** Adds windows to where they came from. */
export function scatterColumns(sizes: usize, columns: usize, image: usize): void {
  walk(true, sizes, image, columns);
}
