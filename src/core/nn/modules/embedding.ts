/** @file `Embedding`. */
import { no_grad } from "../../autograd/grad_mode.js";
import { AssertionError } from "../../errors.js";
import { flag, int, optDType, optFloat, optInt, optTensor } from "../../ops/parameters.js";
import { fn } from "../../ops/signature.js";
import type { Tensor } from "../../tensor.js";
import { emptyOf } from "../empty.js";
import * as F from "../functional.js";
import { normal_ } from "../init.js";
import { Parameter } from "../parameter.js";
import { Module } from "./module.js";
import { pythonRepr } from "./print.js";

const embeddingArgs = fn(
  "Embedding.__init__",
  [
    int("num_embeddings"),
    int("embedding_dim"),
    optInt("padding_idx", null),
    optFloat("max_norm", null),
    optFloat("norm_type", 2),
    flag("scale_grad_by_freq", false),
    flag("sparse", false),
    optTensor("_weight"),
    flag("_freeze", false),
    optDType("dtype"),
  ],
  (...values) => values,
);

/** Rows of a learnt table by number: [*] of int64 → [*, embedding_dim]. */
export class Embedding extends Module {
  readonly num_embeddings: number;
  readonly embedding_dim: number;
  readonly padding_idx: number | null;
  readonly max_norm: number | null;
  readonly norm_type: number;
  readonly scale_grad_by_freq: boolean;
  readonly sparse: boolean;
  weight: Parameter;

  constructor(...args: Parameters<typeof embeddingArgs>) {
    super();
    const [rows, columns, padding, maxNorm, normType, scale, sparse, given, freeze, dtype] = embeddingArgs(
      ...args,
    );
    this.num_embeddings = rows;
    this.embedding_dim = columns;
    if (padding !== null && (padding >= rows || padding < -rows)) {
      throw new AssertionError("Padding_idx must be within num_embeddings");
    }
    this.padding_idx = padding !== null && padding < 0 ? rows + padding : padding;
    this.max_norm = maxNorm;
    this.norm_type = normType;
    this.scale_grad_by_freq = scale;
    this.sparse = sparse;
    this.weight = new Parameter(given ?? emptyOf([rows, columns], dtype), !freeze);
    if (given === null) this.reset_parameters();
  }

  /** A layer over a given table, not learnt unless `freeze` is false. */
  static from_pretrained(
    embeddings: Tensor,
    options: { freeze?: boolean; padding_idx?: number | null } = {},
  ): Embedding {
    const [rows, columns] = embeddings.shape as unknown as [number, number];
    return new Embedding(rows, columns, {
      _weight: embeddings,
      _freeze: options.freeze ?? true,
      padding_idx: options.padding_idx ?? null,
    });
  }

  reset_parameters(): void {
    normal_(this.weight);
    const { padding_idx, weight } = this;
    if (padding_idx !== null) no_grad(() => weight.select(0, padding_idx).fill_(0));
  }

  override forward(input: Tensor): Tensor {
    const { weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse } = this;
    return F.embedding(input, weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
  }

  override extra_repr(): string {
    let text = `${this.num_embeddings}, ${this.embedding_dim}`;
    if (this.padding_idx !== null) text += `, padding_idx=${this.padding_idx}`;
    if (this.max_norm !== null) text += `, max_norm=${floatRepr(this.max_norm)}`;
    if (this.norm_type !== 2) text += `, norm_type=${floatRepr(this.norm_type)}`;
    if (this.scale_grad_by_freq) text += ", scale_grad_by_freq=True";
    if (this.sparse) text += ", sparse=True";
    return text;
  }
}

const floatRepr = (x: number): string => (Number.isInteger(x) ? `${x}.0` : pythonRepr(x));
