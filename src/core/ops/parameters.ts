/** @file The kinds of parameter: what each takes, and PyTorch's complaint about anything else. */
import { type DType, DType as DTypeClass } from "../dtype.js";
import { argumentError, PyTypeError, pythonTypeName } from "../errors.js";
import { Generator } from "../random/generator.js";
import { Tensor } from "../tensor.js";
import type { Param } from "./signature.js";

type Reader<V> = (fn: string, position: number, value: unknown) => V;

function param<N extends string, T, V>(name: N, read: Reader<V>): Param<N, T, V, false> {
  return { name, optional: false, read };
}

function withDefault<N extends string, T, V>(name: N, read: Reader<V>, fallback: V): Param<N, T, V, true> {
  return { name, optional: true, read, fallback };
}

const expect = (fn: string, name: string, position: number, type: string, value: unknown): never => {
  throw argumentError(fn, name, position, type, value);
};

function number(value: unknown): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  if (value instanceof Tensor && value._shape.length === 0 && !value._requiresGrad) {
    return Number(value._storage.array === null ? value._storage.value : value._storage.array[value._offset]);
  }
  return null;
}

const readTensor =
  (name: string): Reader<Tensor> =>
  (fn, at, value) =>
    value instanceof Tensor ? value : expect(fn, name, at, "Tensor", value);

const readInt =
  (name: string): Reader<number> =>
  (fn, at, value) => {
    const n = number(value);
    return n !== null && Number.isInteger(n) ? n : expect(fn, name, at, "int", value);
  };

const readFloat =
  (name: string): Reader<number> =>
  (fn, at, value) =>
    number(value) ?? expect(fn, name, at, "float", value);

const readScalar =
  (name: string): Reader<number> =>
  (fn, at, value) =>
    number(value) ?? expect(fn, name, at, "Number", value);

const readOperand =
  (name: string): Reader<Tensor | number> =>
  (fn, at, value) => {
    if (value instanceof Tensor || typeof value === "number") return value;
    return number(value) ?? expect(fn, name, at, "Tensor", value);
  };

const readFlag =
  (name: string): Reader<boolean> =>
  (fn, at, value) =>
    typeof value === "boolean" ? value : expect(fn, name, at, "bool", value);

const readText =
  (name: string): Reader<string> =>
  (fn, at, value) =>
    typeof value === "string" ? value : expect(fn, name, at, "str", value);

const readInts =
  (name: string): Reader<readonly number[]> =>
  (fn, at, value) => {
    const one = number(value);
    if (one !== null && Number.isInteger(one)) return [one];
    if (!Array.isArray(value)) return expect(fn, name, at, "tuple of ints", value);
    return value.map((x: unknown, i) => {
      const n = number(x);
      if (n !== null && Number.isInteger(n)) return n;
      throw new PyTypeError(
        `${fn}(): argument '${name}' (position ${at}) must be tuple of ints, but found element of type ${pythonTypeName(x)} at pos ${i}`,
      );
    });
  };

const readDType =
  (name: string): Reader<DType> =>
  (fn, at, value) =>
    value instanceof DTypeClass ? value : expect(fn, name, at, "torch.dtype", value);

const readTensors =
  (name: string): Reader<readonly Tensor[]> =>
  (fn, at, value) => {
    if (!Array.isArray(value)) return expect(fn, name, at, "tuple of Tensors", value);
    value.forEach((t: unknown, i) => {
      if (t instanceof Tensor) return;
      throw new PyTypeError(
        `expected Tensor as element ${i} in argument ${at - 1}, but got ${pythonTypeName(t)}`,
      );
    });
    return value as Tensor[];
  };

/** Also takes `null`, and is `null` by default. */
const nullable =
  <V>(read: Reader<V>): Reader<V | null> =>
  (fn, at, value) =>
    value === null ? null : read(fn, at, value);

export const tensor = <N extends string>(name: N) => param<N, Tensor, Tensor>(name, readTensor(name));
export const optTensor = <N extends string>(name: N) =>
  withDefault<N, Tensor | null, Tensor | null>(name, nullable(readTensor(name)), null);
export const tensors = <N extends string>(name: N) =>
  param<N, readonly Tensor[], readonly Tensor[]>(name, readTensors(name));
/** A tensor or a number. */
export const operand = <N extends string>(name: N) => ({
  ...param<N, Tensor | number, Tensor | number>(name, readOperand(name)),
  overloaded: true as const,
});
export const optOperand = <N extends string>(name: N) =>
  withDefault<N, Tensor | number | null, Tensor | number | null>(name, nullable(readOperand(name)), null);
export const int = <N extends string>(name: N) => param<N, number, number>(name, readInt(name));
export const optInt = <N extends string, D extends number | null>(name: N, fallback: D) =>
  withDefault<N, number | (null extends D ? null : never), D extends null ? number | null : number>(
    name,
    (fallback === null ? nullable(readInt(name)) : readInt(name)) as never,
    fallback as never,
  );
export const float = <N extends string>(name: N) => param<N, number, number>(name, readFloat(name));
export const optFloat = <N extends string, D extends number | null>(name: N, fallback: D) =>
  withDefault<N, number | (null extends D ? null : never), D extends null ? number | null : number>(
    name,
    (fallback === null ? nullable(readFloat(name)) : readFloat(name)) as never,
    fallback as never,
  );
/** A plain number, of either Python kind. */
export const scalar = <N extends string>(name: N) => param<N, number, number>(name, readScalar(name));
export const optScalar = <N extends string>(name: N, fallback: number) =>
  withDefault<N, number, number>(name, readScalar(name), fallback);
export const flag = <N extends string>(name: N, fallback: boolean) =>
  withDefault<N, boolean, boolean>(name, readFlag(name), fallback);
export const text = <N extends string, D extends string>(name: N, fallback: D) =>
  withDefault<N, string, string>(name, readText(name), fallback);
export const ints = <N extends string>(name: N) =>
  param<N, number | readonly number[], readonly number[]>(name, readInts(name));
/** One number, several, or none (`null`). */
export const optInts = <N extends string>(name: N) =>
  withDefault<N, number | readonly number[] | null, readonly number[] | null>(
    name,
    nullable(readInts(name)),
    null,
  );
/** One number (kept as one), several, or none (`null`). */
export const optDims = <N extends string>(name: N) =>
  withDefault<N, number | readonly number[] | null, number | readonly number[] | null>(
    name,
    nullable((fn, at, value) => (Array.isArray(value) ? readInts(name) : readInt(name))(fn, at, value)),
    null,
  );
/** Sizes or dimensions given one by one or as an array. */
export const sizes = <N extends string>(
  name: N,
): Param<N, number | readonly number[], readonly number[], false> & { rest: true } => ({
  ...ints(name),
  rest: true,
});
export const optDType = <N extends string>(name: N) =>
  withDefault<N, DType | null, DType | null>(name, nullable(readDType(name)), null);
/** Anything: the body checks it. */
export const any = <N extends string, T>(name: N) => ({
  ...param<N, T, T>(name, (_, __, value) => value as T),
  unchecked: true as const,
});
export const optAny = <N extends string, T>(name: N, fallback: T) => ({
  ...withDefault<N, T, T>(name, (_, __, value) => value as T, fallback),
  unchecked: true as const,
});
/** A random stream; null takes the default one. */
export const optGenerator = withDefault<"generator", Generator | null, Generator | null>(
  "generator",
  nullable((fn, at, value) =>
    value instanceof Generator ? value : expect(fn, "generator", at, "torch.Generator", value),
  ),
  null,
);
