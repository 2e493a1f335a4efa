/** @file In-place ops that replace values outright: `copy_`, `fill_`, `zero_`. */
import { copyBackwards } from "../autograd/kinds.js";
import { RuntimeError } from "../errors.js";
import { copyInto } from "../kernels/copy.js";
import { observer } from "../observe.js";
import { isExpandable } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { operandArg, type Scalar, tensorArg } from "./check.js";
import { recording } from "./dispatch.js";
import { ops } from "./op.js";
import { refuseOverlap } from "./overlap.js";
import { beforeWrite, callInplace, inplaceNode, rebaseHistory } from "./write.js";

export function copy_(self: Tensor, src: Tensor): Tensor {
  const from = tensorArg("copy_", "other", 1, src);
  if (!isExpandable(from._shape, self._shape)) {
    throw new RuntimeError(
      `The size of tensor a (${self._shape.at(-1) ?? 1}) must match the size of tensor b (${from._shape.at(-1) ?? 1}) at non-singleton dimension ${Math.max(self._shape.length - 1, 0)}`,
    );
  }
  beforeWrite(self);
  refuseOverlap(self, from);
  const tracked = recording([self, from]) && self.dtype.kind === 2;
  // The edges are those of before the write: `from` may be a window of the same memory.
  const node = tracked ? inplaceNode(copyBackwards, self, [self, from], null) : null;
  copyInto(self, from, self.dtype);
  self._storage.version++;
  if (node !== null) rebaseHistory(self, node);
  if (observer !== null) observer.onOp?.("copy_", [self, from], [self], node);
  return self;
}

export function fill_(self: Tensor, value: Scalar): Tensor {
  const v = operandArg("fill_", "value", 1, value);
  if (typeof v === "number") return callInplace(ops.fill_Scalar, self, v);
  if (v._shape.length !== 0) {
    throw new RuntimeError(
      `fill_ only supports 0-dimension value tensor but got tensor with ${v._shape.length} dimensions.`,
    );
  }
  return callInplace(ops.fill_Tensor, self, v);
}

export function zero_(self: Tensor): Tensor {
  return callInplace(ops.zero, self);
}
