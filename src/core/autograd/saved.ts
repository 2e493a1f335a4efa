/** @file What happens when a node's saved tensors are wanted too late. */
import { RuntimeError } from "../errors.js";
import { formatShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import type { Node } from "./node.js";

export function freedError(): RuntimeError {
  return new RuntimeError(
    "Trying to backward through the graph a second time (or directly access saved tensors after they have " +
      "already been freed). Saved intermediate values of the graph are freed when you call .backward() or " +
      "autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time " +
      "or if you need to access saved tensors after calling backward.",
  );
}

/** A function's name in C++: hand-written ones stand in a namespace, generated ones lose their suffix. */
function qualified(fn: Node): string {
  const name = fn.name();
  return name.startsWith("Copy") ? `torch::autograd::${name}` : name.replace(/Backward\d+$/, "");
}

/**
 * Refuses a saved tensor whose memory was written to since.
 *
 * @param gradFn where the message says that the tensor came from
 */
export function checkVersion(tensor: Tensor, saved: number, gradFn: Node | null = tensor._gradFn): void {
  const version = tensor._storage.version;
  if (version === saved) return;
  const origin = gradFn === null ? "" : `, which is output ${tensor._outputNr} of ${qualified(gradFn)},`;
  throw new RuntimeError(
    "one of the variables needed for gradient computation has been modified by an inplace operation: " +
      `[torch.${tensor.dtype.scalarName}Tensor ${formatShape(tensor._shape)}]${origin} is at version ` +
      `${version}; expected version ${saved} instead. Hint: enable anomaly detection to find the operation ` +
      "that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True, check_nan=False).",
  );
}
