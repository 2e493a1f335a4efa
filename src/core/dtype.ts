/** @file Element types, their promotion lattice and their place in memory. */

export type DTypeName = "float32" | "float64" | "int64" | "int32" | "uint8" | "bool";

/** Categories in promotion order: a result takes the highest category among its operands. */
export const KIND_BOOL = 0;
export const KIND_INT = 1;
export const KIND_FLOAT = 2;

/** An element type, e.g. `torch.float32`. There is one object per type; compare with `===`. */
export class DType {
  /** @internal */
  constructor(
    /** PyTorch's name without the module, e.g. `"float32"`. */
    readonly name: DTypeName,
    /** @internal rank inside the promotion lattice */
    readonly rank: number,
    /** @internal */
    readonly kind: number,
    /** Bytes per element. */
    readonly itemsize: number,
    /** @internal C++ type name as it stands in error messages, e.g. `Float`. */
    readonly scalarName: string,
  ) {}

  get is_floating_point(): boolean {
    return this.kind === KIND_FLOAT;
  }

  toString(): string {
    return `torch.${this.name}`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export const bool = new DType("bool", 0, KIND_BOOL, 1, "Bool");
export const uint8 = new DType("uint8", 1, KIND_INT, 1, "Byte");
export const int32 = new DType("int32", 2, KIND_INT, 4, "Int");
export const int64 = new DType("int64", 3, KIND_INT, 8, "Long");
export const float32 = new DType("float32", 4, KIND_FLOAT, 4, "Float");
export const float64 = new DType("float64", 5, KIND_FLOAT, 8, "Double");

export const allDTypes: readonly DType[] = [bool, uint8, int32, int64, float32, float64];

/** The smallest type both operands convert to (`torch.promote_types`); our six types form a chain. */
export function promoteTypes(a: DType, b: DType): DType {
  return a.rank >= b.rank ? a : b;
}

/** Whether PyTorch lets an in-place result of type `from` be stored in `to` (`torch.can_cast`). */
export function canCast(from: DType, to: DType): boolean {
  return from.kind <= to.kind;
}

let defaultDType: DType = float32;

/** The type that Python floats promote integers to; float32 unless changed. */
export function getDefaultDType(): DType {
  return defaultDType;
}

export function setDefaultDType(dtype: DType): void {
  defaultDType = dtype;
}
