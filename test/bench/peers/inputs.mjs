/** @file The numbers that every library gets, and a digest by which their results are compared. */

/** Mixes the bits of an index (the finaliser of MurmurHash3): the same in every language. */
function mix(i, seed) {
  let h = (i + Math.imul(seed, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** `n` float32 numbers in [−scale, scale). */
export function numbers(n, seed, scale = 1) {
  return Float32Array.from({ length: n }, (_, i) => (mix(i, seed) / 2 ** 31 - 1) * scale);
}

/** `n` classes out of `of`. */
export function labels(n, of, seed) {
  return Int32Array.from({ length: n }, (_, i) => mix(i, seed) % of);
}

/** A weighted sum that any wrong or misplaced element changes, and the size of what was summed. */
export function digest(values) {
  let sum = 0;
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    sum += values[i] * (mix(i, 99) / 2 ** 31 - 1);
    size += Math.abs(values[i]);
  }
  return [sum, size];
}

/** Rows of a matrix, for libraries that take nested arrays. */
export function nested(values, columns) {
  return Array.from({ length: values.length / columns }, (_, i) =>
    Array.from(values.subarray(i * columns, (i + 1) * columns)),
  );
}

export const STEPS = 10;
export const RATE_B = 0.01;
export const RATE_C = 0.05;

export const chain = { links: 500, w: 1.0001, shift: 0.001 };
export const small = () => ({
  x: numbers(200, 1),
  target: numbers(100, 2),
  shapes: [[2, 16], [16], [16, 16], [16], [16, 1], [1]],
  parameters: [
    numbers(32, 3),
    numbers(16, 4),
    numbers(256, 5, 0.4),
    numbers(16, 6),
    numbers(16, 7, 0.4),
    numbers(1, 8),
  ],
});
export const large = () => ({
  x: numbers(64 * 784, 11),
  target: labels(64, 10, 12),
  shapes: [[784, 256], [256], [256, 10], [10]],
  parameters: [numbers(784 * 256, 13, 0.04), numbers(256, 14), numbers(2560, 15, 0.06), numbers(10, 16)],
});
export const product = () => ({ a: numbers(512 * 512, 21), b: numbers(512 * 512, 22) });
export const million = () => ({ x: numbers(1e6, 31, 2), v: numbers(1000, 32) });
export const classes = () => ({ x: numbers(1024 * 1000, 41, 3), target: labels(1024, 1000, 42) });
export const images = () => ({
  x: numbers(8 * 28 * 28, 51),
  w: numbers(16 * 9, 52),
  bias: numbers(16, 53),
  g: numbers(8 * 16 * 26 * 26, 54),
});
