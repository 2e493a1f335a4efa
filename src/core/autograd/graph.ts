/** @file `torch.autograd.graph`: the graph's nodes, and hooks on what they keep and on several gradients. */
import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { gradEdge } from "./edges.js";
import { GraphTask } from "./graph_task.js";
import type { RemovableHandle } from "./hooks.js";
import type { Node } from "./node.js";

export { Node } from "./node.js";
export { disable_saved_tensors_hooks, save_on_cpu, saved_tensors_hooks } from "./saved_hooks.js";

/** Where a tensor's gradient flows to. */
export interface GradientEdge {
  readonly node: Node;
  readonly output_nr: number;
}

/** The function behind a tensor, or a leaf's sink, and which of its outputs the tensor is. */
export function get_gradient_edge(tensor: Tensor): GradientEdge {
  const node = gradEdge(tensor);
  if (node === null) {
    throw new ValueError(
      "It is not possible to get the gradient edge for a Tensor that does not require gradients",
    );
  }
  return { node, output_nr: node.variable === null ? tensor._outputNr : 0 };
}

class MultiHandle implements Disposable {
  constructor(readonly handles: readonly RemovableHandle[]) {}

  remove(): void {
    for (const handle of this.handles) handle.remove();
  }

  [Symbol.dispose](): void {
    this.remove();
  }
}

type AllHook = (grads: (Tensor | null)[]) => void;
type AnyHook = (grad: Tensor) => void;

/**
 * Runs `fn` once in a backward pass: when the gradients of all `tensors` that the pass reaches are there
 * (null for the others), or, in mode `"any"`, with the first of them.
 */
export function register_multi_grad_hook(
  tensors: readonly Tensor[],
  fn: AllHook,
  options?: { mode?: "all" },
): MultiHandle;
export function register_multi_grad_hook(
  tensors: readonly Tensor[],
  fn: AnyHook,
  options: { mode: "any" },
): MultiHandle;
export function register_multi_grad_hook(
  tensors: readonly Tensor[],
  fn: AllHook | AnyHook,
  options: { mode?: "all" | "any" } = {},
): MultiHandle {
  const mode = options.mode ?? "all";
  if (mode === "all") return onAll(tensors, fn as AllHook);
  if (mode === "any") return onAny(tensors, fn as AnyHook);
  throw new ValueError(`Expects mode to be one of ('all', 'any') but got ${String(mode)}`);
}

interface Arrived {
  readonly grads: (Tensor | null)[];
  missing: number;
}

function onAll(tensors: readonly Tensor[], fn: AllHook): MultiHandle {
  const passes = new WeakMap<GraphTask, Arrived>();
  const nodes = tensors.map((t) => gradEdge(t));
  const begin = (task: GraphTask): Arrived => ({
    grads: tensors.map(() => null),
    missing: nodes.filter((node) => node?.task === task && node.needed).length,
  });
  const handles = tensors.map((t, i) =>
    t.register_hook((grad) => {
      const task = GraphTask.current!;
      const arrived = passes.get(task) ?? begin(task);
      passes.set(task, arrived);
      arrived.grads[i] = grad;
      if (--arrived.missing === 0) fn(arrived.grads);
    }),
  );
  return new MultiHandle(handles);
}

function onAny(tensors: readonly Tensor[], fn: AnyHook): MultiHandle {
  const ran = new WeakSet<GraphTask>();
  const handles = tensors
    .filter((t) => t.requires_grad)
    .map((t) =>
      t.register_hook((grad) => {
        const task = GraphTask.current!;
        if (ran.has(task)) return;
        ran.add(task);
        fn(grad);
      }),
    );
  return new MultiHandle(handles);
}
