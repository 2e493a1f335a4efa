/** @file Running tensor code for a person who looks, so that neither program nor record notice. */
import { _C, default_generator, type Tensor } from "../../core/index.js";

/**
 * Runs `look` with nothing recorded, and puts back grad mode and random stream. Memory that it writes to all
 * the same is handed to `preserve` first, so that what was recorded stays as it was.
 */
export function quietly<T>(preserve: (tensor: Tensor) => void, look: () => T): T {
  const observer = _C.observe({ onBeforeWrite: preserve });
  const { grad, inference } = _C.gradMode;
  const random = default_generator.stateBytes();
  const site = _C.callSite.cell[0]!;
  _C.gradMode.grad = false;
  _C.gradMode.inference = false;
  try {
    return look();
  } finally {
    _C.callSite.cell[0] = site;
    default_generator.setStateBytes(random);
    _C.gradMode.grad = grad;
    _C.gradMode.inference = inference;
    _C.observe(observer);
  }
}
