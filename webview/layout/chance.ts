/** @file Reproducible chance. */

/** Numbers in [0, 1): a linear congruential generator with Numerical Recipes' constants. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
