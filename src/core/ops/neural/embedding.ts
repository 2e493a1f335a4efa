/** @file Embeddings of `nn.functional`. */
import { int64 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { call } from "../dispatch.js";
import { ops } from "../op.js";
import { flag, optAny, optFloat, tensor } from "../parameters.js";
import { fn } from "../signature.js";

/** Rows of `weight` by number. */
export const embedding = fn(
  "embedding",
  [
    tensor("input"),
    tensor("weight"),
    optAny<"padding_idx", number | null>("padding_idx", null),
    optAny<"max_norm", number | null>("max_norm", null),
    optFloat("norm_type", 2),
    flag("scale_grad_by_freq", false),
    flag("sparse", false),
  ],
  (indices, weight, padding) => {
    if (indices.dtype !== int64 && indices.dtype.name !== "int32") {
      throw new RuntimeError(
        `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.${indices.dtype.scalarName}Tensor instead (while checking arguments for embedding)`,
      );
    }
    const rows = weight._shape[0]!;
    const p = padding === null ? -1 : padding < 0 ? padding + rows : padding;
    return call(ops.embedding, weight, indices, p);
  },
);
