/** @file Dropout of `nn.functional`. */
import { ValueError } from "../../errors.js";
import { emptyLike, newTensor } from "../../kernels/copy.js";
import { fillBernoulli } from "../../random/discrete.js";
import { type Shape, sameShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { flag, optFloat, tensor } from "../parameters.js";
import { squeeze, unsqueeze } from "../shape_ops.js";
import { fn } from "../signature.js";

function checkProbability(p: number): void {
  if (p < 0 || p > 1) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${p}`);
}
/** Zeroes elements with probability `p` and scales the others up, in training. */
export const dropout = fn(
  "dropout",
  [tensor("input"), optFloat("p", 0.5), flag("training", true), flag("inplace", false)],
  (x, p, training, inplace): Tensor => {
    checkProbability(p);
    if (p === 0 || !training || x._numel === 0) return x;
    const noise = p === 1 ? newTensor(x._shape, x.dtype) : dropMask(x, x._shape, p);
    return inplace ? x.mul_(noise) : x.mul(noise);
  },
);
function dropMask(x: Tensor, shape: Shape, p: number): Tensor {
  // PyTorch draws in the order of memory, which is the input's.
  const out = sameShape(shape, x._shape) ? emptyLike(x, x.dtype) : newTensor(sizeOf(shape), x.dtype);
  fillBernoulli(out._storage.data, 1 - p);
  return out.div_(1 - p);
}
function channelDropout(name: string, least: number) {
  return fn(
    name,
    [tensor("input"), optFloat("p", 0.5), flag("training", true), flag("inplace", false)],
    (x, p, training, inplace): Tensor => {
      checkProbability(p);
      const single = least !== 2 && x._shape.length === least + 1;
      const t = single ? unsqueeze(x, 0) : x;
      if (p === 0 || !training || x._numel === 0) return single ? squeeze(t, 0) : t;
      const shape = t._shape.map((n, d) => (d < 2 ? n : 1));
      const noise = p === 1 ? newTensor(sizeOf(shape), x.dtype) : dropMask(t, shape, p);
      const out = inplace ? t.mul_(noise) : t.mul(noise);
      return single ? squeeze(out, 0) : out;
    },
  );
}
/** Zeroes whole channels. */
export const dropout1d = channelDropout("dropout1d", 1);
export const dropout2d = channelDropout("dropout2d", 2);
export const dropout3d = channelDropout("dropout3d", 3);

/** Negative saturation value of SELU: −α · scale. */
const ALPHA = 1.7580993408473766;

/** Dropout that keeps the mean and variance that SELU gives its outputs: dropped elements take its saturation value. */
function alphaDropout(name: string, byChannel: boolean) {
  return fn(
    name,
    [tensor("input"), optFloat("p", 0.5), flag("training", false), flag("inplace", false)],
    (x, p, training, inplace): Tensor => {
      checkProbability(p);
      if (p === 0 || !training || x._numel === 0) return x;
      if (p === 1) {
        const zeros = newTensor(x._shape, x.dtype);
        return inplace ? x.mul_(zeros) : x.mul(zeros);
      }
      const shape = byChannel ? x._shape.map((n, d) => (d < 2 ? n : 1)) : x._shape;
      const kept = byChannel ? newTensor(sizeOf(shape), x.dtype) : emptyLike(x, x.dtype);
      fillBernoulli(kept._storage.data, 1 - p);
      const scale = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
      const shift = kept
        .sub(1)
        .mul(ALPHA * scale)
        .add(ALPHA * scale * p);
      const noise = kept.mul(scale);
      return inplace ? x.mul_(noise).add_(shift) : x.mul(noise).add(shift);
    },
  );
}
export const alpha_dropout = alphaDropout("alpha_dropout", false);
/** `alpha_dropout` of whole channels. */
export const feature_alpha_dropout = alphaDropout("feature_alpha_dropout", true);
