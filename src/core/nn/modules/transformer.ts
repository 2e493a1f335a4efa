/** @file `TransformerEncoderLayer` and `TransformerEncoder`. */
import { RuntimeError } from "../../errors.js";
import { fullOf } from "../../ops/make.js";
import {
  any,
  flag,
  int,
  optAny,
  optDType,
  optFloat,
  optInt,
  optTensor,
  tensor,
} from "../../ops/parameters.js";
import { triangle } from "../../ops/shape_ops.js";
import { fn } from "../../ops/signature.js";
import { defaultGenerator } from "../../random/generator.js";
import type { Tensor } from "../../tensor.js";
import { canonicalMask } from "../attention_forward.js";
import * as F from "../functional.js";
import { MultiheadAttention } from "./attention.js";
import { ModuleList } from "./container.js";
import { Dropout } from "./dropout.js";
import { Linear } from "./linear.js";
import { Module } from "./module.js";
import { LayerNorm } from "./normalization.js";

type Activation = "relu" | "gelu" | ((x: Tensor) => Tensor);

const layerParams = [
  int("d_model"),
  int("nhead"),
  optInt("dim_feedforward", 2048),
  optFloat("dropout", 0.1),
  optAny<"activation", Activation>("activation", "relu"),
  optFloat("layer_norm_eps", 1e-5),
  flag("batch_first", false),
  flag("norm_first", false),
  flag("bias", true),
  optDType("dtype"),
] as const;
const layerArgs = fn("TransformerEncoderLayer.__init__", layerParams, (...values) => values);

const layerCall = fn(
  "TransformerEncoderLayer.forward",
  [tensor("src"), optTensor("src_mask"), optTensor("src_key_padding_mask"), flag("is_causal", false)],
  (...values) => values,
);

function activationOf(given: Activation): (x: Tensor) => Tensor {
  if (typeof given === "function") return given;
  if (given === "relu") return (x) => F.relu(x);
  if (given === "gelu") return (x) => F.gelu(x);
  throw new RuntimeError(`activation should be relu/gelu, not ${String(given)}`);
}

/** Self-attention and a feed-forward network, each with dropout, a residual connection and layer norm. */
export class TransformerEncoderLayer extends Module {
  self_attn: MultiheadAttention;
  linear1: Linear;
  dropout: Dropout;
  linear2: Linear;
  readonly norm_first: boolean;
  norm1: LayerNorm;
  norm2: LayerNorm;
  dropout1: Dropout;
  dropout2: Dropout;
  readonly activation: (x: Tensor) => Tensor;
  /** How it was made, for copies with parameters of their own. */
  readonly settings: ReturnType<typeof layerArgs>;

  constructor(...args: Parameters<typeof layerArgs>) {
    super();
    this.settings = layerArgs(...args);
    const [d_model, nhead, width, p, activation, eps, batch_first, norm_first, bias, dtype] = this.settings;
    this.self_attn = new MultiheadAttention(d_model, nhead, { dropout: p, bias, batch_first, dtype });
    this.linear1 = new Linear(d_model, width, { bias, dtype });
    this.dropout = new Dropout(p);
    this.linear2 = new Linear(width, d_model, { bias, dtype });
    this.norm_first = norm_first;
    this.norm1 = new LayerNorm(d_model, { eps, bias, dtype });
    this.norm2 = new LayerNorm(d_model, { eps, bias, dtype });
    this.dropout1 = new Dropout(p);
    this.dropout2 = new Dropout(p);
    this.activation = activationOf(activation);
  }

  override forward(...args: Parameters<typeof layerCall>): Tensor {
    const [src, src_mask, src_key_padding_mask, is_causal] = layerCall(...args);
    const padding = canonicalMask(src_key_padding_mask, "src_key_padding_mask", src);
    const mask = canonicalMask(src_mask, "src_mask", src);
    const attend = (x: Tensor): Tensor => {
      const [out] = this.self_attn.call(x, x, x, {
        attn_mask: mask,
        key_padding_mask: padding,
        need_weights: false,
        is_causal,
      });
      return this.dropout1.call(out);
    };
    if (this.norm_first) {
      const x = src.add(attend(this.norm1.call(src)));
      return x.add(this.#feed(this.norm2.call(x)));
    }
    const x = this.norm1.call(src.add(attend(src)));
    return this.norm2.call(x.add(this.#feed(x)));
  }

  #feed(x: Tensor): Tensor {
    const inner = this.dropout.call(this.activation(this.linear1.call(x)));
    return this.dropout2.call(this.linear2.call(inner));
  }
}

const encoderArgs = fn(
  "TransformerEncoder.__init__",
  [
    any<"encoder_layer", TransformerEncoderLayer>("encoder_layer"),
    int("num_layers"),
    optAny<"norm", Module | null>("norm", null),
    flag("enable_nested_tensor", true),
    flag("mask_check", true),
  ],
  (...values) => values,
);

const encoderCall = fn(
  "TransformerEncoder.forward",
  [
    tensor("src"),
    optTensor("mask"),
    optTensor("src_key_padding_mask"),
    optAny<"is_causal", boolean | null>("is_causal", null),
  ],
  (...values) => values,
);

/** A copy of a layer: the same values, in parameters of its own. Takes nothing from the random stream. */
function copyOf(layer: TransformerEncoderLayer): TransformerEncoderLayer {
  const before = defaultGenerator.stateBytes();
  const copy = new TransformerEncoderLayer(...(layer.settings as unknown as Parameters<typeof layerArgs>));
  defaultGenerator.setStateBytes(before);
  copy.load_state_dict(layer.state_dict());
  return copy.train(layer.training);
}

/** Layers one after the other, all starting from the values of `encoder_layer`. */
export class TransformerEncoder extends Module {
  layers: ModuleList<TransformerEncoderLayer>;
  readonly num_layers: number;
  norm: Module | null;

  constructor(...args: Parameters<typeof encoderArgs>) {
    super();
    const [layer, count, norm] = encoderArgs(...args);
    this.layers = new ModuleList(Array.from({ length: count }, () => copyOf(layer)));
    this.num_layers = count;
    this.norm = norm;
  }

  override forward(...args: Parameters<typeof encoderCall>): Tensor {
    const [src, mask, src_key_padding_mask, causal] = encoderCall(...args);
    const padding = canonicalMask(src_key_padding_mask, "src_key_padding_mask", src);
    const added = canonicalMask(mask, "mask", src);
    const is_causal = causal ?? (added !== null && isCausal(added));
    let output = src;
    for (const layer of this.layers) {
      output = layer.call(output, { src_mask: added, is_causal, src_key_padding_mask: padding });
    }
    return this.norm === null ? output : ((this.norm as LayerNorm).call(output) as Tensor);
  }
}

/** Whether a mask leaves out the future and nothing else. */
function isCausal(mask: Tensor): boolean {
  const [rows, columns] = mask._shape.slice(-2) as [number, number];
  if (mask._shape.length !== 2 || rows !== columns) return false;
  return mask.equal(squareMask(rows, mask));
}

function squareMask(size: number, like: Tensor): Tensor {
  return triangle("triu", fullOf([size, size], Number.NEGATIVE_INFINITY, like.dtype), 1);
}
