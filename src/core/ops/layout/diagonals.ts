/** @file Diagonals and triangles, as functions. */
import { int64 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { wrapArray } from "../../kernels/copy.js";
import { normalizeDim, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1, callView } from "../dispatch.js";
import { ops } from "../op.js";
import { int, optAny, optInt, tensor } from "../parameters.js";
import { fn } from "../signature.js";
import { callInplace } from "../write.js";
import { self, wrap } from "./common.js";

function diagonalDims(ndim: number, dim1: number, dim2: number): [number, number] {
  const a = normalizeDim(dim1, ndim);
  const b = normalizeDim(dim2, ndim);
  if (a === b) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`);
  return [a, b];
}
const diagonalParams = [tensor("input"), optInt("offset", 0), optInt("dim1", 0), optInt("dim2", 1)] as const;
/** A view of the diagonal of two dimensions, as the last one. */
export const diagonal = fn("diagonal", diagonalParams, (x, offset, dim1, dim2) =>
  callView(ops.diagonal, x, offset, ...diagonalDims(x._shape.length, dim1, dim2)),
);
export const diagonal_copy = fn("diagonal_copy", diagonalParams, (x, offset, dim1, dim2) =>
  call1(ops.diagonal_copy, x, offset, ...diagonalDims(x._shape.length, dim1, dim2)),
);
/** The last dimension laid on the diagonal of two new ones. */
export const diag_embed = fn(
  "diag_embed",
  [tensor("input"), optInt("offset", 0), optInt("dim1", -2), optInt("dim2", -1)],
  (x, offset, dim1, dim2) =>
    call1(ops.diag_embed, x, offset, ...diagonalDims(x._shape.length + 1, dim1, dim2)),
);
/** A matrix with this diagonal, or the diagonal of a matrix. */
export const diag = fn("diag", [tensor("input"), optInt("diagonal", 0)], (x, offset) => {
  const n = x._shape.length;
  if (n === 1) return call1(ops.diag_embed, x, offset, 0, 1);
  if (n === 2) return call1(ops.diagonal_copy, x, offset, 0, 1);
  throw new RuntimeError(`diag(): Supports 1D or 2D tensors. Got ${n}D`);
});
export const diagflat = fn(
  "diagflat",
  [tensor("input"), optInt("offset", 0)],
  (x, offset): Tensor => call1(ops.diag_embed, x.contiguous().view(-1), offset, 0, 1),
);
/** The sum of the main diagonal. */
export const trace = fn("trace", self, (x) => {
  if (x._shape.length !== 2) {
    throw new RuntimeError(`trace: expected a matrix, but got tensor with dim ${x._shape.length}`);
  }
  return call1(ops.trace, x);
});

export const diagonal_scatter = fn(
  "diagonal_scatter",
  [tensor("input"), tensor("src"), optInt("offset", 0), optInt("dim1", 0), optInt("dim2", 1)],
  (x, src, offset, dim1, dim2) => call(ops.diagonal_scatter, x, src, offset, wrap(x, dim1), wrap(x, dim2)),
);

function triangleIndices(name: "tril_indices" | "triu_indices") {
  return fn(
    name,
    [
      int("row"),
      int("col"),
      optInt("offset", 0),
      optAny<"dtype", unknown>("dtype", null),
      optAny<"device", unknown>("device", null),
      optAny<"layout", unknown>("layout", null),
    ],
    (rows, cols, offset) => {
      const at: [rows: number[], cols: number[]] = [[], []];
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < cols; j++) {
          if (name === "tril_indices" ? j - i <= offset : j - i >= offset) {
            at[0].push(i);
            at[1].push(j);
          }
        }
      }
      return wrapArray(BigInt64Array.from(at.flat(), BigInt), sizeOf([2, at[0].length]), int64);
    },
  );
}
/** Row and column numbers of a matrix's lower triangle. */
export const tril_indices = triangleIndices("tril_indices");
export const triu_indices = triangleIndices("triu_indices");

const triangleParams = [tensor("input"), optInt("diagonal", 0)] as const;
function checkMatrix(name: string, x: Tensor): Tensor {
  if (x._shape.length < 2) throw new RuntimeError(`${name}: input tensor must have at least 2 dimensions`);
  return x;
}
/** The lower triangle, zeros above the diagonal. */
export const tril = fn("tril", triangleParams, (x, k) => call1(ops.tril, checkMatrix("tril", x), k));
export const tril_ = fn("tril_", triangleParams, (x, k) => callInplace(ops.tril, checkMatrix("tril", x), k));
/** The upper triangle, zeros below the diagonal. */
export const triu = fn("triu", triangleParams, (x, k) => call1(ops.triu, checkMatrix("triu", x), k));
export const triu_ = fn("triu_", triangleParams, (x, k) => callInplace(ops.triu, checkMatrix("triu", x), k));
