/** @file How a setting is given for several dimensions. */
import { RuntimeError } from "../../errors.js";
import { formatShape } from "../../shape.js";

export type Dims = readonly number[];

/** One number stands for all dimensions. */
export function each(name: string, dims: Dims, n: number): number[] {
  if (dims.length === 1) return new Array<number>(n).fill(dims[0]!);
  if (dims.length !== n) {
    throw new RuntimeError(
      `expected ${name} to be a single integer value or a list of ${n} values to match the convolution dimensions, but got ${name}=${formatShape(dims)}`,
    );
  }
  return [...dims];
}
