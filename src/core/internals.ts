/** @file `torch._C`: what tools that watch a program need, and programs should leave alone. */
import type { Node, SavedValue } from "./autograd/node.js";
import { RuntimeError } from "./errors.js";
import { Tensor } from "./tensor.js";

export { backwardTask } from "./autograd/engine.js";
export { mode as gradMode } from "./autograd/grad_mode.js";
export { type Capture, GraphTask, type Root } from "./autograd/graph_task.js";
export type { HookCall } from "./autograd/hooks.js";
export { Node, type SavedValue } from "./autograd/node.js";
export type { Term } from "./autograd/terms.js";
export { callSite } from "./callsite.js";
export { installKernels, type NativeKernels } from "./kernels/native.js";
export { repr } from "./methods/autograd.js";
export { type Observer, observe } from "./observe.js";
export { type DerivativeText, derivatives, describeDerivative } from "./ops/derivatives.js";
export { tensorText } from "./print/repr.js";
export { CallTape } from "./tape/calls.js";
export {
  evaluateAlone,
  evaluateNode,
  moved,
  NotReplayable,
  type Value,
  type ValueOf,
} from "./tape/evaluate.js";
export { warn } from "./warnings.js";

export interface SavedTensor {
  readonly name: string;
  readonly tensor: Tensor;
  /** The tensor's version when it was saved; backward refuses another. */
  readonly version: number;
}

/** The tensors a node keeps for backward, by the names its formulas use; empty once freed. */
export function savedTensors(node: Node): SavedTensor[] {
  return savedValues(node)
    .filter((s) => s.value instanceof Tensor)
    .map((s) => ({ name: s.name, tensor: s.value as Tensor, version: s.version }));
}

/** Everything a node keeps for backward: tensors, and plain arguments such as `dim`. */
export function savedValues(node: Node): SavedValue[] {
  return node.released ? [] : node.kind.saved(node);
}

/**
 * Replaces a tensor or a plain argument that `node` keeps for backward, by its name in `savedValues`. Whoever
 * else holds the old value keeps it.
 */
export function setSaved(node: Node, name: string, value: unknown): void {
  const { saved } = node;
  const names = node.released ? [] : node.kind.savedNames?.(node);
  const at = names?.indexOf(name) ?? -1;
  if (saved === null || at < 0)
    throw new RuntimeError(`${node.name()} keeps no ${name} that can be replaced`);
  saved[2 * at] = value;
  if (value instanceof Tensor) saved[2 * at + 1] = value._storage.version;
  node.kind.replaced?.(node, at, value);
}

/** The gradient a tensor holds, without the warning that reading `.grad` of a non-leaf gives. */
export function gradOf(tensor: Tensor): Tensor | null {
  if (tensor._grad !== null) tensor._grad._storage.holders = 0;
  return tensor._grad;
}

/** The sink of a leaf that takes part in a graph, else null. */
export function accumulatorOf(tensor: Tensor): Node | null {
  return tensor._accumulator;
}

/** Where a tensor's elements lie: for tools that read values without recording anything. */
export interface Memory {
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

export function memoryOf(tensor: Tensor): Memory {
  return {
    data: tensor._storage.data,
    shape: tensor._shape,
    strides: tensor._strides,
    offset: tensor._offset,
  };
}
