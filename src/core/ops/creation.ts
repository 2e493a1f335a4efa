/** @file Factories: tensors from nothing, from data, or in another's likeness. */
import { mode } from "../autograd/grad_mode.js";
import { DType, getDefaultDType, int64, KIND_FLOAT } from "../dtype.js";
import { argumentError, PyTypeError, RuntimeError } from "../errors.js";
import { copyInto, fillWith, newTensor } from "../kernels/copy.js";
import { observer } from "../observe.js";
import { fillRandomFromTo, randperm as permutation } from "../random/discrete.js";
import { defaultGenerator, type Generator } from "../random/generator.js";
import { fillNormal } from "../random/normal.js";
import { type FloatArray, fillUniform } from "../random/uniform.js";
import { type Size, sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";
import { isOptions, sizesArg, splitOptions, tensorArg } from "./check.js";
import { type Data, fromData } from "./from_data.js";

export interface TensorOptions {
  /** Element type; factories default to float32, `*_like` to the other tensor's. */
  dtype?: DType | null;
  /** Record operations on the result; floating-point types only. */
  requires_grad?: boolean;
  /** Only the CPU exists. */
  device?: string | null;
}

export interface RandomOptions extends TensorOptions {
  /** Draws from this stream instead of the default one. */
  generator?: Generator | null;
}

/** Sizes as separate numbers or one array; an options object may follow. */
export type SizeArgs<O = TensorOptions> =
  | readonly number[]
  | readonly [...sizes: number[], options: O]
  | readonly [sizes: readonly number[], options?: O];

/** Ends a factory: the leaf flag, the observer. */
export function created(t: Tensor, factory: string, options: Partial<TensorOptions>): Tensor {
  if (options.device !== undefined && options.device !== null && options.device !== "cpu") {
    throw new RuntimeError(
      `Torch not compiled with CUDA enabled (device '${options.device}' does not exist here; use "cpu")`,
    );
  }
  if (options.requires_grad === true) {
    if (t.dtype.kind !== KIND_FLOAT) {
      throw new RuntimeError("Only Tensors of floating point and complex dtype can require gradients");
    }
    t._requiresGrad = true;
  }
  if (mode.inference) t._inference = true;
  if (observer !== null) observer.onCreate?.(t, factory);
  return t;
}

export function dtypeArg(fn: string, value: unknown): DType | null {
  if (value === undefined || value === null) return null;
  if (value instanceof DType) return value;
  throw argumentError(fn, "dtype", 1, "torch.dtype", value);
}

/** A new leaf with a copy of `data`. */
export function tensor(data: Data, options: TensorOptions = {}): Tensor {
  if (data instanceof Tensor) {
    warn(
      "To copy construct from a tensor, it is recommended to use sourceTensor.detach().clone() or " +
        "sourceTensor.detach().clone().requires_grad_(True), rather than torch.tensor(sourceTensor).",
    );
    const copy = copyInto(null, data, dtypeArg("tensor", options.dtype) ?? data.dtype);
    return created(copy, "tensor", options);
  }
  return created(fromData(data, dtypeArg("tensor", options.dtype)), "tensor", options);
}

/** `torch.FloatTensor([…])` and its siblings: the old constructors with a fixed type. */
export function legacyTensor(name: string, dtype: DType, args: readonly unknown[]): Tensor {
  if (args.every((a) => typeof a === "number")) {
    return created(newTensor(sizeOf(args as number[]), dtype), name, {});
  }
  if (args.length !== 1 || !Array.isArray(args[0]))
    throw new PyTypeError(`${name} takes sizes or one sequence`);
  return created(fromData(args[0], dtype), name, {});
}

function sized(fn: string, args: readonly unknown[]): [Size, Partial<RandomOptions>] {
  const [rest, options] = splitOptions<RandomOptions & { size?: readonly number[] }>(args);
  const sizes = options.size !== undefined && rest.length === 0 ? options.size : sizesArg(fn, rest);
  for (const n of sizes) {
    if (n < 0) throw new RuntimeError(`${fn}: Dimension size must be non-negative.`);
  }
  return [sizeOf(sizes), options];
}

function filled(fn: string, args: readonly unknown[], value: number): Tensor {
  const [size, options] = sized(fn, args);
  const out = newTensor(size, dtypeArg(fn, options.dtype) ?? getDefaultDType());
  if (value !== 0) fillWith(out, value);
  return created(out, fn, options);
}

/** Zeros of the given sizes. */
export function zeros(...args: SizeArgs): Tensor {
  return filled("zeros", args, 0);
}

/** Ones of the given sizes. */
export function ones(...args: SizeArgs): Tensor {
  return filled("ones", args, 1);
}

/** Memory of the given sizes; ours holds zeros, but nobody should rely on it. */
export function empty(...args: SizeArgs): Tensor {
  return filled("empty", args, 0);
}

/** `value` everywhere: int64 for integers and bool for booleans where no dtype is given, as in PyTorch. */
export function full(
  size: readonly number[],
  fill_value: number | boolean | bigint | Tensor,
  options: TensorOptions = {},
): Tensor {
  const value =
    fill_value instanceof Tensor ? Number(fill_value._storage.data[fill_value._offset]) : fill_value;
  const inferred =
    typeof fill_value === "object" ? fill_value.dtype : fullType(value as number | boolean | bigint);
  const out = newTensor(sizeOf(sizesArg("full", [size])), dtypeArg("full", options.dtype) ?? inferred);
  fillWith(out, Number(value));
  return created(out, "full", options);
}

// A JavaScript number is a Python float unless its type was asked for: `full([2], 1.0)` must stay float.
function fullType(value: number | boolean | bigint): DType {
  if (typeof value === "boolean") return fromData(true, null).dtype;
  return typeof value === "bigint" ? int64 : getDefaultDType();
}

function alike(fn: string, t: Tensor, options: TensorOptions): Tensor {
  const like = tensorArg(fn, "input", 1, t);
  if (!isOptions(options)) throw argumentError(fn, "dtype", 2, "torch.dtype", options);
  return newTensor(like._shape, dtypeArg(fn, options.dtype) ?? like.dtype);
}

/** Zeros of `input`'s shape and dtype. */
export function zeros_like(input: Tensor, options: TensorOptions = {}): Tensor {
  return created(alike("zeros_like", input, options), "zeros_like", options);
}

/** Ones of `input`'s shape and dtype. */
export function ones_like(input: Tensor, options: TensorOptions = {}): Tensor {
  const out = alike("ones_like", input, options);
  fillWith(out, 1);
  return created(out, "ones_like", options);
}

/** Memory of `input`'s shape and dtype. */
export function empty_like(input: Tensor, options: TensorOptions = {}): Tensor {
  return created(alike("empty_like", input, options), "empty_like", options);
}

/** `value` in `input`'s shape and dtype. */
export function full_like(input: Tensor, fill_value: number, options: TensorOptions = {}): Tensor {
  const out = alike("full_like", input, options);
  fillWith(out, fill_value);
  return created(out, "full_like", options);
}

/** The identity matrix, n by m (m defaults to n). */
export function eye(n: number, m: number | TensorOptions = n, options: TensorOptions = {}): Tensor {
  const cols = typeof m === "number" ? m : n;
  const opts = typeof m === "number" ? options : m;
  if (typeof n !== "number" || !Number.isInteger(n)) throw argumentError("eye", "n", 1, "int", n);
  if (!isOptions(opts) || !Number.isInteger(cols)) throw argumentError("eye", "m", 2, "int", m);
  if (n < 0) throw new RuntimeError(`n must be greater or equal to 0, got ${n}`);
  if (cols < 0) throw new RuntimeError(`m must be greater or equal to 0, got ${cols}`);
  const out = newTensor(sizeOf([n, cols]), dtypeArg("eye", opts.dtype) ?? getDefaultDType());
  const one = out.dtype === int64 ? 1n : 1;
  for (let i = 0; i < Math.min(n, cols); i++)
    (out._storage.data as { [i: number]: unknown })[i * cols + i] = one;
  return created(out, "eye", opts);
}

function random(
  fn: string,
  args: readonly unknown[],
  draw: (out: FloatArray, generator: Generator) => void,
): Tensor {
  const [size, options] = sized(fn, args);
  return created(drawn(fn, size, options, getDefaultDType(), draw), fn, options);
}

function drawn(
  fn: string,
  size: Size,
  options: Partial<RandomOptions>,
  fallback: DType,
  draw: (out: FloatArray, generator: Generator) => void,
): Tensor {
  const dtype = dtypeArg(fn, options.dtype) ?? fallback;
  if (dtype.kind !== KIND_FLOAT) {
    throw new RuntimeError(`"${fn}" not implemented for '${dtype.scalarName}'`);
  }
  const out = newTensor(size, dtype);
  if (out._numel > 0) draw(out._storage.data as FloatArray, options.generator ?? defaultGenerator);
  return out;
}

const uniform = (out: FloatArray, g: Generator): void => fillUniform(out, 0, 1, g);

const normal = (out: FloatArray, g: Generator): void => fillNormal(out, 0, 1, g);

/** Uniform on [0, 1). */
export function rand(...args: SizeArgs<RandomOptions>): Tensor {
  return random("rand", args, uniform);
}

/** Standard normal. */
export function randn(...args: SizeArgs<RandomOptions>): Tensor {
  return random("randn", args, normal);
}

export function rand_like(input: Tensor, options: RandomOptions = {}): Tensor {
  tensorArg("rand_like", "input", 1, input);
  return created(drawn("rand_like", input._shape, options, input.dtype, uniform), "rand_like", options);
}

export function randn_like(input: Tensor, options: RandomOptions = {}): Tensor {
  tensorArg("randn_like", "input", 1, input);
  return created(drawn("randn_like", input._shape, options, input.dtype, normal), "randn_like", options);
}

/** Integers of [low, high): `randint(high, size)` or `randint(low, high, size)`. */
export function randint(...args: unknown[]): Tensor {
  const [rest, options] = splitOptions<RandomOptions>(args);
  const [low, high, size] = rest.length === 2 ? [0, rest[0], rest[1]] : rest;
  const dtype = dtypeArg("randint", options.dtype) ?? int64;
  const out = newTensor(sizeOf(sizesArg("randint", [size])), dtype);
  const data = out._storage.data;
  fillRandomFromTo(data, low as number, high as number, options.generator ?? defaultGenerator);
  return created(out, "randint", options);
}

/** A random order of 0 … n − 1. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  const order = permutation(n, options.generator ?? defaultGenerator);
  return created(
    fromData(Array.from(order), dtypeArg("randperm", options.dtype) ?? int64),
    "randperm",
    options,
  );
}

/** Restarts the default random stream. */
export function manual_seed(seed: number | bigint): Generator {
  return defaultGenerator.manual_seed(seed);
}
