/** @file Reading and writing under a mask, or where elements are not 0, as functions. */
import { bool, int64 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { contiguousOf, newTensor, readNumber } from "../../kernels/copy.js";
import { nonzero as nonzeroOf } from "../../kernels/indexing.js";
import { formatShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, operand, tensor } from "../parameters.js";
import { masked_fill as fillNumber } from "../pointwise.js";
import { stack, unbind, view } from "../shape_ops.js";
import { fn } from "../signature.js";
import { callInplace } from "../write.js";

function boolMask(name: string, mask: Tensor): Tensor {
  if (mask.dtype === bool) return mask;
  throw new RuntimeError(
    `${name} only supports boolean masks, but got mask with dtype ${mask.dtype.scalarName}`,
  );
}
/** The elements under true, in order. */
export const masked_select = fn("masked_select", [tensor("input"), tensor("mask")], (x, mask) => {
  if (mask.dtype !== bool) throw new RuntimeError("masked_select: expected BoolTensor for mask");
  return call(ops.masked_select, x, mask);
});
const scatterMask = [tensor("input"), tensor("mask"), tensor("source")] as const;
/** The elements of `source`, one after the other, under true. */
export const masked_scatter = fn("masked_scatter", scatterMask, (x, mask, source) => {
  return call(ops.masked_scatter, x, boolMask("masked_scatter_", mask), source);
});
export const masked_scatter_ = fn("masked_scatter_", scatterMask, (x, mask, source) => {
  if (mask._shape.length > x._shape.length) {
    throw new RuntimeError(
      `expand(CPU${mask.dtype.scalarName}Type{${formatShape(mask._shape)}}, size=${formatShape(x._shape)}): the number of sizes provided (${x._shape.length}) must be greater or equal to the number of dimensions in the tensor (${mask._shape.length})`,
    );
  }
  return callInplace(ops.masked_scatter, x, boolMask("masked_scatter_", mask), source);
});
const fillParams = [tensor("input"), tensor("mask"), operand("value")] as const;
function fillValue(value: Tensor): Tensor {
  if (value._shape.length === 0) return value;
  throw new RuntimeError(
    `masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value._shape.length} dimension(s).`,
  );
}
/** `value` under true. */
export const masked_fill = fn("masked_fill", fillParams, (x, mask, value) => {
  if (typeof value === "number") return fillNumber(x, mask, value);
  return call(ops.masked_fill_Tensor, x, boolMask("masked_fill", mask), fillValue(value));
});
export const masked_fill_ = fn("masked_fill_", fillParams, (x, mask, value) => {
  boolMask("masked_fill_", mask);
  if (typeof value === "number") return callInplace(ops.masked_fill, x, mask, value);
  return callInplace(ops.masked_fill_Tensor, x, mask, fillValue(value));
});

/** Positions of what is not 0: one row each, or with `as_tuple` one vector a dimension. */
export const nonzero = fn(
  "nonzero",
  [tensor("input"), flag("as_tuple", false)],
  (x, tuple): Tensor[] & Tensor => {
    const at = x._shape.length === 0 && tuple ? view(x.detach(), [1]) : x;
    const rows = rowsOf(nonzeroOf(at), at);
    return (tuple ? unbind(rows, 1) : rows) as Tensor[] & Tensor;
  },
);
function rowsOf(hits: readonly Tensor[], x: Tensor): Tensor {
  if (hits.length > 0) return stack(hits, 1);
  return newTensor(sizeOf([readNumber(contiguousOf(x)) !== 0 ? 1 : 0, 0]), int64);
}
export const argwhere = fn("argwhere", [tensor("input")], (x) => rowsOf(nonzeroOf(x), x));
