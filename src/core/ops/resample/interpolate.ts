/** @file `interpolate` and the older `upsample` functions of `nn.functional`. */
import { NotImplementedError, RuntimeError, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { call } from "../dispatch.js";
import { adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d } from "../neural/pooling.js";
import { ops } from "../op.js";
import { optAny, tensor, text } from "../parameters.js";
import type { OpName } from "../schema.js";
import { fn } from "../signature.js";
import { type Interpolation, interpolationTaps } from "./taps.js";

type Sizes = number | readonly number[] | null;

/** Op and kind of taps by mode, for one, two and three spatial dimensions. */
const MODES: Readonly<Record<string, readonly [Interpolation, ...(OpName | null)[]]>> = {
  nearest: ["nearest", "upsample_nearest1d", "upsample_nearest2d", "upsample_nearest3d"],
  "nearest-exact": [
    "nearest-exact",
    "_upsample_nearest_exact1d",
    "_upsample_nearest_exact2d",
    "_upsample_nearest_exact3d",
  ],
  linear: ["linear", "upsample_linear1d", null, null],
  bilinear: ["linear", null, "upsample_bilinear2d", null],
  trilinear: ["linear", null, null, "upsample_trilinear3d"],
  bicubic: ["cubic", null, "upsample_bicubic2d", null],
};
const SMOOTH = ["linear", "bilinear", "bicubic", "trilinear"];

const pythonTuple = (list: readonly number[]): string =>
  `(${list.join(", ")}${list.length === 1 ? "," : ""})`;

function perDimension(
  what: "output size" | "scale_factor",
  given: number | readonly number[],
  own: readonly number[],
): number[] {
  if (typeof given === "number") return own.map(() => given);
  if (given.length === own.length) return [...given];
  const letter = what === "output size" ? "o" : "s";
  const text =
    what === "output size"
      ? `output size of ${pythonTuple(given)}`
      : `scale_factor of shape ${pythonTuple(given)}`;
  const name = what === "output size" ? "output size" : "scale_factor";
  throw new ValueError(
    `Input and ${what === "output size" ? "output" : name} must have the same number of spatial dimensions, but got input with spatial dimensions of [${own.join(", ")}] and ${text}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and ${name} in (${letter}1, ${letter}2, ...,${letter}K) format.`,
  );
}

interface Target {
  readonly size: readonly number[];
  /** Scales that positions are computed with; null: from the sizes. */
  readonly scales: readonly (number | null)[];
}

function targetOf(own: readonly number[], size: Sizes, scale: Sizes, recompute: boolean): Target {
  if (size !== null && scale !== null)
    throw new ValueError("only one of size or scale_factor should be defined");
  if (size !== null) {
    if (recompute) throw new ValueError("recompute_scale_factor is not meaningful with an explicit size.");
    return { size: perDimension("output size", size, own), scales: own.map(() => null) };
  }
  if (scale === null) throw new ValueError("either size or scale_factor should be defined");
  const scales = perDimension("scale_factor", scale, own);
  return {
    size: own.map((n, d) => Math.floor(n * scales[d]!)),
    scales: recompute ? own.map(() => null) : scales,
  };
}

function checkRank(rank: number, mode: string): void {
  const dims = rank - 2;
  const known = mode === "area" || mode in MODES;
  if (dims < 1 || dims > 3 || !known) {
    throw new NotImplementedError(
      `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${rank}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${mode})`,
    );
  }
  if (mode === "area" || MODES[mode]![dims] !== null) return;
  const needs = MODES[mode]!.findIndex((op, i) => i > 0 && op !== null) + 2;
  throw new NotImplementedError(`Got ${rank}D input, but ${mode} mode needs ${needs}D input`);
}

function checkSizes(own: readonly number[], size: readonly number[]): void {
  if ([...own, ...size].every((n) => n > 0)) return;
  const axes = "DHW".slice(3 - own.length);
  const show = (list: readonly number[]): string => `(${list.map((n, d) => `${axes[d]}: ${n}`).join(", ")})`;
  throw new RuntimeError(
    `Input and output sizes should be greater than 0, but got input ${show(own)} output ${show(size)}`,
  );
}

/**
 * Resizes the spatial dimensions of [N, C, …] to `size`, or by `scale_factor`.
 *
 * Modes: nearest, nearest-exact, linear (3D input), bilinear and bicubic (4D), trilinear (5D), area.
 */
export const interpolate = fn(
  "interpolate",
  [
    tensor("input"),
    optAny<"size", Sizes>("size", null),
    optAny<"scale_factor", Sizes>("scale_factor", null),
    text("mode", "nearest"),
    optAny<"align_corners", boolean | null>("align_corners", null),
    optAny<"recompute_scale_factor", boolean | null>("recompute_scale_factor", null),
    optAny<"antialias", boolean>("antialias", false),
  ],
  (x, size, scale, mode, align, recompute, antialias): Tensor => {
    if (align !== null && !SMOOTH.includes(mode)) {
      throw new ValueError(
        "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear",
      );
    }
    const own = x._shape.slice(2);
    if (antialias) throw new NotImplementedError("interpolate: antialias=True is not supported here");
    const target = targetOf(own, size, scale, recompute ?? false);
    checkRank(x._shape.length, mode);
    if (mode === "area") return averaged(x, target.size);
    checkSizes(own, target.size);
    const [taps, ...names] = MODES[mode]!;
    const plan = own.map((n, d) =>
      interpolationTaps(n, target.size[d]!, taps, align ?? false, target.scales[d]!),
    );
    return call(ops[names[own.length - 1]!], x, plan);
  },
);

function averaged(x: Tensor, size: readonly number[]): Tensor {
  return [adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d][size.length - 1]!(x, size);
}

const upsampleParams = [
  tensor("input"),
  optAny<"size", Sizes>("size", null),
  optAny<"scale_factor", Sizes>("scale_factor", null),
] as const;

/** `interpolate` under its older name. */
export const upsample = fn(
  "upsample",
  [
    ...upsampleParams,
    text("mode", "nearest"),
    optAny<"align_corners", boolean | null>("align_corners", null),
  ],
  (x, size, scale_factor, mode, align_corners): Tensor =>
    interpolate(x, { size, scale_factor, mode, align_corners }),
);

export const upsample_nearest = fn(
  "upsample_nearest",
  upsampleParams,
  (x, size, scale_factor): Tensor => interpolate(x, { size, scale_factor, mode: "nearest" }),
);

export const upsample_bilinear = fn(
  "upsample_bilinear",
  upsampleParams,
  (x, size, scale_factor): Tensor =>
    interpolate(x, { size, scale_factor, mode: "bilinear", align_corners: true }),
);
