/** @file Ways to call resampling, products and attention, for numerical checks. */
import * as torch from "../../src/core/index.js";
import { call, callMulti } from "../../src/core/ops/dispatch.js";
import { ops } from "../../src/core/ops/op.js";
import { interpolationTaps, padTaps } from "../../src/core/ops/resample/taps.js";
import type { OpName } from "../../src/core/ops/schema.js";
import { fill, type Sample } from "./samples.js";

type T = torch.Tensor;
const x = (...shape: number[]): T => fill(shape, -1.4, 1.4).requires_grad_();
const long = (data: unknown): T => torch.tensor(data as number[], { dtype: torch.int64 });
const direct = (key: OpName, inputs: T[], ...rest: unknown[]): Sample => ({
  inputs,
  run: (...i) => call(ops[key], ...i, ...rest),
});

const linear = (from: number, to: number) => interpolationTaps(from, to, "linear", false, null);
const nearest = (from: number, to: number) => interpolationTaps(from, to, "nearest", false, null);
const exact = (from: number, to: number) => interpolationTaps(from, to, "nearest-exact", false, 1.7);
const cubic = (from: number, to: number) => interpolationTaps(from, to, "cubic", true, null);
const mirror = (n: number) => padTaps(n, 1, 2, "reflect");
const edge = (n: number) => padTaps(n, 2, -1, "replicate");
const planned = (key: OpName, shape: number[], taps: (n: number, to: number) => unknown): Sample[] => [
  direct(
    key,
    [x(1, ...shape)],
    shape.slice(1).map((n) => taps(n, n + 1)),
  ),
];
const blocks = [
  [2, 2],
  [1, 2],
  [1, 0],
  [2, 1],
] as const;
const classWeights = fill([3], 0.5, 1);
const [q, k, v] = [x(1, 2, 2, 3), x(1, 2, 3, 3), x(1, 2, 3, 3)];

export const resampleSamples: { readonly [K in OpName]?: readonly Sample[] } = {
  upsample_nearest1d: planned("upsample_nearest1d", [1, 3], nearest),
  upsample_nearest2d: planned("upsample_nearest2d", [1, 2, 3], nearest),
  upsample_nearest3d: planned("upsample_nearest3d", [1, 2, 2, 2], nearest),
  _upsample_nearest_exact1d: planned("_upsample_nearest_exact1d", [1, 3], exact),
  _upsample_nearest_exact2d: planned("_upsample_nearest_exact2d", [1, 2, 3], exact),
  _upsample_nearest_exact3d: planned("_upsample_nearest_exact3d", [1, 2, 2, 2], exact),
  upsample_linear1d: planned("upsample_linear1d", [1, 3], linear),
  upsample_bilinear2d: planned("upsample_bilinear2d", [1, 2, 3], linear),
  upsample_trilinear3d: planned("upsample_trilinear3d", [1, 2, 2, 2], linear),
  upsample_bicubic2d: planned("upsample_bicubic2d", [1, 2, 3], cubic),
  reflection_pad1d: planned("reflection_pad1d", [1, 3], mirror),
  reflection_pad2d: planned("reflection_pad2d", [1, 3, 3], mirror),
  reflection_pad3d: planned("reflection_pad3d", [1, 3, 3, 3], mirror),
  replication_pad1d: planned("replication_pad1d", [1, 3], edge),
  replication_pad2d: planned("replication_pad2d", [1, 3, 2], edge),
  replication_pad3d: planned("replication_pad3d", [1, 2, 2, 2], edge),
  resample_backward: [direct("resample_backward", [x(1, 1, 4)], [linear(3, 4)])],
  pixel_shuffle: [direct("pixel_shuffle", [x(1, 4, 1, 2)], 2)],
  pixel_unshuffle: [direct("pixel_unshuffle", [x(1, 1, 2, 4)], 2)],
  channel_shuffle: [direct("channel_shuffle", [x(1, 6, 2)], 2)],
  im2col: [direct("im2col", [x(1, 2, 3, 3)], ...blocks)],
  col2im: [direct("col2im", [x(1, 4, 2)], [3, 3], ...blocks)],

  addmv: [direct("addmv", [x(2), x(2, 3), x(3)], 0.5, 2)],
  addr: [direct("addr", [x(2, 3), x(2), x(3)], 0.5, 2)],
  baddbmm: [direct("baddbmm", [x(2, 2, 2), x(2, 2, 3), x(2, 3, 2)], 0.5, 2)],
  addbmm: [direct("addbmm", [x(2, 2), x(2, 2, 3), x(2, 3, 2)], 0.5, 2)],
  vdot: [direct("vdot", [x(3), x(3)])],
  linalg_cross: [direct("linalg_cross", [x(2, 3), x(2, 3)], 1)],
  _trilinear: [direct("_trilinear", [x(2, 3), x(2, 3, 2), x(2, 2)])],
  _safe_softmax: [direct("_safe_softmax", [x(2, 3)], 1)],
  _scaled_dot_product_flash_attention_for_cpu: [
    direct("_scaled_dot_product_flash_attention_for_cpu", [q, k, v], true, null, 0.7),
    direct("_scaled_dot_product_flash_attention_for_cpu", [q, k, v], false, fill([2, 3], -1, 1), 0.7),
  ],
  norm_ScalarOpt_dim: [direct("norm_ScalarOpt_dim", [x(2, 3)], 3, [1], false)],
  dist: [direct("dist", [x(2, 3), fill([2, 3], 0.2, 3).requires_grad_()], 2.5)],

  nll_loss2d: [
    {
      inputs: [x(2, 3, 2, 1)],
      run: (i) =>
        callMulti(
          ops.nll_loss2d,
          1,
          i,
          long([
            [[0], [2]],
            [[1], [1]],
          ]),
          classWeights,
          1,
          1,
        )[0]!,
    },
  ],
  multi_margin_loss: [
    direct("multi_margin_loss", [x(2, 3)], long([0, 2]), 2, 0.8, fill([3], 0.5, 1), 1),
    direct("multi_margin_loss", [x(2, 3)], long([0, 2]), 1, 0.8, null, 0),
  ],
  multilabel_margin_loss: [
    direct(
      "multilabel_margin_loss",
      [x(2, 3)],
      long([
        [0, 2, -1],
        [1, -1, 0],
      ]),
      1,
    ),
    direct(
      "multilabel_margin_loss",
      [x(2, 3)],
      long([
        [0, 2, -1],
        [1, -1, 0],
      ]),
      0,
    ),
  ],
};
