/** @file The memory behind tensors: one typed array, and the version counter all its views share. */
import { type DType, int64, KIND_FLOAT } from "./dtype.js";
import { POOLED_FROM, takeFloats } from "./pool.js";

/**
 * Elements of every type but int64, read and written as numbers. int64 lives in a `BigInt64Array`:
 * exact over the whole range and the same memory that `numpy()` hands out; its kernels have their own
 * (BigInt) loops, since int64 tensors are labels and counters, seldom the hot part of a program.
 */
export type NumberArray = Float32Array | Float64Array | Int32Array | Uint8Array;
export type TypedArray = NumberArray | BigInt64Array;

/** Memory for `length` elements, all zero. */
export function allocate(dtype: DType, length: number): TypedArray {
  return length >= POOLED_FROM && dtype.kind === KIND_FLOAT
    ? takeFloats(dtype, length, true)
    : make(dtype, length);
}

/** The same for whoever writes every element: what is in it may be anything. */
export function allocateRaw(dtype: DType, length: number): TypedArray {
  return length >= POOLED_FROM && dtype.kind === KIND_FLOAT
    ? takeFloats(dtype, length, false)
    : make(dtype, length);
}

function make(dtype: DType, length: number): TypedArray {
  switch (dtype.name) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "int32":
      return new Int32Array(length);
    default:
      return new Uint8Array(length);
  }
}

/** Rounds a number to what one element of `dtype` can hold, as storing it in memory would. */
export function roundTo(dtype: DType, value: number): number {
  switch (dtype.name) {
    case "float32":
      return Math.fround(value);
    case "float64":
      return value;
    case "bool":
      return value !== 0 ? 1 : 0;
    case "uint8":
      return value & 255;
    default:
      return value | 0;
  }
}

/**
 * A handle on memory with the version counter of everything that shares the handle.
 *
 * A storage of one element keeps it in a plain field until somebody needs real memory (a typed array
 * costs more than the arithmetic of a scalar op). `.data` makes a second handle on the same memory,
 * because in PyTorch it shares the values but not the counter.
 */
export class Storage {
  version = 0;
  /** The element, while `array` is null. */
  value: number;
  array: TypedArray | null;
  readonly length: number;
  readonly dtype: DType;
  /**
   * How many places in the engine hold this memory, where nobody else does; 0 where anybody may, −1 where it is
   * known that somebody does for good.
   */
  holders = 0;

  constructor(dtype: DType, length: number, array: TypedArray | null, value: number) {
    this.dtype = dtype;
    this.length = length;
    this.array = array;
    this.value = value;
  }

  get data(): TypedArray {
    return this.array ?? this.materialize();
  }

  private materialize(): TypedArray {
    const array = allocate(this.dtype, 1);
    if (this.dtype === int64) (array as BigInt64Array)[0] = BigInt(this.value);
    else array[0] = this.value;
    this.array = array;
    return array;
  }

  /** The same memory under a version counter of its own. */
  alias(): Storage {
    const other = new Storage(this.dtype, this.length, this.data, 0);
    this.holders = -1;
    other.holders = -1;
    return other;
  }
}

const addresses = new WeakMap<ArrayBufferLike, number>();
let nextAddress = 0x5581_0000_0000;

/** A stable, made-up address for a piece of memory (`data_ptr`), 64-byte aligned like PyTorch's. */
export function addressOf(array: TypedArray): number {
  let address = addresses.get(array.buffer);
  if (address === undefined) {
    address = nextAddress;
    nextAddress += (array.byteLength + 127) & ~63;
    addresses.set(array.buffer, address);
  }
  return address + array.byteOffset;
}
