/** @file Tensor methods: autograd, and reading values out. */
import { gradEdge, gradFnOf, needsGrad } from "../autograd/edges.js";
import { type BackwardOptions, backward, retainGrad } from "../autograd/engine.js";
import { mode } from "../autograd/grad_mode.js";
import {
  addHook,
  hooksOf,
  type PostAccumulateHook,
  type RemovableHandle,
  type TensorHook,
  TensorHooks,
} from "../autograd/hooks.js";
import type { Node } from "../autograd/node.js";
import { drop } from "../autograd/ownership.js";
import { checkHookResult } from "../autograd/run_hooks.js";
import { bool, int64, KIND_FLOAT } from "../dtype.js";
import { PyTypeError, pythonTypeName, RuntimeError } from "../errors.js";
import { cName } from "../kernels/matmul.js";
import { alias } from "../kernels/views.js";
import { Parameter } from "../nn/parameter.js";
import { observer } from "../observe.js";
import { named } from "../ops/arguments.js";
import { formatItem } from "../print/python.js";
import { tensorRepr } from "../print/repr.js";
import type { StridedData } from "../print/strided.js";
import { formatShape, sameShape } from "../shape.js";
import { addressOf, type TypedArray } from "../storage.js";
import { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";
import { defineAccessors, defineMethods } from "./define.js";

export type NestedList = number | bigint | boolean | NestedList[];

declare module "../tensor.js" {
  interface Tensor {
    /** Whether operations on this tensor are recorded. Only leaves can be changed. */
    requires_grad: boolean;
    /** Whether this tensor starts a graph (or takes no part in one): no `grad_fn`. */
    readonly is_leaf: boolean;
    /** The function that made this tensor, or null. */
    readonly grad_fn: Node | null;
    /** The accumulated gradient; null before the first backward pass. */
    grad: Tensor | null;
    /** The same memory outside the graph, with a version counter of its own. */
    data: Tensor;
    readonly output_nr: number;
    readonly retains_grad: boolean;
    /** How many in-place writes the memory has seen. */
    readonly _version: number;
    /** Turns recording on (or off) for a leaf, in place. Floating-point types only. */
    requires_grad_(requires_grad?: boolean): Tensor;
    /** Makes backward passes keep the gradient of a non-leaf in `.grad`. */
    retain_grad(): void;
    /**
     * Accumulates gradients into the leaves of the graph.
     *
     * @param gradient of this tensor's shape; may be left out for a scalar
     * @throws RuntimeError for a non-scalar without `gradient`, a tensor without graph, a freed graph
     */
    backward(options?: BackwardOptions): void;
    backward(gradient: Tensor | null, options?: BackwardOptions): void;
    backward(gradient: Tensor | null, retain_graph: boolean | null, create_graph?: boolean): void;
    /** Runs on each gradient of this tensor, before anything else; may replace it. */
    register_hook(hook: TensorHook): RemovableHandle;
    /** Runs after a gradient was added to this leaf's `.grad`. */
    register_post_accumulate_grad_hook(hook: PostAccumulateHook): RemovableHandle;
    /** The same memory outside the graph, sharing the version counter. */
    detach(): Tensor;
    detach_(): Tensor;
    is_inference(): boolean;

    /** The one element as a number (boolean, or bigint where a number could not hold it). */
    item(): number;
    /** Nested arrays of the elements; a plain value for a 0-dim tensor. */
    tolist(): NestedList;
    /** A typed array over the same memory (a copy where the elements do not lie in order). */
    numpy(): TypedArray;
    /** A stable number that tells memory apart; equal for tensors that start at the same element. */
    data_ptr(): number;
    [Symbol.iterator](): IterableIterator<Tensor>;
  }
}

const NON_LEAF_GRAD =
  "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be " +
  "populated during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf " +
  "Tensor, use .retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure " +
  "you access the leaf Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information.";

function setRequiresGrad(t: Tensor, value: boolean, method: boolean): void {
  if (gradFnOf(t) !== null) {
    if (value) return;
    throw new RuntimeError(
      "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a " +
        "subgraph that doesn't require differentiation use var_no_grad = var.detach().",
    );
  }
  if (value && t._inference && !mode.inference) {
    throw new RuntimeError(
      "Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.",
    );
  }
  if (value && t.dtype.kind !== KIND_FLOAT) {
    throw new RuntimeError(
      method
        ? "only Tensors of floating point dtype can require gradients"
        : "only Tensors of floating point and complex dtype can require gradients",
    );
  }
  if (t._requiresGrad === value) return;
  t._requiresGrad = value;
  observer?.onRequiresGrad?.(t);
}

function assignGrad(t: Tensor, value: unknown): void {
  if (value !== null && value !== undefined) {
    if (!(value instanceof Tensor)) {
      throw new PyTypeError(
        `assigned grad expected to be a Tensor or None but got grad of type ${pythonTypeName(value)}`,
      );
    }
    if (value === t) throw new RuntimeError("can't assign Variable as its own grad");
    if (!sameShape(value._shape, t._shape)) {
      throw new RuntimeError(
        `attempting to assign a gradient of size '${formatShape(value._shape)}' to a tensor of size '${formatShape(t._shape)}'. Please ensure that the gradient and the tensor are the same size`,
      );
    }
    if (value.dtype !== t.dtype) {
      throw new RuntimeError(
        `attempting to assign a gradient with dtype '${cName(value)}' to a tensor with grad_dtype '${t.dtype.scalarName}'. The gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break downstream systems that assume they match.`,
      );
    }
  }
  const previous = t._grad;
  t._grad = (value as Tensor | null | undefined) ?? null;
  if (observer !== null) observer.onGradAssign?.(t, previous);
  else if (previous !== t._grad) drop(previous);
}

function assignData(t: Tensor, value: Tensor): void {
  if (!(value instanceof Tensor))
    throw new PyTypeError("Variable data has to be a tensor, but got " + typeof value);
  if (value.dtype !== t.dtype) {
    throw new RuntimeError(
      "incompatible tensor type: `.data` can only be assigned a tensor of the same dtype; make a new tensor instead",
    );
  }
  const version = t._storage.version;
  observer?.onBeforeWrite?.(t);
  t._storage = value._storage.alias();
  t._storage.version = version;
  t._shape = value._shape;
  t._strides = value._strides;
  t._offset = value._offset;
  t._numel = value._numel;
  t._contiguous = value._contiguous;
  if (t._accumulator !== null) {
    t._accumulator.shape = value._shape;
  }
}

/** Elements as printing wants them. */
export function stridedData(t: Tensor): StridedData {
  return {
    data: t._storage.data,
    shape: t._shape,
    strides: t._strides,
    offset: t._offset,
    dtype: t.dtype.name,
  };
}

/** Python's `repr(tensor)`. */
export function repr(t: Tensor): string {
  const gradFn = gradFnOf(t);
  const text = tensorRepr(stridedData(t), { requiresGrad: needsGrad(t), gradFn: gradFn?.name() });
  return t instanceof Parameter ? `Parameter containing:\n${text}` : text;
}

defineAccessors({
  requires_grad: {
    get() {
      return needsGrad(this);
    },
    set(value: boolean) {
      setRequiresGrad(this, value, false);
    },
  },
  is_leaf: {
    get() {
      return gradFnOf(this) === null;
    },
  },
  grad_fn: {
    get() {
      return gradFnOf(this);
    },
  },
  grad: {
    get() {
      if (this._grad === null && this._gradFn !== null && this._hooks?.retainsGrad !== true)
        warn(NON_LEAF_GRAD);
      if (observer !== null) observer.onGradRead?.(this);
      // From here on it is the reader's, too.
      if (this._grad !== null) this._grad._storage.holders = 0;
      return this._grad;
    },
    set(value: unknown) {
      assignGrad(this, value);
    },
  },
  data: {
    get() {
      const t = alias(this);
      t._storage = this._storage.alias();
      return t;
    },
    set(value: Tensor) {
      assignData(this, value);
    },
  },
  output_nr: {
    get() {
      gradFnOf(this);
      return this._outputNr;
    },
  },
  retains_grad: {
    get() {
      return this._hooks?.retainsGrad === true;
    },
  },
  _version: {
    get() {
      return this._storage.version;
    },
  },
});

function element(t: Tensor, at: number): number | bigint | boolean {
  const x = t._storage.data[at]!;
  if (t.dtype === bool) return x !== 0;
  if (typeof x === "bigint" && x >= -(2n ** 53n) && x <= 2n ** 53n) return Number(x);
  return x;
}

function nested(t: Tensor, dim: number, at: number): NestedList {
  if (dim === t._shape.length) return element(t, at);
  return Array.from({ length: t._shape[dim]! }, (_, i) => nested(t, dim + 1, at + i * t._strides[dim]!));
}

defineMethods({
  requires_grad_(this: Tensor, requires_grad = true) {
    setRequiresGrad(this, requires_grad, true);
    return this;
  },
  retain_grad(this: Tensor) {
    if (!needsGrad(this)) throw new RuntimeError("can't retain_grad on Tensor that has requires_grad=False");
    if (gradFnOf(this) === null) return;
    retainGrad(this);
    observer?.onRequiresGrad?.(this);
  },
  backward(this: Tensor, ...args: unknown[]) {
    const [gradient, retain_graph, create_graph, inputs] = named(
      "backward",
      ["gradient", "retain_graph", "create_graph", "inputs"],
      args,
    );
    if (gradient !== undefined && gradient !== null && !(gradient instanceof Tensor)) {
      throw new PyTypeError(`'${pythonTypeName(gradient)}' object is not iterable`);
    }
    backward(this, (gradient as Tensor | null | undefined) ?? null, {
      retain_graph: (retain_graph as boolean | null | undefined) ?? null,
      create_graph: (create_graph as boolean | undefined) ?? false,
      inputs: (inputs as Tensor[] | null | undefined) ?? null,
    });
  },
  register_hook(this: Tensor, hook: TensorHook) {
    if (!needsGrad(this))
      throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient");
    return registerHook(this, hook);
  },
  register_post_accumulate_grad_hook(this: Tensor, hook: PostAccumulateHook) {
    if (!needsGrad(this))
      throw new RuntimeError("cannot register a hook on a tensor that doesn't require gradient");
    if (gradFnOf(this) !== null) {
      throw new RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors");
    }
    this._hooks ??= new TensorHooks();
    return addHook(this._hooks.postAccumulate, hook);
  },
  detach(this: Tensor) {
    const out = alias(this);
    out._inference = this._inference;
    // PyTorch counts it as a view without a base: writes through it are seen by the version counter only.
    if (observer !== null) observer.onOp?.("detach", [this], [out], null);
    return out;
  },
  detach_(this: Tensor) {
    if (this._view !== null) {
      throw new RuntimeError("Can't detach views in-place. Use detach() instead.");
    }
    this._gradFn = null;
    this._requiresGrad = false;
    this._outputNr = 0;
    return this;
  },
  is_inference(this: Tensor) {
    return this._inference;
  },
  item(this: Tensor) {
    if (this._numel !== 1) {
      throw new RuntimeError(`a Tensor with ${this._numel} elements cannot be converted to Scalar`);
    }
    const s = this._storage;
    if (s.array === null) return this.dtype === bool ? s.value !== 0 : s.value;
    return element(this, this._offset);
  },
  tolist(this: Tensor) {
    return nested(this, 0, this._offset);
  },
  numpy(this: Tensor) {
    if (needsGrad(this)) {
      throw new RuntimeError(
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
      );
    }
    const data = this._storage.data;
    if (this._contiguous) {
      return this._offset === 0 && this._numel === data.length
        ? data
        : data.subarray(this._offset, this._offset + this._numel);
    }
    const flat = nested(this, 0, this._offset) as unknown as { flat(depth: number): number[] };
    const values = flat.flat(Number.POSITIVE_INFINITY);
    const Type = data.constructor as new (values: readonly unknown[]) => TypedArray;
    return new Type(this.dtype === int64 ? values.map(BigInt) : values);
  },
  data_ptr(this: Tensor) {
    const data = this._storage.data;
    return this._numel === 0 ? 0 : addressOf(data) + this._offset * this.dtype.itemsize;
  },
  toString(this: Tensor) {
    if (this._shape.length > 0 || this instanceof Parameter) return repr(this);
    return formatItem(this._storage.data[this._offset]!, this.dtype.name);
  },
});

function registerHook(t: Tensor, hook: TensorHook): RemovableHandle {
  const node = gradEdge(t)!;
  const checked: TensorHook = (grad) => {
    const next = hook(grad);
    checkHookResult(hook, grad, next);
    return next;
  };
  const hooks = hooksOf(node);
  const outputNr = node.variable === null ? t._outputNr : 0;
  let entry = hooks.tensorPre.find((h) => h.outputNr === outputNr);
  if (entry === undefined) {
    entry = { outputNr, hooks: [] };
    hooks.tensorPre.push(entry);
  }
  return addHook(entry.hooks, checked, hook.name);
}

Object.defineProperty(Tensor.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: Tensor) {
    return repr(this);
  },
});

Object.defineProperty(Tensor.prototype, Symbol.iterator, {
  *value(this: Tensor) {
    if (this._shape.length === 0) throw new PyTypeError("iteration over a 0-d tensor");
    yield* this.unbind(0);
  },
});

Object.defineProperty(Tensor.prototype, Symbol.toPrimitive, {
  value(this: Tensor, hint: string) {
    if (hint === "number" && this._numel === 1) return this.item();
    return String(this.toString());
  },
});
