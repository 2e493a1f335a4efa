/** @file Hook lists of tensors and nodes, and the handles that remove from them. */
import { callSite } from "../callsite.js";
import type { Tensor } from "../tensor.js";
import type { Node } from "./node.js";

export type Gradients = (Tensor | null)[];
/** Returns a replacement for the gradient, or nothing to leave it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook written as a statement returns nothing at all
export type TensorHook = (grad: Tensor) => Tensor | null | void;
export type PostAccumulateHook = (tensor: Tensor) => void;
// biome-ignore lint/suspicious/noConfusingVoidType: as above
export type NodePrehook = (gradOutputs: Gradients) => Gradients | null | void;
// biome-ignore lint/suspicious/noConfusingVoidType: as above
export type NodePostHook = (gradInputs: Gradients, gradOutputs: Gradients) => Gradients | null | void;

/** Removes a hook (`torch.utils.hooks.RemovableHandle`). */
export class RemovableHandle {
  static #next = 0;
  readonly id = RemovableHandle.#next++;
  #list: { id: number }[] | null;

  /** @internal */
  constructor(list: { id: number }[]) {
    this.#list = list;
  }

  remove(): void {
    const at = this.#list?.findIndex((entry) => entry.id === this.id) ?? -1;
    if (at >= 0) this.#list?.splice(at, 1);
    this.#list = null;
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

export interface Entry<F> {
  readonly id: number;
  readonly fn: F;
  /** The user's function, `""` where it has no name. */
  readonly name: string;
  /** Id of the user's call that registered it. */
  readonly site: number;
}

/** One hook that runs for a node, as an observer hears of it. */
export interface HookCall {
  readonly kind: "tensor" | "pre" | "post" | "post_accumulate";
  /** The output whose gradient a tensor hook gets; else 0. */
  readonly outputNr: number;
  readonly name: string;
  readonly site: number;
}

/** A tensor's own hooks; those on gradients move to its `grad_fn`'s node when it has one. */
export class TensorHooks {
  /** On the gradient, in order of registration; a non-leaf's also stand in its node's `tensorPre`. */
  grad: Entry<TensorHook>[] = [];
  postAccumulate: Entry<PostAccumulateHook>[] = [];
  retainsGrad = false;
}

/** Tensor hooks that a node runs for one of its outputs. */
export interface TensorPrehook {
  readonly outputNr: number;
  readonly hooks: Entry<TensorHook>[];
}

/** Everything hung onto a node, in the order PyTorch runs it. */
export class NodeHooks {
  /** `tensor.register_hook`, before anything else. */
  tensorPre: TensorPrehook[] = [];
  /** `retain_grad`: output number → the tensor whose `.grad` is written, after all other tensor hooks. */
  retains = new Map<number, Tensor>();
  pre: Entry<NodePrehook>[] = [];
  post: Entry<NodePostHook>[] = [];
}

/** @param name the user's function's, where `fn` is a wrapper of ours */
export function addHook<F>(
  list: Entry<F>[],
  fn: F,
  name = (fn as { readonly name?: string }).name ?? "",
): RemovableHandle {
  const handle = new RemovableHandle(list);
  list.push({ id: handle.id, fn, name, site: callSite.cell[0]! });
  return handle;
}

export function hooksOf(node: Node): NodeHooks {
  node.hooks ??= new NodeHooks();
  return node.hooks;
}
