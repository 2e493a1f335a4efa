/** @file Products of matrices and vectors with an addend, as functions. */
import { RuntimeError } from "../../errors.js";
import { formatShape, isExpandable, sameShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { addmm as addmmOp } from "../linalg.js";
import { type Op, ops } from "../op.js";
import { optScalar, tensor } from "../parameters.js";
import { expand } from "../shape_ops.js";
import { fn } from "../signature.js";
import { callInplace } from "../write.js";

const scale = [optScalar("beta", 1), optScalar("alpha", 1)] as const;

/** Like `expand`, but only to complain where `self` does not broadcast. */
function checkAddend(self: Tensor, shape: readonly number[]): void {
  if (!isExpandable(self._shape, shape)) expand(self, shape);
}

function checkVector(name: string, ok: boolean, a: Tensor, b: Tensor): void {
  if (ok) return;
  throw new RuntimeError(
    `size mismatch, got input (${a._shape[0]}), ${name} (${formatShape(a._shape).slice(1, -1).replace(", ", "x")}), vec (${b._shape[0]})`,
  );
}

/** beta · input + alpha · mat1 @ mat2. */
export const addmm = fn(
  "addmm",
  [tensor("input"), tensor("mat1"), tensor("mat2"), ...scale],
  (x, a, b, beta, alpha): Tensor => addmmOp(x, a, b, beta, alpha),
);
/** beta · input + alpha · mat @ vec. */
export const addmv = fn(
  "addmv",
  [tensor("input"), tensor("mat"), tensor("vec"), ...scale],
  (x, mat, vec, beta, alpha): Tensor => {
    checkVector("mat", mat._shape[1] === vec._shape[0], mat, vec);
    checkAddend(x, [mat._shape[0]!]);
    return call(ops.addmv, x, mat, vec, beta, alpha);
  },
);
/** beta · input + alpha · vec1 ⊗ vec2. */
export const addr = fn(
  "addr",
  [tensor("input"), tensor("vec1"), tensor("vec2"), ...scale],
  (x, a, b, beta, alpha): Tensor => {
    if (a._shape.length !== 1 || b._shape.length !== 1) {
      throw new RuntimeError(
        `addr: Expected 1-D argument vec${a._shape.length !== 1 ? 1 : 2}, but got ${(a._shape.length !== 1 ? a : b)._shape.length}-D`,
      );
    }
    checkAddend(x, [a._numel, b._numel]);
    return call(ops.addr, x, a, b, beta, alpha);
  },
);

function checkBatches(a: Tensor, b: Tensor): void {
  if (a._shape.length !== 3) throw new RuntimeError("batch1 must be a 3D tensor");
  if (b._shape.length !== 3) throw new RuntimeError("batch2 must be a 3D tensor");
  if (a._shape[0] === b._shape[0] && a._shape[2] === b._shape[1]) return;
  throw new RuntimeError(
    `Expected size for first two dimensions of batch2 tensor to be: [${a._shape[0]}, ${a._shape[2]}] but got: [${b._shape[0]}, ${b._shape[1]}].`,
  );
}
const batches = [tensor("input"), tensor("batch1"), tensor("batch2"), ...scale] as const;
/** beta · input + alpha · batch1 @ batch2, matrix by matrix. */
export const baddbmm = fn("baddbmm", batches, (x, a, b, beta, alpha): Tensor => {
  checkBatches(a, b);
  checkAddend(x, [a._shape[0]!, a._shape[1]!, b._shape[2]!]);
  return call(ops.baddbmm, x, a, b, beta, alpha);
});
/** beta · input + alpha · the sum of the products. */
export const addbmm = fn("addbmm", batches, (x, a, b, beta, alpha): Tensor => {
  checkBatches(a, b);
  checkAddend(x, [a._shape[1]!, b._shape[2]!]);
  return call(ops.addbmm, x, a, b, beta, alpha);
});

type Shaped = (a: Tensor, b: Tensor) => readonly number[];
const inplace =
  (op: Op, shapeOf: Shaped) =>
  (x: Tensor, a: Tensor, b: Tensor, beta: number, alpha: number): Tensor => {
    const shape = shapeOf(a, b);
    if (!sameShape(x._shape, shape)) {
      throw new RuntimeError(
        op === ops.addr
          ? `2D tensor expected, got ${x._shape.length}D tensor for input`
          : `Bad in-place call: input tensor size ${formatShape(x._shape)} and output tensor size ${formatShape(shape)} should match`,
      );
    }
    return callInplace(op, x, a, b, beta, alpha);
  };
const asRows: Shaped = (a) => [a._shape[0]!];
const asMatrix: Shaped = (a, b) => [a._shape[0]!, b._shape.at(-1)!];
const asBatch: Shaped = (a, b) => [a._shape[0]!, a._shape[1]!, b._shape[2]!];
const asSum: Shaped = (a, b) => [a._shape[1]!, b._shape[2]!];
export const addmm_ = fn(
  "addmm_",
  [tensor("input"), tensor("mat1"), tensor("mat2"), ...scale],
  inplace(ops.addmm, asMatrix),
);
export const addmv_ = fn(
  "addmv_",
  [tensor("input"), tensor("mat"), tensor("vec"), ...scale],
  inplace(ops.addmv, asRows),
);
export const addr_ = fn(
  "addr_",
  [tensor("input"), tensor("vec1"), tensor("vec2"), ...scale],
  inplace(ops.addr, asMatrix),
);
export const baddbmm_ = fn("baddbmm_", batches, inplace(ops.baddbmm, asBatch));
export const addbmm_ = fn("addbmm_", batches, inplace(ops.addbmm, asSum));
