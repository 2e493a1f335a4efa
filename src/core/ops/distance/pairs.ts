/** @file The pairs i < j of rows, in the order of a condensed distance matrix. */
import type { Tensor } from "../../tensor.js";
import { longs } from "../selection/common.js";

export function pairsOf(n: number): [first: Tensor, second: Tensor] {
  const first: number[] = [];
  const second: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      first.push(i);
      second.push(j);
    }
  }
  return [longs(first), longs(second)];
}
