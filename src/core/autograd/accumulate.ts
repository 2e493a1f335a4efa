/** @file A leaf's sink: gradients arrive in `.grad`. */
import { addInto } from "../kernels/add_into.js";
import { B, binary } from "../kernels/binary.js";
import { cloneOf, copyInto } from "../kernels/copy.js";
import { observer } from "../observe.js";
import type { Tensor } from "../tensor.js";
import { differentiable } from "./differentiable.js";
import { mode } from "./grad_mode.js";
import { layoutLike } from "./gradients.js";
import type { GraphTask } from "./graph_task.js";
import type { Node } from "./node.js";
import { disown, hold, own } from "./ownership.js";
import { runPostAccumulateHooks } from "./run_hooks.js";

/**
 * The first gradient becomes `.grad`, later ones are added to it in place.
 *
 * @param mayKeep nobody but the engine has seen `grad`, so that it need not be copied
 */
export function accumulate(task: GraphTask, node: Node, grad: Tensor, mayKeep: boolean): void {
  const leaf = node.variable!;
  const before = leaf._grad;
  if (before !== null && !mode.grad) {
    const seen = observer === null ? before : cloneOf(before);
    if (observer !== null) disown([before]);
    addTo(before, grad);
    before._storage.version++;
    observer?.onAccumulate?.(task, node, seen, before);
  } else {
    leaf._grad = before === null ? first(grad, leaf, mayKeep) : differentiable.add(before, grad);
    observer?.onAccumulate?.(task, node, before, leaf._grad);
  }
  runPostAccumulateHooks(node, leaf);
}

function first(grad: Tensor, leaf: Tensor, mayKeep: boolean): Tensor {
  if (mode.grad) return differentiable.clone(grad);
  if (mayKeep && grad._contiguous && grad._gradFn === null) {
    hold(grad);
    return grad;
  }
  const copy = layoutLike(grad, leaf);
  return observer === null ? own(copy) : copy;
}

function addTo(before: Tensor, grad: Tensor): void {
  if (before._storage !== grad._storage && addInto(before, grad)) return;
  copyInto(before, binary(B.add, before, grad), before.dtype);
}
