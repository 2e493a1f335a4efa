/** @file Tensors from JavaScript data: nested arrays, typed arrays, numbers, booleans, bigints. */
import { bool, type DType, float32, float64, getDefaultDType, int32, int64, uint8 } from "../dtype.js";
import { PyTypeError, pythonTypeName, ValueError } from "../errors.js";
import { fillWith, newTensor, scalarTensor, wrapArray } from "../kernels/copy.js";
import { SCALAR, sizeOf } from "../shape.js";
import { type NumberArray, roundTo, type TypedArray } from "../storage.js";
import { Tensor } from "../tensor.js";

export type Data = number | boolean | bigint | Tensor | ArrayBufferView | readonly Data[];

const viewTypes: readonly [new (n: number) => TypedArray, DType][] = [
  [Float32Array, float32],
  [Float64Array, float64],
  [Int32Array, int32],
  [BigInt64Array, int64],
  [Uint8Array, uint8],
];

/** The element type that data of this kind has when none is asked for. */
function inferType(first: unknown): DType {
  if (typeof first === "boolean") return bool;
  if (typeof first === "bigint") return int64;
  return getDefaultDType();
}

function shapeOf(data: unknown): number[] {
  const shape: number[] = [];
  let at = data;
  while (Array.isArray(at)) {
    shape.push(at.length);
    at = at[0];
  }
  if (at instanceof Tensor && shape.length > 0) shape.push(...at._shape);
  else if (ArrayBuffer.isView(at)) shape.push((at as Float32Array).length);
  return shape;
}

function collect(data: unknown, shape: readonly number[], depth: number, into: unknown[]): void {
  if (Array.isArray(data) || ArrayBuffer.isView(data)) {
    const list = data as ArrayLike<unknown>;
    if (depth >= shape.length) throw notNested(list, depth);
    if (list.length !== shape[depth]) {
      throw new ValueError(
        `expected sequence of length ${shape[depth]} at dim ${depth} (got ${list.length})`,
      );
    }
    for (let i = 0; i < list.length; i++) collect(list[i], shape, depth + 1, into);
    return;
  }
  if (data instanceof Tensor) {
    flatten(data, into);
    return;
  }
  if (depth !== shape.length) throw new PyTypeError("not a sequence");
  if (typeof data !== "number" && typeof data !== "boolean" && typeof data !== "bigint") {
    throw new PyTypeError(
      data === null || data === undefined
        ? `Could not infer dtype of NoneType`
        : typeof data === "string"
          ? "new(): invalid data type 'str'"
          : `Could not infer dtype of ${pythonTypeName(data)}`,
    );
  }
  into.push(data);
}

function notNested(list: ArrayLike<unknown>, depth: number): ValueError {
  return new ValueError(`too many dimensions '${pythonTypeName(list)}' at dim ${depth}`);
}

function flatten(t: Tensor, into: unknown[]): void {
  const walk = (d: number, at: number): void => {
    if (d === t._shape.length) into.push(t._storage.data[at]!);
    else for (let i = 0; i < t._shape[d]!; i++) walk(d + 1, at + i * t._strides[d]!);
  };
  walk(0, t._offset);
}

/** A new tensor holding `data`; `dtype` null infers it. */
export function fromData(data: unknown, dtype: DType | null): Tensor {
  if (typeof data === "number") {
    const type = dtype ?? getDefaultDType();
    if (type !== int64) return scalarTensor(type, roundTo(type, data), SCALAR);
  }
  if (ArrayBuffer.isView(data)) return fromView(data as TypedArray, dtype);
  const shape = shapeOf(data);
  const flat: unknown[] = [];
  collect(data, shape, 0, flat);
  const type = dtype ?? inferType(flat.find((x) => typeof x !== "boolean") ?? flat[0]);
  const out = newTensor(sizeOf(shape), type);
  if (flat.length === 1) fillWith(out, type === int64 ? toBig(flat[0]) : Number(flat[0]));
  else if (type === int64) {
    const to = out._storage.data as BigInt64Array;
    for (let i = 0; i < flat.length; i++) to[i] = toBig(flat[i]);
  } else {
    const to = out._storage.data as NumberArray;
    for (let i = 0; i < flat.length; i++) {
      const x = Number(flat[i]);
      to[i] = type === bool ? (x !== 0 ? 1 : 0) : x;
    }
  }
  return out;
}

function toBig(x: unknown): bigint {
  return typeof x === "bigint" ? x : BigInt(Math.trunc(Number(x)));
}

function fromView(data: TypedArray, dtype: DType | null): Tensor {
  const own = viewTypes.find(([Type]) => data instanceof Type)?.[1];
  if (own !== undefined && (dtype === null || dtype === own)) {
    return wrapArray(data.slice() as TypedArray, sizeOf([data.length]), own);
  }
  return fromData(Array.from(data as ArrayLike<number | bigint>), dtype ?? own ?? getDefaultDType());
}
