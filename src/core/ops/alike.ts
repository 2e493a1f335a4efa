/** @file `x.new_zeros(…)` and its kin: new tensors of `x`'s type. */
import type { DType } from "../dtype.js";
import { defineMethods } from "../methods/define.js";
import type { Tensor } from "../tensor.js";
import { splitOptions } from "./check.js";
import { created, empty, full, ones, type SizeArgs, type TensorOptions, zeros } from "./creation.js";
import { type Data, fromData } from "./from_data.js";

type Factory = (...args: SizeArgs) => Tensor;

/** `factory` with the dtype of the tensor it is called on, unless another is asked for. */
const like = (factory: Factory) =>
  function (this: Tensor, ...args: SizeArgs): Tensor {
    const [rest, options] = splitOptions<TensorOptions & { size?: readonly number[] }>(args);
    return factory(...(rest as number[]), {
      ...options,
      dtype: options.dtype ?? this.dtype,
    } as TensorOptions);
  };

declare module "../tensor.js" {
  interface Tensor {
    new_zeros(...args: SizeArgs): Tensor;
    new_ones(...args: SizeArgs): Tensor;
    /** Memory of the given sizes; ours holds zeros, but nobody should rely on it. */
    new_empty(...args: SizeArgs): Tensor;
    new_full(size: readonly number[], fill_value: number | boolean, options?: TensorOptions): Tensor;
    /** A copy of `data`, as `torch.tensor` makes one. */
    new_tensor(data: Data, options?: TensorOptions): Tensor;
  }
}

const typed = (t: Tensor, options: TensorOptions): { dtype: DType } => ({ dtype: options.dtype ?? t.dtype });

defineMethods({
  new_zeros: like(zeros),
  new_ones: like(ones),
  new_empty: like(empty),
  new_full(this: Tensor, size: readonly number[], value: number | boolean, options: TensorOptions = {}) {
    return full(size, value, { ...options, ...typed(this, options) });
  },
  new_tensor(this: Tensor, data: Data, options: TensorOptions = {}) {
    return created(fromData(data, typed(this, options).dtype), "new_tensor", options);
  },
});
