/** @file Python's exception classes, by name: what PyTorch raises, we throw. */

export class RuntimeError extends Error {
  override readonly name: string = "RuntimeError";
}

export class NotImplementedError extends RuntimeError {
  override readonly name: string = "NotImplementedError";
}

/** `torch.linalg.LinAlgError`: an algorithm gave up on a matrix. */
export class LinAlgError extends RuntimeError {
  override readonly name: string = "_LinAlgError";
}

export class ValueError extends Error {
  override readonly name: string = "ValueError";
}

export class IndexError extends Error {
  override readonly name: string = "IndexError";
}

export class KeyError extends Error {
  override readonly name: string = "KeyError";
}

export class AttributeError extends Error {
  override readonly name: string = "AttributeError";
}

export class AssertionError extends Error {
  override readonly name: string = "AssertionError";
}

export class PyTypeError extends globalThis.TypeError {
  override readonly name: string = "TypeError";
}

/** Extends JavaScript's own `TypeError`, so that both `instanceof` checks hold. */
export { PyTypeError as TypeError };

/** Python's name for the type of a JavaScript value, as PyTorch's argument errors quote it. */
export function pythonTypeName(value: unknown): string {
  switch (typeof value) {
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    case "bigint":
      return "int";
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "function":
      return "function";
    case "undefined":
      return "NoneType";
  }
  if (value === null) return "NoneType";
  if (Array.isArray(value)) return value.constructor.name === "Size" ? "torch.Size" : "list";
  const name = (value as object).constructor?.name;
  return name === undefined || name === "Object" ? "dict" : name;
}

/** `mul(): argument 'other' (position 1) must be Tensor, not str` */
export function argumentError(
  fn: string,
  argument: string,
  position: number,
  expected: string,
  value: unknown,
): PyTypeError {
  return new PyTypeError(
    `${fn}(): argument '${argument}' (position ${position}) must be ${expected}, not ${pythonTypeName(value)}`,
  );
}
