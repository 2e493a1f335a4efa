/** @file Padding of `nn.functional`: by a constant, or by what stands at the edges. */
import { NotImplementedError, RuntimeError } from "../../errors.js";
import { newTensor } from "../../kernels/copy.js";
import { formatShape, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { copy_ } from "../inplace.js";
import { ops } from "../op.js";
import { ints, optAny, tensor, text } from "../parameters.js";
import { padTaps } from "../resample/taps.js";
import { slice } from "../shape_ops.js";
import { fn } from "../signature.js";
import type { Dims } from "./dims.js";

/** [before, after] of the last dimensions, in the order of the dimensions. */
function pairs(by: Dims): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < by.length; i += 2) out.unshift([by[i]!, by[i + 1]!]);
  return out;
}

function checkEdges(x: Tensor, by: Dims): void {
  const rank = x._shape.length;
  const dims = by.length / 2;
  if (dims >= 1 && dims <= 3 && (rank === dims + 1 || rank === dims + 2)) return;
  throw new NotImplementedError(
    `Padding size ${by.length} is not supported for ${rank}D input tensor.\nSupported combinations for non-constant padding:\n  - 2D or 3D input: padding size = 2 (pads last dimension)\n  - 3D or 4D input: padding size = 4 (pads last 2 dimensions)\n  - 4D or 5D input: padding size = 6 (pads last 3 dimensions)`,
  );
}

const REFLECT = [ops.reflection_pad1d, ops.reflection_pad2d, ops.reflection_pad3d];
const REPLICATE = [ops.replication_pad1d, ops.replication_pad2d, ops.replication_pad3d];

function byEdges(x: Tensor, by: Dims, mode: "reflect" | "replicate"): Tensor {
  const sides = pairs(by);
  const lead = x._shape.length - sides.length;
  if (mode === "reflect") {
    sides.forEach(([before, after], k) => {
      const n = x._shape[lead + k]!;
      if (before < n && after < n) return;
      throw new RuntimeError(
        `Argument #${2 * (sides.length - k) + 2}: Padding size should be less than the corresponding input dimension, but got: padding (${before}, ${after}) at dimension ${lead + k} of input ${formatShape(x._shape)}`,
      );
    });
  }
  const size = x._shape.map((n, d) => (d < lead ? n : n + sides[d - lead]![0] + sides[d - lead]![1]));
  const negative = size.find((n) => n < 0);
  if (negative !== undefined) {
    throw new RuntimeError(
      `Trying to create tensor with negative dimension ${negative}: ${formatShape(size)}`,
    );
  }
  const plan = sides.map(([before, after], k) => padTaps(x._shape[lead + k]!, before, after, mode));
  return call((mode === "reflect" ? REFLECT : REPLICATE)[sides.length - 1]!, x, plan);
}

/** The window [from, to) of dimension `d`. */
const part = (t: Tensor, d: number, from: number, to: number): Tensor => slice(t, d, from, to, 1);

/** Copies the middle, then each side from the opposite edge, as PyTorch does: writes through views. */
function circular(x: Tensor, by: Dims): Tensor {
  const sides = pairs(by);
  const lead = x._shape.length - sides.length;
  sides.forEach(([before, after], k) => {
    const n = x._shape[lead + k]!;
    if (before > n || after > n) {
      throw new RuntimeError("Padding value causes wrapping around more than once.");
    }
    if (n + before + after < 0)
      throw new RuntimeError("Negative padding value is resulting in an empty dimension");
  });
  const size = x._shape.map((n, d) => (d < lead ? n : n + sides[d - lead]![0] + sides[d - lead]![1]));
  const out = newTensor(sizeOf(size), x.dtype);
  let inside = out;
  let source = x;
  for (let k = sides.length - 1; k >= 0; k--) {
    const [before, after] = sides[k]!;
    const d = lead + k;
    inside = part(inside, d, Math.max(before, 0), out._shape[d]! - Math.max(after, 0));
    source = part(source, d, Math.max(-before, 0), x._shape[d]! - Math.max(-after, 0));
  }
  copy_(inside, source);
  for (let k = sides.length - 1; k >= 0; k--) {
    const [before, after] = sides[k]!;
    const d = lead + k;
    const end = out._shape[d]!;
    if (before > 0)
      copy_(
        part(out, d, 0, before),
        part(out, d, end - before - Math.max(after, 0), end - Math.max(after, 0)),
      );
    if (after > 0)
      copy_(part(out, d, end - after, end), part(out, d, Math.max(before, 0), Math.max(before, 0) + after));
  }
  return out;
}

/**
 * Pads from the last dimension backwards, `[before, after]` for each; negative numbers crop.
 *
 * Modes: constant (any dimensions), reflect, replicate and circular (the last one to three).
 */
export const pad = fn(
  "pad",
  [tensor("input"), ints("pad"), text("mode", "constant"), optAny<"value", number | null>("value", null)],
  (x, by, mode, value): Tensor => {
    if (by.length % 2 !== 0) throw new RuntimeError("Padding length must be divisible by 2");
    if (by.length > 2 * x._shape.length) {
      throw new RuntimeError(
        `Padding length should be less than or equal to two times the input dimension but got padding length ${by.length} and input of dimension ${x._shape.length}`,
      );
    }
    if (mode === "constant") return call1(ops.constant_pad_nd, x, by, value ?? 0);
    if (value !== null && value !== 0) {
      throw new RuntimeError(`Padding mode "${mode}" doesn't take in value argument`);
    }
    checkEdges(x, by);
    if (mode === "reflect" || mode === "replicate") return byEdges(x, by, mode);
    if (mode === "circular") return circular(x, by);
    throw new NotImplementedError(`Unrecognised padding mode ${mode}`);
  },
);
