/** @file softmax and log-softmax of rows of float32; sums run in float64, as the plain loops'. */
import { exp4 } from "./exp";

function top(x: usize, n: i32): f32 {
  let best: f32 = -Infinity;
  let k = 0;
  if (n >= 4) {
    let m = v128.load(x);
    for (k = 4; k + 4 <= n; k += 4) m = f32x4.max(m, v128.load(x + ((<usize>k) << 2)));
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

/** Σ of two float64 lanes plus the four float32 of `x`. */
function wideSum(total: v128, x: v128): v128 {
  const high = v128.shuffle<i32>(x, x, 2, 3, 0, 1);
  return f64x2.add(total, f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(high)));
}

function lanes(total: v128): f64 {
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
}

/** Rows of `n`; `x` and `out` are padded by a vector at the end. */
export function softmaxRows(x: usize, rows: i32, n: i32, log: bool, out: usize): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < rows; i++, x += bytes, out += bytes) {
    const shift = f32x4.splat(top(x, n));
    let total = f64x2.splat(0);
    let k = 0;
    for (; k + 4 <= n; k += 4) {
      const at = (<usize>k) << 2;
      const e = exp4(f32x4.sub(v128.load(x + at), shift));
      if (!log) v128.store(out + at, e);
      total = wideSum(total, e);
    }
    if (k < n) {
      const at = (<usize>k) << 2;
      const e = exp4(f32x4.sub(v128.load(x + at), shift));
      if (!log) v128.store(out + at, e);
      total = wideSum(total, firstLanes(e, n - k));
    }
    if (log) {
      const by = f32x4.splat(<f32>Math.log(lanes(total)));
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(out + at, f32x4.sub(f32x4.sub(v128.load(x + at), shift), by));
      }
    } else {
      const by = f32x4.splat(<f32>(1.0 / lanes(total)));
      for (let at: usize = 0; at < bytes; at += 16) {
        v128.store(out + at, f32x4.mul(v128.load(out + at), by));
      }
    }
  }
}

/** log: `g − eʸ · Σ g`; else `y · (g − Σ g·y)`. */
export function softmaxBackwardRows(g: usize, y: usize, rows: i32, n: i32, log: bool, out: usize): void {
  const bytes = (<usize>n) << 2;
  for (let i = 0; i < rows; i++, g += bytes, y += bytes, out += bytes) {
    let total = f64x2.splat(0);
    for (let k = 0; k < n; k += 4) {
      const at = (<usize>k) << 2;
      let term = v128.load(g + at);
      if (!log) term = f32x4.mul(term, v128.load(y + at));
      total = wideSum(total, k + 4 <= n ? term : firstLanes(term, n - k));
    }
    const sum = f32x4.splat(<f32>lanes(total));
    for (let at: usize = 0; at < bytes; at += 16) {
      const a = v128.load(g + at);
      const b = v128.load(y + at);
      v128.store(out + at, log ? f32x4.sub(a, f32x4.mul(exp4(b), sum)) : f32x4.mul(b, f32x4.sub(a, sum)));
    }
  }
}
