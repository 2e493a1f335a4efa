/** @file `scaled_dot_product_attention`, `gumbel_softmax`, `one_hot`, `bilinear` of `nn.functional`. */
import { bool, int64 } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import { castTo, newTensor } from "../../kernels/copy.js";
import { indexNumbers } from "../../kernels/views.js";
import { fillExponential } from "../../random/uniform.js";
import { sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { matmul } from "../linalg.js";
import { fullOf } from "../make.js";
import { ops } from "../op.js";
import { flag, optFloat, optInt, optTensor, tensor } from "../parameters.js";
import { where } from "../pointwise.js";
import { reshape, transpose } from "../shape_ops.js";
import { fn } from "../signature.js";
import { dropout } from "./dropout.js";

/** 0 where a boolean mask is true, −∞ where it is false; other masks as they are. */
function additive(mask: Tensor | null, like: Tensor): Tensor | null {
  if (mask === null || mask.dtype !== bool) return mask;
  return where(mask, fullOf([], 0, like.dtype), fullOf([], Number.NEGATIVE_INFINITY, like.dtype));
}

/** Whether PyTorch's fused kernel for the CPU takes these arguments. */
function fused(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | null, dropout_p: number): boolean {
  const ranks = [q, k, v].every((t) => t._shape.length === 4 && t._strides[3] === 1);
  const [n, heads] = q._shape;
  const batches = [k, v].every((t) => t._shape[0] === n && t._shape[1] === heads);
  const dims = q._shape[3] === k._shape[3] && q._shape[3] === v._shape[3];
  const sizes = q._shape[2] !== 0 && k._shape[2] !== 0;
  return dropout_p === 0 && ranks && batches && dims && sizes && mask?.requires_grad !== true;
}

/**
 * softmax(query keyᵀ · scale + attn_mask) value over [*, L, E] and [*, S, E], with dropout of the weights.
 *
 * @param attn_mask added to the scores, or boolean: true takes part
 */
export const scaled_dot_product_attention = fn(
  "scaled_dot_product_attention",
  [
    tensor("query"),
    tensor("key"),
    tensor("value"),
    optTensor("attn_mask"),
    optFloat("dropout_p", 0),
    flag("is_causal", false),
    optFloat("scale", null),
    flag("enable_gqa", false),
  ],
  (q, k, v, mask, dropout_p, causal, given): Tensor => {
    if (causal && mask !== null) {
      throw new RuntimeError(
        "_scaled_dot_product_attention: Explicit attn_mask should not be set when is_causal=True",
      );
    }
    const added = additive(mask, q);
    const scale = given ?? 1 / Math.sqrt(q._shape.at(-1)!);
    if (fused(q, k, v, mask, dropout_p)) {
      return call(ops._scaled_dot_product_flash_attention_for_cpu, q, k, v, causal, added, scale);
    }
    const root = Math.sqrt(scale);
    const left = call1(ops.mul_Scalar, q, root);
    const right = call1(ops.mul_Scalar, transpose(k, -2, -1), root);
    let scores = matmul(left, right);
    const full = causal ? additive(causalMask(q._shape.at(-2)!, k._shape.at(-2)!), q) : added;
    if (full !== null) scores = scores.add(full);
    const weights = call1(ops._safe_softmax, scores, scores._shape.length - 1);
    return matmul(dropout_p > 0 ? dropout(weights, dropout_p) : weights, v);
  },
);

function causalMask(rows: number, columns: number): Tensor {
  return castTo(fullOf([rows, columns], 1, int64).tril(), bool);
}

/** Samples of the Gumbel-softmax distribution; `hard`: one-hot, with the gradient of the soft sample. */
export const gumbel_softmax = fn(
  "gumbel_softmax",
  [tensor("logits"), optFloat("tau", 1), flag("hard", false), optFloat("eps", 1e-10), optInt("dim", -1)],
  (logits, tau, hard, _, dim): Tensor => {
    const drawn = newTensor(logits._shape, logits.dtype);
    fillExponential(drawn._storage.data as Float32Array, 1);
    const soft = logits.add(drawn.log().neg()).div(tau).softmax(dim);
    if (!hard) return soft;
    const index = soft.max(dim, true)[1]!;
    const one = newTensor(logits._shape, logits.dtype).scatter_(dim, index, 1);
    return one.sub(soft.detach()).add(soft);
  },
);

/** [*, num_classes] of zeros with a 1 at each class number (int64). */
export const one_hot = fn("one_hot", [tensor("tensor"), optInt("num_classes", -1)], (x, given): Tensor => {
  if (x.dtype !== int64)
    throw new RuntimeError("one_hot is only applicable to index tensor of type LongTensor.");
  const labels = indexNumbers(x);
  if (labels.length === 0 && given <= 0) {
    throw new RuntimeError("Can not infer total number of classes from empty tensor.");
  }
  if (labels.some((k) => k < 0)) throw new RuntimeError("Class values must be non-negative.");
  const most = labels.reduce((a, b) => Math.max(a, b), 0);
  if (given !== -1 && most >= given && labels.length > 0) {
    throw new RuntimeError("Class values must be smaller than num_classes.");
  }
  const classes = given === -1 ? most + 1 : given;
  const out = newTensor(sizeOf([...x._shape, classes]), int64);
  labels.forEach((k, i) => {
    (out._storage.data as BigInt64Array)[i * classes + k] = 1n;
  });
  return out;
});

/** x₁ᵀ W x₂ + b: [*, in1], [*, in2], [out, in1, in2] → [*, out]. */
export const bilinear = fn(
  "bilinear",
  [tensor("input1"), tensor("input2"), tensor("weight"), optTensor("bias")],
  (x1, x2, weight, bias): Tensor => {
    const lead = x1._shape.slice(0, -1);
    const [out, in1, in2] = weight._shape as readonly number[] as [number, number, number];
    if (x1._shape.length !== x2._shape.length) {
      throw new RuntimeError(
        `bilinear(): input dimensions do not match: got ${x1._shape.length} and ${x2._shape.length}`,
      );
    }
    for (const [k, x, n] of [
      [1, x1, in1],
      [2, x2, in2],
    ] as const) {
      if (x._shape.at(-1) === n) continue;
      throw new RuntimeError(
        `bilinear(): input${k} size does not match weight size: got ${x._shape.at(-1)} but expected ${n}`,
      );
    }
    const rows = lead.reduce((a, b) => a * b, 1);
    const flat = call(ops._trilinear, reshape(x1, [rows, in1]), weight, reshape(x2, [rows, in2]));
    const result = reshape(flat, [...lead, out]);
    return bias === null ? result : result.add(bias);
  },
);
