/** @file The core's one observer: tools see every op, write and step; without one nothing is paid. */
import type { GraphTask } from "./autograd/graph_task.js";
import type { HookCall } from "./autograd/hooks.js";
import type { Node } from "./autograd/node.js";
import type { Module } from "./nn/modules/module.js";
import type { Tensor } from "./tensor.js";

export interface Observer {
  /**
   * An op that made outputs has finished; `node` is null where nothing was recorded. Primitive ops only
   * (those that appear as one `grad_fn`), not composites. Inputs that are plain numbers are null.
   */
  onOp?(op: string, inputs: readonly (Tensor | null)[], outputs: readonly Tensor[], node: Node | null): void;
  /** A factory (`tensor`, `randn`, `zeros` …) made a tensor. */
  onCreate?(tensor: Tensor, factory: string): void;
  /** The memory behind this tensor is about to be changed in place. */
  onBeforeWrite?(tensor: Tensor): void;
  /** `requires_grad_` or `retain_grad` changed something. */
  onRequiresGrad?(tensor: Tensor): void;
  /** The user reads `.grad`. */
  onGradRead?(tensor: Tensor): void;
  /** The user assigned or cleared `.grad`. */
  onGradAssign?(tensor: Tensor, previous: Tensor | null): void;
  onBackwardStart?(task: GraphTask): void;
  /** May block, and may read and change the task's buffers. */
  onBeforeStep?(task: GraphTask, node: Node): void;
  /** A hook of the node is about to run; the gradients that it is given. */
  onHook?(node: Node, hook: HookCall, given: readonly (Tensor | null)[]): void;
  /** It has run; the gradients that stand in their place now. */
  onHooked?(node: Node, hook: HookCall, made: readonly (Tensor | null)[]): void;
  onStep?(
    task: GraphTask,
    node: Node,
    gradIn: readonly (Tensor | null)[],
    gradOut: readonly (Tensor | null)[],
  ): void;
  onAccumulate?(task: GraphTask, node: Node, before: Tensor | null, after: Tensor): void;
  onBackwardEnd?(task: GraphTask, error: unknown): void;
  onWarning?(message: string): void;
  /**
   * A module's `call` begins. `name` is its path from the outermost module that is running, `""` for that one
   * itself, and the class's name for a module that is no part of it.
   */
  onModuleEnter?(module: Module, name: string): void;
  /** It ends, by an error too. */
  onModuleExit?(module: Module): void;
}

/** The attached observer; hot paths compare it with null and do nothing else. */
export let observer: Observer | null = null;

/** Attaches `next` (null detaches) and returns the one before. */
export function observe(next: Observer | null): Observer | null {
  const previous = observer;
  observer = next;
  return previous;
}
