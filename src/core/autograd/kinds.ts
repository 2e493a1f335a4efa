/** @file The kinds of node that stand outside the derivative table. */
import type { Tensor } from "../tensor.js";
import type { Node, NodeKind, SavedValue } from "./node.js";

type Apply = (node: Node, grads: readonly (Tensor | null)[]) => (Tensor | null)[];

/**
 * A kind whose function is filled in later: the function is written in differentiable ops, and those
 * depend on the module that makes nodes of this kind.
 */
export class LinkedKind implements NodeKind {
  readonly fresh = false;

  run: Apply = () => {
    throw new Error(`${this.gradFnName} is not linked`);
  };

  constructor(readonly gradFnName: string) {}

  apply(node: Node, grads: readonly (Tensor | null)[]): (Tensor | null)[] {
    return this.run(node, grads);
  }

  saved(): SavedValue[] {
    return [];
  }
}

/** The sink of a leaf; the engine accumulates itself. */
export const accumulateGrad = new LinkedKind("AccumulateGrad");
/** The history of a tensor whose memory was written through a view. */
export const copySlices = new LinkedKind("CopySlices");
/** `a.copy_(b)`. */
export const copyBackwards = new LinkedKind("CopyBackwards");
/** An op that PyTorch has no derivative for, e.g. `floor_divide`. */
export const notImplemented = new LinkedKind("NotImplemented");
