/** @file What pack hooks made of saved tensors, and how it is fetched again. */
import { PyTypeError, pythonTypeName } from "../errors.js";
import { alias } from "../kernels/views.js";
import { stopTracking } from "../pool.js";
import { Tensor } from "../tensor.js";
import type { Node } from "./node.js";

export interface Hooks {
  readonly pack: (tensor: Tensor) => unknown;
  readonly unpack: (packed: never) => Tensor;
}

/** The innermost pair of hooks, which alone runs; dispatch reads it at each node that keeps something. */
export const savedHooks: { top: Hooks | null; disabled: string | null } = { top: null, disabled: null };

/** Stands in `node.saved` in the place of a version where the tensor went through a pack hook. */
export const PACKED = -3;

/** What a pack hook made of a tensor, and the history that the unpacked one gets back. */
export class Packed {
  /** @internal */
  constructor(
    readonly value: unknown,
    readonly unpack: Hooks["unpack"],
    readonly gradFn: Node | null,
    readonly outputNr: number,
    readonly sink: Node | null,
  ) {}
}

export function withHistory(t: Tensor, gradFn: Node | null, outputNr: number, sink: Node | null): Tensor {
  const out = alias(t);
  out._gradFn = gradFn;
  out._outputNr = outputNr;
  out._accumulator = sink;
  out._requiresGrad = gradFn !== null || sink !== null;
  return out;
}

export function unpack(packed: Packed): Tensor {
  stopTracking();
  const result = packed.unpack(packed.value as never) as unknown;
  if (!(result instanceof Tensor)) {
    throw new PyTypeError(
      `Output of saved tensor unpack_hook expected to be a Tensor but got result of type ${pythonTypeName(result)}`,
    );
  }
  return withHistory(result, packed.gradFn, packed.outputNr, packed.sink);
}
