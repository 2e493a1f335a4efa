/** @file Products of vectors and matrices added to something, attention, distances. */
import { attr, type Dims, dim, flag, num, OPT, op, T } from "../args.js";

const scaled = { beta: num, alpha: num };

export const productSchema = {
  addmv: op("addmv", 0, { self: T, mat: T, vec: T, ...scaled }),
  addr: op("addr", 0, { self: T, vec1: T, vec2: T, ...scaled }),
  baddbmm: op("baddbmm", 0, { self: T, batch1: T, batch2: T, ...scaled }),
  addbmm: op("addbmm", 0, { self: T, batch1: T, batch2: T, ...scaled }),
  vdot: op("vdot", 0, { self: T, other: T }),
  linalg_cross: op("linalg_cross", 0, { self: T, other: T, dim }),
  /** Σ weight[o, i, j] · i1[n, i] · i3[n, j]. */
  _trilinear: op("trilinear", 0, { i1: T, i2: T, i3: T }),

  /** Softmax whose rows of nothing but −∞ are 0. */
  _safe_softmax: op("safe_softmax", 0, { self: T, dim }),
  _scaled_dot_product_flash_attention_for_cpu: op("scaled_dot_product_flash_attention_for_cpu", 0, {
    query: T,
    key: T,
    value: T,
    is_causal: flag,
    attn_mask: OPT,
    scale: num,
  }),

  norm_ScalarOpt_dim: op("norm", 1, { self: T, p: num, dim: attr<Dims | null>(), keepdim: flag }),
  dist: op("dist", 0, { self: T, other: T, p: num }),
} as const;
