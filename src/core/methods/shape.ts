/** @file Tensor methods: shapes, views, indexing. */
import { named } from "../ops/arguments.js";
import { sizesArg, tensorArg } from "../ops/check.js";
import type { Index } from "../ops/indexing.js";
import * as x from "../ops/indexing.js";
import { ops } from "../ops/op.js";
import * as s from "../ops/shape_ops.js";
import { normalizeDim, type Shape, type Size } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { defineAccessors, defineMethods } from "./define.js";

type Sizes = number[] | [readonly number[]];

declare module "../tensor.js" {
  interface Tensor {
    readonly shape: Size;
    readonly ndim: number;
    readonly device: string;
    readonly itemsize: number;
    /** The transpose; dimensions reversed. */
    readonly T: Tensor;
    /** The last two dimensions swapped. */
    readonly mT: Tensor;
    size(): Size;
    size(dim: number): number;
    dim(): number;
    ndimension(): number;
    numel(): number;
    nelement(): number;
    /** Steps between neighbours along each dimension, in elements. */
    stride(): number[];
    stride(dim: number): number;
    storage_offset(): number;
    is_contiguous(): boolean;
    is_floating_point(): boolean;
    element_size(): number;

    /** A view of the same memory with another shape; one size may be -1. */
    view(...size: Sizes): Tensor;
    view_as(other: Tensor): Tensor;
    /** A view where possible, else a copy. */
    reshape(...shape: Sizes): Tensor;
    reshape_as(other: Tensor): Tensor;
    flatten(start_dim?: number, end_dim?: number): Tensor;
    t(): Tensor;
    t_(): Tensor;
    transpose(dim0: number, dim1: number): Tensor;
    transpose_(dim0: number, dim1: number): Tensor;
    permute(...dims: Sizes): Tensor;
    /** Repeats dimensions of size 1 without copying; -1 keeps a size. */
    expand(...size: Sizes): Tensor;
    expand_as(other: Tensor): Tensor;
    /** Drops dimensions of size 1: all, or those named. */
    squeeze(dim?: number | readonly number[]): Tensor;
    squeeze_(dim?: number): Tensor;
    unsqueeze(dim: number): Tensor;
    unsqueeze_(dim: number): Tensor;
    select(dim: number, index: number): Tensor;
    /** The part `start:end:step` of a dimension; null leaves a bound out. */
    slice(dim?: number, start?: number | null, end?: number | null, step?: number): Tensor;
    narrow(dim: number, start: number, length: number): Tensor;
    as_strided(size: readonly number[], stride: readonly number[], storage_offset?: number): Tensor;
    diagonal(offset?: number, dim1?: number, dim2?: number): Tensor;
    unbind(dim?: number): Tensor[];
    split(split_size: number | readonly number[], dim?: number): Tensor[];
    chunk(chunks: number, dim?: number): Tensor[];
    repeat(...repeats: Sizes): Tensor;
    flip(...dims: Sizes): Tensor;
    tril(diagonal?: number): Tensor;
    triu(diagonal?: number): Tensor;

    /** `self[...]`: numbers, `torch.Slice(…)`, null, `torch.Ellipsis`, index tensors, masks, nested arrays. */
    index(indices: readonly Index[]): Tensor;
    /** `self[...] = value`. */
    index_put_(indices: readonly Index[], value: Tensor | number, accumulate?: boolean): Tensor;
    gather(dim: number, index: Tensor): Tensor;
    scatter_add(dim: number, index: Tensor, src: Tensor): Tensor;
    index_select(dim: number, index: Tensor): Tensor;
  }
}

defineAccessors({
  shape: {
    get() {
      return this._shape;
    },
  },
  ndim: {
    get() {
      return this._shape.length;
    },
  },
  device: {
    get() {
      return "cpu";
    },
  },
  itemsize: {
    get() {
      return this.dtype.itemsize;
    },
  },
  T: {
    get() {
      return s.numpyT(this);
    },
  },
  mT: {
    get() {
      return s.transpose(this, -2, -1);
    },
  },
});

const wrapped = (t: Tensor, dim: number): number => normalizeDim(dim, t._shape.length);

defineMethods({
  size(this: Tensor, dim?: number) {
    return dim === undefined ? this._shape : this._shape[wrapped(this, dim)]!;
  },
  dim(this: Tensor) {
    return this._shape.length;
  },
  ndimension(this: Tensor) {
    return this._shape.length;
  },
  numel(this: Tensor) {
    return this._numel;
  },
  nelement(this: Tensor) {
    return this._numel;
  },
  stride(this: Tensor, dim?: number) {
    return dim === undefined ? [...this._strides] : this._strides[wrapped(this, dim)]!;
  },
  storage_offset(this: Tensor) {
    return this._offset;
  },
  is_contiguous(this: Tensor) {
    return this._contiguous;
  },
  is_floating_point(this: Tensor) {
    return this.dtype.is_floating_point;
  },
  element_size(this: Tensor) {
    return this.dtype.itemsize;
  },
  view(this: Tensor, ...size: unknown[]) {
    return s.view(this, sizesArg("view", size));
  },
  view_as(this: Tensor, other: Tensor) {
    return s.view(this, tensorArg("view_as", "other", 1, other)._shape);
  },
  reshape(this: Tensor, ...shape: unknown[]) {
    return s.reshape(this, sizesArg("reshape", shape, "shape"));
  },
  reshape_as(this: Tensor, other: Tensor) {
    return s.reshape(this, tensorArg("reshape_as", "other", 1, other)._shape);
  },
  flatten(this: Tensor, ...args: unknown[]) {
    const [start, end] = named("flatten", ["start_dim", "end_dim"], args);
    return s.flatten(this, start as number | undefined, end as number | undefined);
  },
  t(this: Tensor) {
    return s.t(this);
  },
  t_(this: Tensor) {
    return s.restride(ops.t_, this);
  },
  transpose(this: Tensor, dim0: number, dim1: number) {
    return s.transpose(this, dim0, dim1);
  },
  transpose_(this: Tensor, dim0: number, dim1: number) {
    return s.restride(ops.transpose_, this, wrapped(this, dim0), wrapped(this, dim1));
  },
  permute(this: Tensor, ...dims: unknown[]) {
    return s.permute(this, sizesArg("permute", dims, "dims"));
  },
  expand(this: Tensor, ...size: unknown[]) {
    return s.expand(this, sizesArg("expand", size));
  },
  expand_as(this: Tensor, other: Tensor) {
    return s.expand(this, tensorArg("expand_as", "other", 1, other)._shape);
  },
  squeeze(this: Tensor, ...args: unknown[]) {
    return s.squeeze(this, named("squeeze", ["dim"], args)[0] as number | undefined);
  },
  squeeze_(this: Tensor, dim?: number) {
    return dim === undefined
      ? s.restride(ops.squeeze_, this)
      : s.restride(ops.squeeze_dim_, this, wrapped(this, dim));
  },
  unsqueeze(this: Tensor, ...args: unknown[]) {
    return s.unsqueeze(this, named("unsqueeze", ["dim"], args)[0] as number);
  },
  unsqueeze_(this: Tensor, dim: number) {
    return s.restride(ops.unsqueeze_, this, normalizeDim(dim, this._shape.length + 1));
  },
  select(this: Tensor, dim: number, index: number) {
    return s.select(this, dim, index);
  },
  slice(
    this: Tensor,
    dim = 0,
    start: number | null = null,
    end: number | null = null,
    step: number | null = null,
  ) {
    return s.slice(this, dim, start, end, step);
  },
  narrow(this: Tensor, dim: number, start: number, length: number) {
    return s.narrow(this, dim, start, length);
  },
  as_strided(this: Tensor, size: Shape, stride: Shape, offset?: number) {
    return s.as_strided(this, size, stride, offset);
  },
  diagonal(this: Tensor, offset = 0, dim1 = 0, dim2 = 1) {
    return s.diagonal(this, offset, dim1, dim2);
  },
  unbind(this: Tensor, dim = 0) {
    return s.unbind(this, dim);
  },
  split(this: Tensor, size: number | readonly number[], dim = 0) {
    return s.split(this, size, dim);
  },
  chunk(this: Tensor, chunks: number, dim = 0) {
    return s.chunk(this, chunks, dim);
  },
  repeat(this: Tensor, ...repeats: unknown[]) {
    return s.repeat(this, sizesArg("repeat", repeats, "repeats"));
  },
  flip(this: Tensor, ...dims: unknown[]) {
    return s.flip(this, sizesArg("flip", dims, "dims"));
  },
  tril(this: Tensor, diagonal = 0) {
    return s.triangle("tril", this, diagonal);
  },
  triu(this: Tensor, diagonal = 0) {
    return s.triangle("triu", this, diagonal);
  },
  index(this: Tensor, indices: readonly Index[]) {
    return x.index(this, indices);
  },
  index_put_(this: Tensor, indices: readonly Index[], value: Tensor | number, accumulate = false) {
    return x.index_put_(this, indices, value, accumulate);
  },
  gather(this: Tensor, dim: number, index: Tensor) {
    return x.gather(this, dim, index);
  },
  scatter_add(this: Tensor, dim: number, index: Tensor, src: Tensor) {
    return x.scatter_add(this, dim, index, src);
  },
  index_select(this: Tensor, dim: number, index: Tensor) {
    return x.index_select(this, dim, index);
  },
});
