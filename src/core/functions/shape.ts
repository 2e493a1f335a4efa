/** @file `torch.cat([...])` and its siblings: shapes in function form. */
import { named } from "../ops/arguments.js";
import { tensorArg } from "../ops/check.js";
import * as s from "../ops/shape_ops.js";
import type { Tensor } from "../tensor.js";

/** Joins tensors along an existing dimension. */
export function cat(tensors: readonly Tensor[], dim: number | { dim?: number } = 0): Tensor {
  return s.cat(tensors, dimOf("cat", dim));
}

export const concat = cat;
export const concatenate = cat;

/** Joins tensors of one shape along a new dimension. */
export function stack(tensors: readonly Tensor[], dim: number | { dim?: number } = 0): Tensor {
  return s.stack(tensors, dimOf("stack", dim));
}

function dimOf(fn: string, dim: unknown): number {
  return (named(fn, ["dim"], [dim])[0] as number | undefined) ?? 0;
}

export function squeeze(input: Tensor, dim?: number | readonly number[]): Tensor {
  return s.squeeze(tensorArg("squeeze", "input", 1, input), dim);
}

export function unsqueeze(input: Tensor, dim: number): Tensor {
  return s.unsqueeze(tensorArg("unsqueeze", "input", 1, input), dim);
}

export function reshape(input: Tensor, shape: readonly number[]): Tensor {
  return s.reshape(tensorArg("reshape", "input", 1, input), shape);
}

export function flatten(input: Tensor, start_dim = 0, end_dim = -1): Tensor {
  return s.flatten(tensorArg("flatten", "input", 1, input), start_dim, end_dim);
}

export function t(input: Tensor): Tensor {
  return s.t(tensorArg("t", "input", 1, input));
}

export function transpose(input: Tensor, dim0: number, dim1: number): Tensor {
  return s.transpose(tensorArg("transpose", "input", 1, input), dim0, dim1);
}

export function permute(input: Tensor, dims: readonly number[]): Tensor {
  return s.permute(tensorArg("permute", "input", 1, input), dims);
}

export function unbind(input: Tensor, dim = 0): Tensor[] {
  return s.unbind(tensorArg("unbind", "input", 1, input), dim);
}

export function split(input: Tensor, split_size: number | readonly number[], dim = 0): Tensor[] {
  return s.split(tensorArg("split", "input", 1, input), split_size, dim);
}

export function chunk(input: Tensor, chunks: number, dim = 0): Tensor[] {
  return s.chunk(tensorArg("chunk", "input", 1, input), chunks, dim);
}

export function flip(input: Tensor, dims: readonly number[]): Tensor {
  return s.flip(tensorArg("flip", "input", 1, input), dims);
}

export function tril(input: Tensor, diagonal = 0): Tensor {
  return s.triangle("tril", tensorArg("tril", "input", 1, input), diagonal);
}

export function triu(input: Tensor, diagonal = 0): Tensor {
  return s.triangle("triu", tensorArg("triu", "input", 1, input), diagonal);
}

export function diagonal(input: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor {
  return s.diagonal(tensorArg("diagonal", "input", 1, input), offset, dim1, dim2);
}

export function as_strided(
  input: Tensor,
  size: readonly number[],
  stride: readonly number[],
  storage_offset?: number,
): Tensor {
  return s.as_strided(input, size, stride, storage_offset);
}

export { gather, index_select, scatter_add } from "../ops/indexing.js";
