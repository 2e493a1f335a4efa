/** @file `multi_head_attention_forward`: projections in, attention head by head, projection out. */
import { bool } from "../dtype.js";
import { AssertionError, RuntimeError } from "../errors.js";
import { newTensor } from "../kernels/copy.js";
import { bmm, linear } from "../ops/linalg.js";
import { scaled_dot_product_attention } from "../ops/neural/attention.js";
import { dropout } from "../ops/neural/dropout.js";
import { pad } from "../ops/neural/padding.js";
import { masked_fill } from "../ops/pointwise.js";
import { baddbmm } from "../ops/products/functions.js";
import { cat } from "../ops/shape_ops.js";
import { sameShape, sizeOf } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** What an attention layer is made of. */
export interface AttentionWeights {
  readonly embed_dim: number;
  readonly num_heads: number;
  /** [3 · embed_dim, embed_dim], or one matrix for each of query, key and value. */
  readonly in_proj: Tensor | readonly [q: Tensor, k: Tensor, v: Tensor];
  readonly in_proj_bias: Tensor | null;
  readonly bias_k: Tensor | null;
  readonly bias_v: Tensor | null;
  readonly add_zero_attn: boolean;
  readonly dropout_p: number;
  readonly out_proj_weight: Tensor;
  readonly out_proj_bias: Tensor | null;
}

export interface AttentionCall {
  readonly training: boolean;
  readonly key_padding_mask: Tensor | null;
  readonly need_weights: boolean;
  readonly attn_mask: Tensor | null;
  readonly average_attn_weights: boolean;
  readonly is_causal: boolean;
}

/** Boolean masks, whose true elements are left out, as numbers that are added to the scores. */
export function canonicalMask(mask: Tensor | null, name: string, like: Tensor): Tensor | null {
  if (mask === null) return null;
  if (mask.dtype !== bool && !mask.is_floating_point()) {
    throw new AssertionError(`only bool and floating types of ${name} are supported`);
  }
  if (mask.dtype !== bool) return mask;
  return masked_fill(newTensor(mask._shape, like.dtype), mask, Number.NEGATIVE_INFINITY);
}

function checkShapes(q: Tensor, k: Tensor, v: Tensor, w: AttentionWeights): void {
  const rank = q._shape.length;
  if (rank !== 2 && rank !== 3) {
    throw new AssertionError(
      `query should be unbatched 2D or batched 3D tensor but received ${rank}-D query tensor`,
    );
  }
  if (k._shape.length !== rank || v._shape.length !== rank) {
    const kind = rank === 3 ? "batched (3-D)" : "unbatched (2-D)";
    throw new AssertionError(
      `For ${kind} \`query\`, expected \`key\` and \`value\` to be ${rank}-D but found ${k._shape.length}-D and ${v._shape.length}-D tensors respectively`,
    );
  }
  const embed = q._shape.at(-1)!;
  if (embed !== w.embed_dim) {
    throw new AssertionError(`was expecting embedding dimension of ${w.embed_dim}, but got ${embed}`);
  }
  if (!Array.isArray(w.in_proj) && !sameShape(k._shape, v._shape)) {
    throw new AssertionError(`key shape ${k._shape} does not match value shape ${v._shape}`);
  }
}

/** The packed projections of one tensor taken apart: [parts, …] with each part in one piece of memory. */
function unpacked(projected: Tensor, parts: number, embed: number): Tensor[] {
  const packed = projected
    .unflatten(-1, [parts, embed])
    .unsqueeze(0)
    .transpose(0, -2)
    .squeeze(-2)
    .contiguous();
  return Array.from({ length: parts }, (_, i) => packed.select(0, i));
}

type Three = [q: Tensor, k: Tensor, v: Tensor];

function project(q: Tensor, k: Tensor, v: Tensor, w: AttentionWeights): Three {
  const bias = w.in_proj_bias;
  if (Array.isArray(w.in_proj)) {
    const [bq, bk, bv] = bias === null ? [null, null, null] : bias.chunk(3);
    const [wq, wk, wv] = w.in_proj as Three;
    return [linear(q, wq, bq), linear(k, wk, bk), linear(v, wv, bv)];
  }
  const packed = w.in_proj as Tensor;
  const embed = q._shape.at(-1)!;
  if (k === v && q === k) return unpacked(linear(q, packed, bias), 3, embed) as Three;
  if (k === v) {
    const [wq, wkv] = packed.split([embed, 2 * embed]) as [Tensor, Tensor];
    const [bq, bkv] = bias === null ? [null, null] : bias.split([embed, 2 * embed]);
    const [keys, values] = unpacked(linear(k, wkv, bkv), 2, embed);
    return [linear(q, wq, bq), keys!, values!];
  }
  const [wq, wk, wv] = packed.chunk(3) as Three;
  const [bq, bk, bv] = bias === null ? [null, null, null] : bias.chunk(3);
  return [linear(q, wq, bq), linear(k, wk, bk), linear(v, wv, bv)];
}

function checkMask(mask: Tensor, batch: number, heads: number, length: number, source: number): Tensor {
  const two = [length, source];
  const three = [batch * heads, length, source];
  const tuple = (sizes: readonly number[]): string => `(${sizes.join(", ")})`;
  if (mask._shape.length === 2) {
    if (sameShape(mask._shape, two)) return mask.unsqueeze(0);
    throw new RuntimeError(`The shape of the 2D attn_mask is ${mask._shape}, but should be ${tuple(two)}.`);
  }
  if (mask._shape.length === 3) {
    if (sameShape(mask._shape, three)) return mask;
    throw new RuntimeError(`The shape of the 3D attn_mask is ${mask._shape}, but should be ${tuple(three)}.`);
  }
  throw new RuntimeError(`attn_mask's dimension ${mask._shape.length} is not supported`);
}

/** The attention of [L, N, E] (or [L, E]) to keys and values [S, N, E]. */
export function multiHeadAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  w: AttentionWeights,
  call: AttentionCall,
): [output: Tensor, weights: Tensor | null] {
  checkShapes(query, key, value, w);
  const single = query._shape.length === 2;
  if (single) {
    const given = new Map([query, key, value].map((t) => [t, t.unsqueeze(1)]));
    const padding = call.key_padding_mask?.unsqueeze(0) ?? null;
    const [q, k, v] = [query, key, value].map((t) => given.get(t)!) as Three;
    const [out, weights] = batched(q, k, v, w, { ...call, key_padding_mask: padding });
    return [out.squeeze(1), weights?.squeeze(0) ?? null];
  }
  return batched(query, key, value, w, call);
}

function batched(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  w: AttentionWeights,
  call: AttentionCall,
): [Tensor, Tensor | null] {
  const [length, batch, embed] = query._shape as readonly number[] as [number, number, number];
  const heads = w.num_heads;
  const size = embed / heads;
  let padding = canonicalMask(call.key_padding_mask, "key_padding_mask", query);
  if (call.is_causal && call.attn_mask === null) {
    throw new RuntimeError(
      "Need attn_mask if specifying the is_causal hint. You may use the Transformer module method `generate_square_subsequent_mask` to create this mask.",
    );
  }
  const causal = call.is_causal && padding === null && !call.need_weights;
  let mask = causal ? null : canonicalMask(call.attn_mask, "attn_mask", query);
  let [q, k, v] = project(query, key, value, w);
  if (mask !== null) mask = checkMask(mask, batch, heads, length, key._shape[0]!);
  const longer = (): void => {
    if (mask !== null) mask = pad(mask, [0, 1]);
    if (padding !== null) padding = pad(padding, [0, 1]);
  };
  if (w.bias_k !== null && w.bias_v !== null) {
    k = cat([k, w.bias_k.repeat(1, batch, 1)], 0);
    v = cat([v, w.bias_v.repeat(1, batch, 1)], 0);
    longer();
  }
  const byHead = (t: Tensor): Tensor => t.view(t._shape[0]!, batch * heads, size).transpose(0, 1);
  [q, k, v] = [byHead(q), byHead(k), byHead(v)];
  if (w.add_zero_attn) {
    const zeros = newTensor(sizeOf([batch * heads, 1, size]), k.dtype);
    k = cat([k, zeros], 1);
    v = cat([v, zeros], 1);
    longer();
  }
  const source = k._shape[1]!;
  if (padding !== null) {
    const spread = padding
      .view(batch, 1, 1, source)
      .expand(-1, heads, -1, -1)
      .reshape(batch * heads, 1, source);
    mask = mask === null ? spread : mask.add(spread);
  }
  const p = call.training ? w.dropout_p : 0;
  const out = (t: Tensor): Tensor => {
    const flat = linear(t.reshape(length * batch, embed), w.out_proj_weight, w.out_proj_bias);
    return flat.view(length, batch, flat._shape[1]!);
  };
  if (!call.need_weights) {
    const four = (t: Tensor, n: number): Tensor => t.view(batch, heads, n, size);
    let mask4 = mask;
    if (mask !== null) mask4 = mask._shape[0] === 1 ? mask.unsqueeze(0) : mask.view(batch, heads, -1, source);
    const attended = scaled_dot_product_attention(
      four(q, length),
      four(k, source),
      four(v, source),
      mask4,
      p,
      causal,
    );
    return [out(attended.permute(2, 0, 1, 3)), null];
  }
  const scaled = q.mul(Math.sqrt(1 / size));
  const scores =
    mask === null ? bmm(scaled, k.transpose(-2, -1)) : baddbmm(mask, scaled, k.transpose(-2, -1));
  let weights = scores.softmax(-1);
  if (p > 0) weights = dropout(weights, p);
  const attended = out(bmm(weights, v).transpose(0, 1));
  const shown = weights.view(batch, heads, length, source);
  return [attended, call.average_attn_weights ? shown.mean(1) : shown];
}
