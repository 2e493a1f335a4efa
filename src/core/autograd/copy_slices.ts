/** @file Backward of writes through views and of `copy_`, in differentiable ops. */
import { copyInto, newTensor } from "../kernels/copy.js";
import { window } from "../kernels/views.js";
import { copy_ } from "../ops/inplace.js";
import { zerosOf } from "../ops/make.js";
import { clone, toDType } from "../ops/pointwise.js";
import type { Geometry } from "../ops/schema.js";
import { as_strided } from "../ops/shape_ops.js";
import { sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { mode } from "./grad_mode.js";
import { copyBackwards, copySlices } from "./kinds.js";
import type { Node } from "./node.js";

interface SliceWrite {
  readonly fn: Node;
  readonly base: Geometry;
  readonly view: Geometry;
}

/**
 * The base's gradient before the write: what arrived, but for the written window, whose part goes through the
 * writing op's own backward.
 */
copySlices.run = (node, grads) => {
  const grad = grads[0];
  if (grad === null || grad === undefined) return node.edges.map(() => null);
  const { fn, base, view } = node.extra as SliceWrite;
  const result = baseLike(grad, base);
  const offset = view.offset - base.offset;
  const slice = as_strided(result, view.shape, view.strides, offset);
  fn.needed = true;
  const inner = fn.kind.apply(edgesOf(node, fn), [clone(slice)], null as never);
  const out: (Tensor | null)[] = [];
  inner.forEach((g, i) => {
    if (i > 0) {
      out.push(g);
      return;
    }
    const part = g ?? zerosOf(view.shape, grad.dtype);
    const target = as_strided(result, view.shape, view.strides, offset);
    if (mode.grad) copy_(target, part);
    else {
      copyInto(target, part, target.dtype);
      target._storage.version++;
    }
    out.push(result);
  });
  return out;
};

/** The inner function asks for the gradients that the outer node's edges want. */
function edgesOf(outer: Node, fn: Node): Node {
  fn.edges = outer.edges;
  return fn;
}

/** A copy of `grad` in the base's memory layout, offset 0. */
function baseLike(grad: Tensor, base: Geometry): Tensor {
  const size = base.shape.reduce((n, d, i) => n + (d - 1) * base.strides[i]!, 1);
  const flat = newTensor(sizeOf([Math.max(size, 0)]), grad.dtype);
  const result = mode.grad
    ? as_strided(flat, base.shape, base.strides, 0)
    : window(flat, base.shape, base.strides, 0);
  if (mode.grad) copy_(result, grad);
  else copyInto(result, grad, grad.dtype);
  return result;
}

/** Nothing of the destination's old value is left; the source gets the gradient, cast by the engine. */
copyBackwards.run = (node, grads) => {
  const grad = grads[0] ?? null;
  if (grad === null) return [null, null];
  const [self, src] = node.edges;
  const zeros = self === null || self === undefined ? null : zerosOf(grad._shape, grad.dtype);
  return [zeros, src === null || src === undefined ? null : toDType(grad, grad.dtype)];
};
