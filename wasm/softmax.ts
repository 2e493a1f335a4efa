/** @file softmax and log-softmax of rows of float32; sums run in float64, as the plain loops'. */
import { exp4 } from "./exp";

/** The largest of a row. A NaN may be passed over: what is made of its row is NaN all the same. */
function top(x: usize, n: i32): f32 {
  let best: f32 = -Infinity;
  let k = 0;
  if (n >= 8) {
    let m0 = v128.load(x);
    let m1 = v128.load(x, 16);
    for (k = 8; k + 8 <= n; k += 8) {
      m0 = f32x4.pmax(m0, v128.load(x + ((<usize>k) << 2)));
      m1 = f32x4.pmax(m1, v128.load(x + ((<usize>k) << 2), 16));
    }
    const m = f32x4.pmax(m0, m1);
    best = max(
      max(f32x4.extract_lane(m, 0), f32x4.extract_lane(m, 1)),
      max(f32x4.extract_lane(m, 2), f32x4.extract_lane(m, 3)),
    );
  }
  for (; k < n; k++) best = max(best, load<f32>(x + ((<usize>k) << 2)));
  return best;
}

/** The first `rest` lanes; zeros in the others. */
function firstLanes(x: v128, rest: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(rest)));
}

/** The four float32 of `x` as two sums of float64. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function wide(x: v128): v128 {
  const high = v128.shuffle<i32>(x, x, 2, 3, 0, 1);
  return f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(high));
}

function lanes(total: v128): f64 {
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

/** Rows of `n`; `x` and `out` are padded by a vector at the end. */
export function softmaxRows(x: usize, rows: i32, n: i32, log: bool, out: usize): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < rows; i++, x += bytes, out += bytes) {
    const shift = f32x4.splat(top(x, n));
    // Two sums side by side, which do not wait for each other.
    let even = f64x2.splat(0);
    let odd = even;
    let k = 0;
    for (; k + 8 <= n; k += 8) {
      const at = (<usize>k) << 2;
      const e0 = exp4(f32x4.sub(v128.load(x + at), shift));
      const e1 = exp4(f32x4.sub(v128.load(x + at, 16), shift));
      if (!log) {
        v128.store(out + at, e0);
        v128.store(out + at, e1, 16);
      }
      even = f64x2.add(even, wide(e0));
      odd = f64x2.add(odd, wide(e1));
    }
    for (; k < n; k += 4) {
      const at = (<usize>k) << 2;
      const e = exp4(f32x4.sub(v128.load(x + at), shift));
      if (!log) v128.store(out + at, e);
      even = f64x2.add(even, wide(firstLanes(e, n - k)));
    }
    const total = lanes(f64x2.add(even, odd));
    if (log) {
      const by = f32x4.splat(<f32>Math.log(total));
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(out + at, f32x4.sub(f32x4.sub(v128.load(x + at), shift), by));
      }
    } else {
      const by = f32x4.splat(<f32>(1.0 / total));
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(out + at, f32x4.mul(v128.load(out + at), by));
      }
    }
  }
}

/** Σ g of a row. */
function sum(g: usize, n: i32): f32 {
  let even = f64x2.splat(0);
  let odd = even;
  let k = 0;
  for (; k + 8 <= n; k += 8, g += 32) {
    even = f64x2.add(even, wide(v128.load(g)));
    odd = f64x2.add(odd, wide(v128.load(g, 16)));
  }
  for (; k < n; k += 4, g += 16) even = f64x2.add(even, wide(firstLanes(v128.load(g), n - k)));
  return <f32>lanes(f64x2.add(even, odd));
}

/** Σ g·y of a row. */
function dot(g: usize, y: usize, n: i32): f32 {
  let even = f64x2.splat(0);
  let odd = even;
  let k = 0;
  for (; k + 8 <= n; k += 8, g += 32, y += 32) {
    even = f64x2.add(even, wide(f32x4.mul(v128.load(g), v128.load(y))));
    odd = f64x2.add(odd, wide(f32x4.mul(v128.load(g, 16), v128.load(y, 16))));
  }
  for (; k < n; k += 4, g += 16, y += 16) {
    even = f64x2.add(even, wide(firstLanes(f32x4.mul(v128.load(g), v128.load(y)), n - k)));
  }
  return <f32>lanes(f64x2.add(even, odd));
}

/** log: `g − eʸ · Σ g`; else `y · (g − Σ g·y)`. */
export function softmaxBackwardRows(g: usize, y: usize, rows: i32, n: i32, log: bool, out: usize): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < rows; i++, g += bytes, y += bytes, out += bytes) {
    const total = f32x4.splat(log ? sum(g, n) : dot(g, y, n));
    if (log) {
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(out + at, f32x4.sub(v128.load(g + at), f32x4.mul(exp4(v128.load(y + at)), total)));
      }
    } else {
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(out + at, f32x4.mul(v128.load(y + at), f32x4.sub(v128.load(g + at), total)));
      }
    }
  }
}
