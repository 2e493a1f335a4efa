/** @file The tensor's data layout. Its methods are added by family in `methods/`. */
import type { TensorHooks } from "./autograd/hooks.js";
import type { Node } from "./autograd/node.js";
import type { DType } from "./dtype.js";
import { contiguousStrides, numelOf, type Shape, type Size } from "./shape.js";
import { Storage, type TypedArray } from "./storage.js";

/** How a view came to be; in-place writes through some of these are refused, as in PyTorch. */
export type CreationMeta = "default" | "no_grad" | "inference" | "multi_output" | "custom_function";

/** What a differentiable view knows of the tensor it looks into. */
export interface ViewInfo {
  readonly base: Tensor;
  /** Storage version when `_gradFn` was last known to be right. */
  version: number;
  creation: CreationMeta;
}

/**
 * A multi-dimensional array of one element type that can record the operations applied to it.
 *
 * Fields that begin with an underscore belong to the library.
 */
export class Tensor {
  /** @internal */ _storage: Storage;
  /** @internal */ readonly dtype: DType;
  /** @internal */ _shape: Size;
  /** @internal */ _strides: Shape;
  /** @internal */ _offset: number;
  /** @internal */ _numel: number;
  /** @internal row-major without gaps */
  _contiguous: boolean;
  /** @internal the leaf flag; true as well wherever `_gradFn` is set */
  _requiresGrad = false;
  /** @internal */ _gradFn: Node | null = null;
  /** @internal which output of `_gradFn` this is */
  _outputNr = 0;
  /** @internal */ _grad: Tensor | null = null;
  /** @internal the sink of a leaf */
  _accumulator: Node | null = null;
  /** @internal */ _view: ViewInfo | null = null;
  /** @internal */ _hooks: TensorHooks | null = null;
  /** @internal made under inference_mode */
  _inference = false;

  /** @internal */
  constructor(storage: Storage, shape: Size, strides: Shape, offset: number, contiguous: boolean) {
    this._storage = storage;
    this.dtype = storage.dtype;
    this._shape = shape;
    this._strides = strides;
    this._offset = offset;
    this._numel = shape.length === 0 ? 1 : numelOf(shape);
    this._contiguous = contiguous;
  }
}

/** A fresh, uninitialised (zero) tensor in row-major order. */
export function emptyTensor(
  shape: Size,
  dtype: DType,
  allocate: (d: DType, n: number) => TypedArray,
): Tensor {
  const strides = contiguousStrides(shape);
  const n = numelOf(shape);
  return new Tensor(new Storage(dtype, n, allocate(dtype, n), 0), shape, strides, 0, true);
}
