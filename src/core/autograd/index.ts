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
export * as function from "./function_module.js";
export * as functional from "./functional.js";
export { GradcheckError, type GradcheckOptions, gradcheck, gradgradcheck } from "./gradcheck.js";
export * as graph from "./graph.js";
export type { RemovableHandle } from "./hooks.js";
export { Node } from "./node.js";
