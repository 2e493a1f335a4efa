/** @file Pointwise functions of float32 in scratch memory. */
import { exp4, sigmoid4, tanh4 } from "./exp";

export const EXP: i32 = 0;
export const SIGMOID: i32 = 1;
export const TANH: i32 = 2;

/** out = f(x) of `n` elements; the last vector may run over into the padding of the caller's scratch. */
export function map1(code: i32, x: usize, out: usize, n: i32): void {
  const end = x + ((<usize>n) << 2);
  if (code === EXP) {
    for (; x < end; x += 16, out += 16) v128.store(out, exp4(v128.load(x)));
  } else if (code === SIGMOID) {
    for (; x < end; x += 16, out += 16) v128.store(out, sigmoid4(v128.load(x)));
  } else {
    for (; x < end; x += 16, out += 16) v128.store(out, tanh4(v128.load(x)));
  }
}

export const ADD: i32 = 0;
export const SUB: i32 = 1;
export const MUL: i32 = 2;
export const DIV: i32 = 3;
export const TANH_BACKWARD: i32 = 4;
export const SIGMOID_BACKWARD: i32 = 5;
export const THRESHOLD_BACKWARD: i32 = 6;

// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function apply(code: i32, x: v128, y: v128): v128 {
  const one = f32x4.splat(1);
  switch (code) {
    case ADD:
      return f32x4.add(x, y);
    case SUB:
      return f32x4.sub(x, y);
    case MUL:
      return f32x4.mul(x, y);
    case DIV:
      return f32x4.div(x, y);
    case TANH_BACKWARD:
      return f32x4.mul(x, f32x4.sub(one, f32x4.mul(y, y)));
    case SIGMOID_BACKWARD:
      return f32x4.mul(f32x4.mul(x, f32x4.sub(one, y)), y);
    default:
      // NaN is not ≤ 0: its gradient passes.
      return v128.andnot(x, f32x4.le(y, f32x4.splat(0)));
  }
}

/**
 * `code` is the same all along: the switch stays outside of the loop where this is inlined by a constant. Four
 * vectors at a time: the last ones may run over.
 */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function run(code: i32, x: usize, xStep: usize, y: usize, yStep: usize, out: usize, n: i32): void {
  const end = out + ((<usize>n) << 2);
  if (xStep === 0) {
    const a = v128.load32_splat(x);
    for (; out < end; out += 64, y += 64) {
      v128.store(out, apply(code, a, v128.load(y)));
      v128.store(out, apply(code, a, v128.load(y, 16)), 16);
      v128.store(out, apply(code, a, v128.load(y, 32)), 32);
      v128.store(out, apply(code, a, v128.load(y, 48)), 48);
    }
  } else if (yStep === 0) {
    const b = v128.load32_splat(y);
    for (; out < end; out += 64, x += 64) {
      v128.store(out, apply(code, v128.load(x), b));
      v128.store(out, apply(code, v128.load(x, 16), b), 16);
      v128.store(out, apply(code, v128.load(x, 32), b), 32);
      v128.store(out, apply(code, v128.load(x, 48), b), 48);
    }
  } else {
    for (; out < end; out += 64, x += 64, y += 64) {
      v128.store(out, apply(code, v128.load(x), v128.load(y)));
      v128.store(out, apply(code, v128.load(x, 16), v128.load(y, 16)), 16);
      v128.store(out, apply(code, v128.load(x, 32), v128.load(y, 32)), 32);
      v128.store(out, apply(code, v128.load(x, 48), v128.load(y, 48)), 48);
    }
  }
}

function row(code: i32, x: usize, xStep: usize, y: usize, yStep: usize, out: usize, n: i32): void {
  if (code === ADD) run(ADD, x, xStep, y, yStep, out, n);
  else if (code === SUB) run(SUB, x, xStep, y, yStep, out, n);
  else if (code === MUL) run(MUL, x, xStep, y, yStep, out, n);
  else if (code === DIV) run(DIV, x, xStep, y, yStep, out, n);
  else if (code === TANH_BACKWARD) run(TANH_BACKWARD, x, xStep, y, yStep, out, n);
  else if (code === SIGMOID_BACKWARD) run(SIGMOID_BACKWARD, x, xStep, y, yStep, out, n);
  else run(THRESHOLD_BACKWARD, x, xStep, y, yStep, out, n);
}

/**
 * out[rows, cols] = f(x, y), row after row. An operand's steps in bytes: from row to row, and from column to
 * column (4, or 0 for a row of one element). The last vectors of a row run over into the next one, which is
 * written later, and at the end into the padding of the caller's scratch.
 */
export function map2(
  code: i32,
  x: usize,
  xRow: usize,
  xStep: usize,
  y: usize,
  yRow: usize,
  yStep: usize,
  out: usize,
  rows: i32,
  cols: i32,
): void {
  for (let i = 0; i < rows; i++) {
    row(code, x, xStep, y, yStep, out, cols);
    x += xRow;
    y += yRow;
    out += (<usize>cols) << 2;
  }
}
