/** @file `torch.autograd`. */
export {
  type AnomalyOptions,
  detect_anomaly,
  is_anomaly_check_nan_enabled,
  is_anomaly_enabled,
  set_detect_anomaly,
} from "./anomaly.js";
export { type BackwardOptions, backward, type GradOptions, grad } from "./engine.js";
export { Function, type FunctionContext } from "./function.js";
export * as functional from "./functional.js";
export type { RemovableHandle } from "./hooks.js";
export { Node } from "./node.js";
