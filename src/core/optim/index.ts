/** @file `torch.optim`. */
export { Adam, type AdamOptions, AdamW } from "./adam.js";
export { LBFGS, type LBFGSOptions } from "./lbfgs.js";
export * as lr_scheduler from "./lr_scheduler.js";
export { NAdam, type NAdamOptions, RAdam, type RAdamOptions } from "./moments.js";
export { type Group, type GroupOptions, Optimizer, type OptimizerState } from "./optimizer.js";
export { SGD, type SGDOptions } from "./sgd.js";
export {
  Adadelta,
  type AdadeltaOptions,
  Adagrad,
  type AdagradOptions,
  RMSprop,
  type RMSpropOptions,
} from "./squares.js";
