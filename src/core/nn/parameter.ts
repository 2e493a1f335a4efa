/** @file Tensors that a module owns: parameters, which are learnt, and buffers, which are not. */
import { getDefaultDType, KIND_FLOAT } from "../dtype.js";
import { PyTypeError, pythonTypeName, RuntimeError } from "../errors.js";
import { newTensor } from "../kernels/copy.js";
import { sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";

function checked(name: string, data: unknown): Tensor {
  if (data instanceof Tensor) return data;
  throw new PyTypeError(
    `${name}.__new__(): argument 'data' (position 1) must be Tensor, not ${pythonTypeName(data)}`,
  );
}

/**
 * A tensor that a module learns: over the memory of `data`, a leaf, requiring grad unless told otherwise.
 * Assigned to a property of a module it becomes one of the module's `parameters()`.
 */
export class Parameter extends Tensor {
  constructor(data: Tensor = newTensor(sizeOf([0]), getDefaultDType()), requires_grad = true) {
    const t = checked("Parameter", data);
    super(t._storage, t._shape, t._strides, t._offset, t._contiguous);
    if (requires_grad && t.dtype.kind !== KIND_FLOAT) {
      throw new RuntimeError("Only Tensors of floating point and complex dtype can require gradients");
    }
    this._requiresGrad = requires_grad;
  }
}

/** A tensor that belongs to a module's state but is not learnt, such as a running mean. */
export class Buffer extends Tensor {
  /** @internal */ readonly _persistent: boolean;

  /** @param persistent whether `state_dict()` holds it */
  constructor(data: Tensor, persistent = true) {
    const t = checked("Buffer", data);
    super(t._storage, t._shape, t._strides, t._offset, t._contiguous);
    this._persistent = persistent;
  }
}
