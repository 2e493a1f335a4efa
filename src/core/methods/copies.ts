/** @file Tensor methods: copies, casts, and writing over the elements. */
import { bool, DType, float32, float64, int32, int64, uint8 } from "../dtype.js";
import { PyTypeError } from "../errors.js";
import { named } from "../ops/arguments.js";
import { isOptions, tensorArg } from "../ops/check.js";
import { copy_, fill_, zero_ } from "../ops/inplace.js";
import { clone, contiguous, toDType } from "../ops/pointwise.js";
import { normal_, uniform_ } from "../ops/random_fill.js";
import { Tensor } from "../tensor.js";
import { defineMethods } from "./define.js";

interface ToOptions {
  dtype?: DType;
  device?: string;
  copy?: boolean;
}

declare module "../tensor.js" {
  interface Tensor {
    clone(): Tensor;
    contiguous(): Tensor;
    /** Overwrites the elements with `src`'s, broadcast and cast. */
    copy_(src: Tensor): Tensor;
    fill_(value: number | Tensor): Tensor;
    zero_(): Tensor;
    normal_(mean?: number, std?: number): Tensor;
    uniform_(from?: number, to?: number): Tensor;
    /** The tensor itself where type and device are right already, else a cast copy. */
    to(target: DType | string | Tensor | ToOptions, options?: ToOptions): Tensor;
    type_as(other: Tensor): Tensor;
    cpu(): Tensor;
    float(): Tensor;
    double(): Tensor;
    long(): Tensor;
    int(): Tensor;
    byte(): Tensor;
    bool(): Tensor;
  }
}

function toTarget(target: unknown, self: Tensor): DType {
  if (target instanceof DType) return target;
  if (target instanceof Tensor) return target.dtype;
  if (target === "cpu" || target === undefined) return self.dtype;
  if (isOptions(target)) return (target as ToOptions).dtype ?? self.dtype;
  throw new PyTypeError(`to() received an invalid combination of arguments - got (${String(target)})`);
}

defineMethods({
  clone(this: Tensor) {
    return clone(this);
  },
  contiguous(this: Tensor) {
    return contiguous(this);
  },
  copy_(this: Tensor, src: Tensor) {
    return copy_(this, src);
  },
  fill_(this: Tensor, value: number | Tensor) {
    return fill_(this, value);
  },
  zero_(this: Tensor) {
    return zero_(this);
  },
  normal_(this: Tensor, ...args: unknown[]) {
    const [mean, std] = named("normal_", ["mean", "std"], args);
    return normal_(this, mean as number | undefined, std as number | undefined);
  },
  uniform_(this: Tensor, ...args: unknown[]) {
    const [from, to] = named("uniform_", ["from", "to"], args);
    return uniform_(this, from as number | undefined, to as number | undefined);
  },
  to(this: Tensor, target: unknown, options?: ToOptions) {
    const copy = options?.copy ?? (isOptions(target) ? (target as ToOptions).copy : false);
    return toDType(this, toTarget(target, this), copy);
  },
  type_as(this: Tensor, other: Tensor) {
    return toDType(this, tensorArg("type_as", "other", 1, other).dtype);
  },
  cpu(this: Tensor) {
    return this;
  },
});

const casts = { float: float32, double: float64, long: int64, int: int32, byte: uint8, bool };
for (const [name, dtype] of Object.entries(casts)) {
  defineMethods({
    [name](this: Tensor) {
      return toDType(this, dtype);
    },
  });
}
