/** @file Pools of `nn.functional`. */
import { RuntimeError, ValueError } from "../../errors.js";
import { formatShape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1, callMulti } from "../dispatch.js";
import { ops } from "../op.js";
import { any, flag, ints, optAny, optInts, tensor } from "../parameters.js";
import { squeeze, unsqueeze } from "../shape_ops.js";
import { fn } from "../signature.js";
import { type Dims, each } from "./dims.js";
import { pooledSize } from "./windows.js";

/** PyTorch's words for windows that cannot slide. */
function checkWindow(name: string, kernel: Dims, stride: Dims, dilation: Dims): void {
  const one = name.endsWith("1d");
  for (const [what, dims] of [
    ["kernel_size", kernel],
    ["stride", stride],
    ["dilation", dilation],
  ] as const) {
    const bad = dims.find((n) => n <= 0);
    if (bad === undefined) continue;
    if (one) throw new RuntimeError(`${name}() ${what} must be greater than zero, but got ${bad}`);
    const axes = dims.map((n, d) => `d${"THW".slice(-dims.length)[d]}: ${n}`).join(" ");
    throw new RuntimeError(
      what === "stride"
        ? "stride should not be zero"
        : `${what.replace("_", " ")} should be greater than zero, but got ${axes}`,
    );
  }
}

function checkPadding(kernel: Dims, padding: Dims, dilation: Dims): void {
  const p = padding.find((k) => k < 0);
  if (p !== undefined) throw new RuntimeError(`pad must be non-negative, but got pad: ${p}`);
  kernel.forEach((k, d) => {
    if (padding[d]! <= Math.floor((dilation[d]! * (k - 1) + 1) / 2)) return;
    throw new RuntimeError(
      `pad should be at most half of effective kernel size, but got pad=${padding[d]}, kernel_size=${k} and dilation=${dilation[d]}`,
    );
  });
}

/** Pools over one dimension run as pools over two. */
function asPlane(x: Tensor, run: (x: Tensor) => Tensor): Tensor {
  return squeeze(run(unsqueeze(x, -2)), -2);
}

function averager(n: number) {
  const params = [
    tensor("input"),
    ints("kernel_size"),
    optInts("stride"),
    optInts("padding"),
    flag("ceil_mode", false),
    flag("count_include_pad", true),
    optAny<"divisor_override", number | null>("divisor_override", null),
  ] as const;
  return fn(`avg_pool${n}d`, params, (x, kernel_, stride_, padding_, ceil, include, override) => {
    const kernel = each("kernel_size", kernel_, n);
    const stride = stride_ === null || stride_.length === 0 ? kernel : each("stride", stride_, n);
    const padding = each("padding", padding_ ?? [0], n);
    const one = kernel.map(() => 1);
    checkWindow(`avg_pool${n}d`, kernel, stride, one);
    checkPadding(kernel, padding, one);
    if (n === 3 && x._shape.length !== 4 && x._shape.length !== 5) {
      throw new RuntimeError("non-empty 4D or 5D (batch mode) tensor expected for input");
    }
    if (override === 0) throw new RuntimeError("divisor must be not zero");
    if (n > 1)
      return call(
        n === 2 ? ops.avg_pool2d : ops.avg_pool3d,
        x,
        kernel,
        stride,
        padding,
        ceil,
        include,
        override,
      );
    return asPlane(x, (plane) =>
      call(ops.avg_pool2d, plane, [1, ...kernel], [1, ...stride], [0, ...padding], ceil, include, override),
    );
  });
}
export const avg_pool1d = averager(1);
export const avg_pool2d = averager(2);
export const avg_pool3d = averager(3);

function checkInput(x: Tensor, n: number): void {
  const rank = x._shape.length;
  const own = rank === n + 1 || rank === n + 2 ? x._shape.slice(rank === n + 2 ? 1 : 0) : [0];
  if (own.every((d) => d > 0)) return;
  if (n === 3) {
    const bad = own.indexOf(0) - (rank === 5 ? 1 : 0);
    throw new RuntimeError(
      `max_pool3d_with_indices_out_cpu_template(): Expected input's non-batch dimensions to have positive length, but input has a shape of ${formatShape(x._shape)} and non-batch dimension ${bad} has length zero!`,
    );
  }
  const name = n === 1 ? "max_pool1d: " : "";
  throw new RuntimeError(
    `${name}Expected ${n + 1}D or ${n + 2}D (batch mode) tensor with optional 0 dim batch size for input, but got:${formatShape(x._shape)}`,
  );
}

function checkOutput(
  x: Tensor,
  n: number,
  kernel: Dims,
  stride: Dims,
  padding: Dims,
  dilation: Dims,
  ceil: boolean,
): void {
  const own = x._shape.slice(x._shape.length - n);
  const size = own.map((d, i) => pooledSize(d, kernel[i]!, stride[i]!, padding[i]!, dilation[i]!, ceil));
  if (size.every((d) => d > 0)) return;
  if (n === 1) throw new RuntimeError(`max_pool1d() Invalid computed output size: ${size[0]}`);
  const planes = x._shape.at(-n - 1);
  const text = (dims: readonly number[]): string => `(${[planes, ...dims].join("x")})`;
  throw new RuntimeError(
    `Given input size: ${text(own)}. Calculated output size: ${text(size)}. Output size is too small`,
  );
}

function maximizer(n: number) {
  const params = [
    tensor("input"),
    ints("kernel_size"),
    optInts("stride"),
    optInts("padding"),
    optInts("dilation"),
    flag("ceil_mode", false),
    flag("return_indices", false),
  ] as const;
  return fn(`max_pool${n}d`, params, (x, kernel_, stride_, padding_, dilation_, ceil, indices): Tensor => {
    const kernel = each("kernel_size", kernel_, n);
    const stride = stride_ === null || stride_.length === 0 ? kernel : each("stride", stride_, n);
    const padding = each("padding", padding_ ?? [0], n);
    const dilation = each("dilation", dilation_ ?? [1], n);
    if (n === 1) checkInput(x, n);
    checkWindow(`max_pool${n}d`, kernel, stride, dilation);
    checkPadding(kernel, padding, dilation);
    if (n > 1) checkInput(x, n);
    checkOutput(x, n, kernel, stride, padding, dilation, ceil);
    const outs =
      n > 1
        ? callMulti(
            n === 2 ? ops.max_pool2d_with_indices : ops.max_pool3d_with_indices,
            1,
            x,
            kernel,
            stride,
            padding,
            dilation,
            ceil,
          )
        : callMulti(
            ops.max_pool2d_with_indices,
            1,
            unsqueeze(x, -2),
            [1, ...kernel],
            [1, ...stride],
            [0, ...padding],
            [1, ...dilation],
            ceil,
          ).map((t) => squeeze(t, -2));
    return indices ? (outs as unknown as Tensor) : outs[0]!;
  });
}
export const max_pool1d = maximizer(1);
export const max_pool2d = maximizer(2);
export const max_pool3d = maximizer(3);

type OutputSize = number | readonly (number | null)[];
function outputSize(kind: "avg" | "max", x: Tensor, size: OutputSize, n: number): number[] {
  const name = `adaptive_${kind}_pool${n}d`;
  const list = typeof size === "number" ? new Array<number>(n).fill(size) : size;
  if (n > 1 && list.length > 0 && x._shape.length <= list.length) {
    throw new ValueError(`Input dimension should be at least ${list.length + 1}`);
  }
  if (list.length !== n) {
    if (n === 1)
      throw new RuntimeError(`${name}() argument 'output_size' should contain one int (got ${list.length})`);
    throw new RuntimeError(
      kind === "avg"
        ? `${name}: output_size must be ${n}`
        : `${name}(): internal error: output_size.size() must be ${n}`,
    );
  }
  const full = (n === 1 ? [1, ...list] : list).map((s) => s ?? 0);
  if (full.some((s) => s < 0)) {
    if (kind === "max") {
      const lead = x._shape.slice(0, x._shape.length - n);
      const shape = formatShape([...lead, ...full]);
      throw new RuntimeError(
        `Trying to create tensor with negative dimension ${full.find((s) => s < 0)}: ${shape}`,
      );
    }
    const text = n === 3 ? `${full[0]}, ${full[1]},${full[2]}` : full.join(", ");
    throw new RuntimeError(
      `adaptive_avg_pool${Math.max(n, 2)}d: elements of output_size must be greater than or equal to 0 but received {${text}}`,
    );
  }
  const own = x._shape.slice(x._shape.length - n);
  return list.map((s, d) => s ?? own[d]!);
}
function adaptiveAverager(n: number) {
  return fn(
    `adaptive_avg_pool${n}d`,
    [tensor("input"), any<"output_size", OutputSize>("output_size")],
    (x, size) => {
      const out = outputSize("avg", x, size, n);
      const op = n === 3 ? ops.adaptive_avg_pool3d : ops.adaptive_avg_pool2d;
      const run = (t: Tensor, to: Dims): Tensor =>
        to.every((s) => s === 1)
          ? t.mean(
              to.map((_, d) => d - to.length),
              true,
            )
          : call1(op, t, to);
      return n === 1 ? asPlane(x, (t) => run(t, [1, ...out])) : run(x, out);
    },
  );
}
export const adaptive_avg_pool1d = adaptiveAverager(1);
export const adaptive_avg_pool2d = adaptiveAverager(2);
export const adaptive_avg_pool3d = adaptiveAverager(3);
function adaptiveMaximizer(n: number) {
  const params = [
    tensor("input"),
    any<"output_size", OutputSize>("output_size"),
    flag("return_indices", false),
  ] as const;
  return fn(`adaptive_max_pool${n}d`, params, (x, size, indices): Tensor => {
    const out = outputSize("max", x, size, n);
    const op = n === 3 ? ops.adaptive_max_pool3d : ops.adaptive_max_pool2d;
    const outs =
      n === 1
        ? callMulti(op, 1, unsqueeze(x, -2), [1, ...out]).map((t) => squeeze(t, -2))
        : callMulti(op, 1, x, out);
    return indices ? (outs as unknown as Tensor) : outs[0]!;
  });
}
export const adaptive_max_pool1d = adaptiveMaximizer(1);
export const adaptive_max_pool2d = adaptiveMaximizer(2);
export const adaptive_max_pool3d = adaptiveMaximizer(3);
