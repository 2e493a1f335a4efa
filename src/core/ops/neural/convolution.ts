/** @file Convolutions and transposed convolutions of `nn.functional`. */
import { RuntimeError } from "../../errors.js";
import { formatShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { ops } from "../op.js";
import { optAny, optInt, optInts, optTensor, tensor } from "../parameters.js";
import { squeeze, unsqueeze } from "../shape_ops.js";
import { fn } from "../signature.js";
import { type Dims, each } from "./dims.js";

type Padding = number | Dims | string;

function checkTypes(x: Tensor, weight: Tensor, bias: Tensor | null): void {
  for (const [name, t] of [
    ["weight", weight],
    ["bias", bias],
  ] as const) {
    if (t === null || t.dtype === x.dtype) continue;
    throw new RuntimeError(`Input type (${cType(x)}) and ${name} type (${cType(t)}) should be the same`);
  }
}
const C_TYPES: Readonly<Record<string, string>> = {
  float32: "float",
  float64: "double",
  int64: "long int",
  int32: "int",
  uint8: "unsigned char",
};
const cType = (t: Tensor): string => C_TYPES[t.dtype.name] ?? t.dtype.name;

function checkConvolution(weight: Tensor, stride: Dims, padding: Dims, dilation: Dims, groups: number): void {
  if (groups <= 0) throw new RuntimeError("non-positive groups is not supported");
  if (weight._shape.length < 3) throw new RuntimeError("weight should have at least three dimensions");
  if (stride.some((n) => n <= 0)) throw new RuntimeError("non-positive stride is not supported");
  if (padding.some((n) => n < 0)) throw new RuntimeError("negative padding is not supported");
  if (dilation.some((n) => n <= 0)) throw new RuntimeError("dilation should be greater than zero");
  const rows = weight._shape[0]!;
  if (rows < groups) {
    throw new RuntimeError(
      `Given groups=${groups}, expected weight to be at least ${groups} at dimension 0, but got weight of size ${formatShape(weight._shape)} instead`,
    );
  }
  if (rows % groups !== 0) {
    throw new RuntimeError(
      `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got weight of size ${formatShape(weight._shape)} instead`,
    );
  }
}

function checkRank(x: Tensor, weight: Tensor): void {
  if (x._shape.length !== weight._shape.length) {
    const k = weight._shape.length;
    throw new RuntimeError(
      `Expected ${k}-dimensional input for ${k}-dimensional weight${formatShape(weight._shape)}, but got ${x._shape.length}-dimensional input of size ${formatShape(x._shape)} instead`,
    );
  }
}

function checkChannels(x: Tensor, weight: Tensor, groups: number, transposed: boolean): void {
  const wanted = transposed ? weight._shape[0]! : weight._shape[1]! * groups;
  if (x._shape[1] === wanted) return;
  throw new RuntimeError(
    `Given ${transposed ? "transposed=1" : `groups=${groups}`}, weight of size ${formatShape(weight._shape)}, expected input${formatShape(x._shape)} to have ${wanted} channels, but got ${x._shape[1]} channels instead`,
  );
}

/** Padding that keeps the size: where it is uneven, the odd one is laid on first. */
function samePadding(x: Tensor, kernel: Dims, dilation: Dims, n: number): [Tensor, number[]] {
  const total = kernel.map((k, d) => dilation[d]! * (k - 1));
  const even = total.map((t) => Math.floor(t / 2));
  const odd = total.map((t, d) => t - 2 * even[d]!);
  if (odd.every((o) => o === 0)) return [x, even];
  const pad = new Array<number>(2 * n).fill(0);
  odd.forEach((o, d) => {
    pad[2 * (n - 1 - d) + 1] = o;
  });
  return [call1(ops.constant_pad_nd, x, pad, 0), even];
}

function convolver(n: number) {
  const name = `conv${n}d`;
  const params = [
    tensor("input"),
    tensor("weight"),
    optTensor("bias"),
    optInts("stride"),
    optAny<"padding", Padding>("padding", 0),
    optInts("dilation"),
    optInt("groups", 1),
  ] as const;
  return fn(name, params, (input, weight, bias, stride_, padding_, dilation_, groups) => {
    const stride = each("stride", stride_ ?? [1], n);
    const dilation = each("dilation", dilation_ ?? [1], n);
    const single = input._shape.length === n + 1;
    if (!single && input._shape.length !== n + 2) {
      throw new RuntimeError(
        `Expected ${n + 1}D (unbatched) or ${n + 2}D (batched) input to ${name}, but got input of size: ${formatShape(input._shape)}`,
      );
    }
    let x = single ? unsqueeze(input, 0) : input;
    if (weight._shape.length >= 3) checkRank(x, weight);
    let padding: number[];
    if (typeof padding_ === "string") {
      if (padding_ === "valid") padding = new Array<number>(n).fill(0);
      else [x, padding] = samePadding(x, weight._shape.slice(2), dilation, n);
    } else padding = each("padding", typeof padding_ === "number" ? [padding_] : padding_, n);
    checkTypes(x, weight, bias);
    checkConvolution(weight, stride, padding, dilation, groups);
    checkChannels(x, weight, groups, false);
    const none = new Array<number>(n).fill(0);
    const out = call(ops.convolution, x, weight, bias, stride, padding, dilation, false, none, groups);
    return single ? squeeze(out, 0) : out;
  });
}
/** Cross-correlation of [N, C, L] (or [C, L]) with [O, C / groups, K]. */
export const conv1d = convolver(1);
/** Cross-correlation of [N, C, H, W] with [O, C / groups, kH, kW]. */
export const conv2d = convolver(2);
export const conv3d = convolver(3);

function transposedConvolver(n: number) {
  const name = `conv_transpose${n}d`;
  const params = [
    tensor("input"),
    tensor("weight"),
    optTensor("bias"),
    optInts("stride"),
    optInts("padding"),
    optInts("output_padding"),
    optInt("groups", 1),
    optInts("dilation"),
  ] as const;
  return fn(name, params, (input, weight, bias, stride_, padding_, output_, groups, dilation_) => {
    const stride = each("stride", stride_ ?? [1], n);
    const padding = each("padding", padding_ ?? [0], n);
    const extra = each("output_padding", output_ ?? [0], n);
    const dilation = each("dilation", dilation_ ?? [1], n);
    const single = input._shape.length === n + 1;
    const x = single ? unsqueeze(input, 0) : input;
    checkTypes(x, weight, bias);
    checkConvolution(weight, stride, padding, dilation, groups);
    checkChannels(x, weight, groups, true);
    const out = call(ops.convolution, x, weight, bias, stride, padding, dilation, true, extra, groups);
    return single ? squeeze(out, 0) : out;
  });
}
export const conv_transpose1d = transposedConvolver(1);
export const conv_transpose2d = transposedConvolver(2);
export const conv_transpose3d = transposedConvolver(3);
