/** @file `MultiheadAttention`. */
import { AssertionError, ValueError } from "../../errors.js";
import { flag, int, optDType, optFloat, optInt, optTensor, tensor } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { type AttentionCall, type AttentionWeights, multiHeadAttention } from "../attention_forward.js";
import { emptyOf } from "../empty.js";
import { constant_, xavier_normal_, xavier_uniform_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { NonDynamicallyQuantizableLinear } from "./linear.js";
import { Module } from "./module.js";

const attentionArgs = fn(
  "MultiheadAttention.__init__",
  [
    int("embed_dim"),
    int("num_heads"),
    optFloat("dropout", 0),
    flag("bias", true),
    flag("add_bias_kv", false),
    flag("add_zero_attn", false),
    optInt("kdim", null),
    optInt("vdim", null),
    flag("batch_first", false),
    optDType("dtype"),
  ],
  (...values) => values,
);

const callArgs = fn(
  "MultiheadAttention.forward",
  [
    tensor("query"),
    tensor("key"),
    tensor("value"),
    optTensor("key_padding_mask"),
    flag("need_weights", true),
    optTensor("attn_mask"),
    flag("average_attn_weights", true),
    flag("is_causal", false),
  ],
  (...values) => values,
);

/**
 * Attention of several heads: query [L, N, E], key and value [S, N, E] (or [N, L, E] if `batch_first`)
 * → `[output, weights]`.
 */
export class MultiheadAttention extends Module {
  readonly embed_dim: number;
  readonly num_heads: number;
  readonly dropout: number;
  readonly batch_first: boolean;
  readonly add_zero_attn: boolean;
  readonly head_dim: number;
  in_proj_weight: Parameter | null = null;
  q_proj_weight: Parameter | null = null;
  k_proj_weight: Parameter | null = null;
  v_proj_weight: Parameter | null = null;
  in_proj_bias: Parameter | null;
  bias_k: Parameter | null;
  bias_v: Parameter | null;
  out_proj: NonDynamicallyQuantizableLinear;

  constructor(...args: Parameters<typeof attentionArgs>) {
    super();
    const [embed, heads, dropout, bias, biasKv, zeroAttn, kdim, vdim, batchFirst, dtype] = attentionArgs(
      ...args,
    );
    if (embed <= 0 || heads <= 0) {
      throw new ValueError(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embed} and num_heads=${heads} instead`,
      );
    }
    if (embed % heads !== 0) throw new AssertionError("embed_dim must be divisible by num_heads");
    this.embed_dim = embed;
    this.num_heads = heads;
    this.dropout = dropout;
    this.batch_first = batchFirst;
    this.add_zero_attn = zeroAttn;
    this.head_dim = embed / heads;
    const parameter = (...sizes: number[]): Parameter => new Parameter(emptyOf(sizes, dtype));
    if ((kdim ?? embed) === embed && (vdim ?? embed) === embed) {
      this.in_proj_weight = parameter(3 * embed, embed);
    } else {
      this.q_proj_weight = parameter(embed, embed);
      this.k_proj_weight = parameter(embed, kdim ?? embed);
      this.v_proj_weight = parameter(embed, vdim ?? embed);
    }
    this.in_proj_bias = bias ? parameter(3 * embed) : null;
    this.bias_k = biasKv ? parameter(1, 1, embed) : null;
    this.bias_v = biasKv ? parameter(1, 1, embed) : null;
    this.out_proj = new NonDynamicallyQuantizableLinear(embed, embed, { bias, dtype });
    this._reset_parameters();
  }

  /** @internal */
  _reset_parameters(): void {
    for (const weight of [this.in_proj_weight, this.q_proj_weight, this.k_proj_weight, this.v_proj_weight]) {
      if (weight !== null) xavier_uniform_(weight);
    }
    if (this.in_proj_bias !== null) {
      constant_(this.in_proj_bias, 0);
      constant_(this.out_proj.bias!, 0);
    }
    if (this.bias_k !== null) xavier_normal_(this.bias_k);
    if (this.bias_v !== null) xavier_normal_(this.bias_v);
  }

  #weights(): AttentionWeights {
    const { in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight, out_proj } = this;
    return {
      embed_dim: this.embed_dim,
      num_heads: this.num_heads,
      in_proj: in_proj_weight ?? [q_proj_weight!, k_proj_weight!, v_proj_weight!],
      in_proj_bias: this.in_proj_bias,
      bias_k: this.bias_k,
      bias_v: this.bias_v,
      add_zero_attn: this.add_zero_attn,
      dropout_p: this.dropout,
      out_proj_weight: out_proj.weight,
      out_proj_bias: out_proj.bias,
    };
  }

  override forward(...args: Parameters<typeof callArgs>): [output: Tensor, weights: Tensor | null] {
    const [query, key, value, key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal] =
      callArgs(...args);
    const call: AttentionCall = {
      training: this.training,
      key_padding_mask,
      need_weights,
      attn_mask,
      average_attn_weights,
      is_causal,
    };
    if (!this.batch_first || query.dim() !== 3) {
      return multiHeadAttention(query, key, value, this.#weights(), call);
    }
    // The same tensor stays the same tensor: self-attention projects it once.
    const turned = new Map([query, key, value].map((t) => [t, t.transpose(1, 0)]));
    const [q, k, v] = [query, key, value].map((t) => turned.get(t)!) as [Tensor, Tensor, Tensor];
    const [output, weights] = multiHeadAttention(q, k, v, this.#weights(), call);
    return [output.transpose(1, 0), weights];
  }
}
