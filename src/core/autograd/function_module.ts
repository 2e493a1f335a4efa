/** @file `torch.autograd.function`. */
export { Function, FunctionContext as FunctionCtx } from "./function.js";
export { once_differentiable } from "./once.js";
