/** @file Anomaly mode: a backward pass that makes a NaN stops at the function that made it. */
import { RuntimeError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";
import { runGuarded } from "./grad_mode.js";
import type { Gradients } from "./hooks.js";
import type { Node } from "./node.js";

/** The engine reads these fields at each node. */
export const anomaly = { enabled: false, checkNan: true };

export interface AnomalyOptions {
  /** Look for NaN in what each function returns (default). */
  check_nan?: boolean;
}

class AnomalyGuard {
  readonly #enabled = anomaly.enabled;
  readonly #checkNan = anomaly.checkNan;

  constructor(enabled: boolean, checkNan: boolean) {
    anomaly.enabled = enabled;
    anomaly.checkNan = checkNan;
  }

  [Symbol.dispose](): void {
    anomaly.enabled = this.#enabled;
    anomaly.checkNan = this.#checkNan;
  }
}

/** Backward passes inside throw at the first function that returns NaN. */
export function detect_anomaly(options?: AnomalyOptions): Disposable;
export function detect_anomaly<R>(fn: () => R): R;
export function detect_anomaly<R>(options: AnomalyOptions, fn: () => R): R;
export function detect_anomaly<R>(first: AnomalyOptions | (() => R) = {}, second?: () => R): R | Disposable {
  const fn = typeof first === "function" ? first : second;
  const options = typeof first === "function" ? {} : first;
  warn(
    "Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.",
  );
  const guard = new AnomalyGuard(true, options.check_nan ?? true);
  return fn === undefined ? guard : runGuarded(guard, fn);
}

/** Turns anomaly mode on or off: for good, as a guard, or for a callback. */
export function set_detect_anomaly(mode: boolean, options?: AnomalyOptions): Disposable;
export function set_detect_anomaly<R>(mode: boolean, options: AnomalyOptions, fn: () => R): R;
export function set_detect_anomaly<R>(
  mode: boolean,
  options: AnomalyOptions = {},
  fn?: () => R,
): R | Disposable {
  const guard = new AnomalyGuard(mode, options.check_nan ?? true);
  return fn === undefined ? guard : runGuarded(guard, fn);
}

export function is_anomaly_enabled(): boolean {
  return anomaly.enabled;
}

export function is_anomaly_check_nan_enabled(): boolean {
  return anomaly.checkNan;
}

function hasNan(t: Tensor): boolean {
  const { array, value } = t._storage;
  if (array === null) return Number.isNaN(value);
  if (t._contiguous) {
    const end = t._offset + t._numel;
    for (let i = t._offset; i < end; i++) if (Number.isNaN(array[i] as number)) return true;
    return false;
  }
  return t.detach().isnan().any().item() as unknown as boolean;
}

/** @throws RuntimeError naming the function and its first output that has a NaN */
export function refuseNan(node: Node, out: Gradients): void {
  out.forEach((grad, i) => {
    if (grad?.dtype.is_floating_point === true && hasNan(grad)) {
      throw new RuntimeError(`Function '${node.name()}' returned nan values in its ${i}th output.`);
    }
  });
}
