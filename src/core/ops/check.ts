/** @file Argument checks shared by the functions users call. */
import { argumentError, PyTypeError, pythonTypeName } from "../errors.js";
import { Tensor } from "../tensor.js";

export type Scalar = Tensor | number;

/** A tensor, or PyTorch's complaint. Positions count from 1, as in Python's function form. */
export function tensorArg(fn: string, name: string, position: number, value: unknown): Tensor {
  if (value instanceof Tensor) return value;
  throw argumentError(fn, name, position, "Tensor", value);
}

/** A tensor or a number; booleans count as numbers, as in Python. */
export function operandArg(fn: string, name: string, position: number, value: unknown): Scalar {
  if (typeof value === "number" || value instanceof Tensor) return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "bigint") return Number(value);
  throw argumentError(fn, name, position, "Tensor", value);
}

/** Tensors given one by one or as arrays: `meshgrid(a, b)`, `meshgrid([a, b])`. */
export function tensorsArg(fn: string, args: readonly unknown[]): Tensor[] {
  const list: readonly unknown[] = args.flat();
  const wrong = list.findIndex((t) => !(t instanceof Tensor));
  if (wrong < 0) return list as Tensor[];
  throw new PyTypeError(
    `${fn}(): argument 'tensors' (position 1) must be tuple of Tensors, but found element of type ${pythonTypeName(list[wrong])} at pos ${wrong}`,
  );
}

/** Takes a trailing plain object off variadic arguments: `randn(2, 3, { requires_grad: true })`. */
export function splitOptions<O extends object>(args: readonly unknown[]): [readonly unknown[], Partial<O>] {
  const last = args.at(-1);
  if (isOptions(last)) return [args.slice(0, -1), last as Partial<O>];
  return [args, {}];
}

export function isOptions(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const proto = Object.getPrototypeOf(value) as unknown;
  return proto === Object.prototype || proto === null;
}

/** Sizes given as separate numbers or as one array. */
export function sizesArg(fn: string, args: readonly unknown[], name = "size"): number[] {
  if (args.length === 1 && (args[0] === null || args[0] === undefined)) {
    throw argumentError(fn, name, 1, "tuple of ints", args[0]);
  }
  const list = args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  return list.map((n) => {
    if (typeof n === "number" && Number.isInteger(n)) return n;
    if (typeof n === "bigint") return Number(n);
    if (n instanceof Tensor && n._numel === 1 && n.dtype.kind < 2) return Number(n._storage.data[n._offset]!);
    throw argumentError(fn, name, 1, "tuple of ints", n);
  });
}
