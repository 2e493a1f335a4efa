/** @file `torch.autograd`. */
export { type BackwardOptions, backward, type GradOptions, grad } from "./engine.js";
export { Function, type FunctionContext } from "./function.js";
export type { RemovableHandle } from "./hooks.js";
export { Node } from "./node.js";
