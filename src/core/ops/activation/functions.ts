/** @file Activation functions of `nn.functional`; `inplace` writes over the input. */
import { float64 } from "../../dtype.js";
import { RuntimeError, ValueError } from "../../errors.js";
import { newTensor } from "../../kernels/copy.js";
import { normalizeDim, sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { call, call1 } from "../dispatch.js";
import { fullLike } from "../make.js";
import { type Op, ops } from "../op.js";
import { flag, optDType, optInt, optScalar, scalar, tensor, text } from "../parameters.js";
import { softmax as softmaxOp } from "../reduction.js";
import { view } from "../shape_ops.js";
import { fn } from "../signature.js";
import { callInplace } from "../write.js";

const plain = [tensor("input")] as const;
const maybeInplace = [tensor("input"), flag("inplace", false)] as const;

function run(op: Op, inplace: boolean, self: Tensor, ...rest: unknown[]): Tensor {
  return inplace ? callInplace(op, self, ...rest) : call(op, self, ...rest);
}

/** max(x, 0). */
export const relu = fn("relu", maybeInplace, (x, inplace) => run(ops.relu, inplace, x));
/** x above 0, `negative_slope` · x below. */
export const leaky_relu = fn(
  "leaky_relu",
  [tensor("input"), optScalar("negative_slope", 0.01), flag("inplace", false)],
  (x, slope, inplace) => run(ops.leaky_relu, inplace, x, slope),
);
/** x above 0, α (eˣ − 1) below. */
export const elu = fn(
  "elu",
  [tensor("input"), optScalar("alpha", 1), flag("inplace", false)],
  (x, alpha, inplace) => run(ops.elu, inplace, x, alpha, 1, 1),
);

const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;
/** ELU scaled so that layers keep mean 0 and variance 1. */
export const selu = fn("selu", maybeInplace, (x, inplace) =>
  run(ops.elu, inplace, x, SELU_ALPHA, SELU_SCALE, 1),
);
/** x above 0, α (e^(x/α) − 1) below. */
export const celu = fn(
  "celu",
  [tensor("input"), optScalar("alpha", 1), flag("inplace", false)],
  (x, alpha, inplace) => run(ops.celu, inplace, x, alpha),
);
/** x σ(x). */
export const silu = fn("silu", maybeInplace, (x, inplace) => run(ops.silu, inplace, x));
/** x tanh softplus x. */
export const mish = fn("mish", maybeInplace, (x, inplace) => run(ops.mish, inplace, x));
/** x Φ(x), or its approximation by `"tanh"`. */
export const gelu = fn("gelu", [tensor("input"), text("approximate", "none")], (x, approximate) => {
  if (approximate !== "none" && approximate !== "tanh") {
    throw new RuntimeError("approximate argument must be either none or tanh.");
  }
  return call1(ops.gelu, x, approximate);
});
/** ln(1 + e^(βx)) / β, and x itself above `threshold`. */
export const softplus = fn(
  "softplus",
  [tensor("input"), optScalar("beta", 1), optScalar("threshold", 20)],
  (x, beta, threshold) => call1(ops.softplus, x, beta, threshold),
);

/** Limits to [min_val, max_val]; the gradient is 0 at the limits too. */
export const hardtanh = fn(
  "hardtanh",
  [tensor("input"), optScalar("min_val", -1), optScalar("max_val", 1), flag("inplace", false)],
  (x, min, max, inplace) => {
    if (min > max) throw new ValueError("min_val cannot be greater than max_val");
    return run(ops.hardtanh, inplace, x, min, max);
  },
);
export const relu6 = fn("relu6", maybeInplace, (x, inplace) => run(ops.hardtanh, inplace, x, 0, 6));
/** x · relu6(x + 3) / 6. */
export const hardswish = fn("hardswish", maybeInplace, (x, inplace) => run(ops.hardswish, inplace, x));
/** relu6(x + 3) / 6. */
export const hardsigmoid = fn("hardsigmoid", maybeInplace, (x, inplace) => run(ops.hardsigmoid, inplace, x));
/** 0 within ±`lambd`. */
export const hardshrink = fn("hardshrink", [tensor("input"), optScalar("lambd", 0.5)], (x, lambd) =>
  call1(ops.hardshrink, x, lambd),
);
/** Towards 0 by `lambd`. */
export const softshrink = fn("softshrink", [tensor("input"), optScalar("lambd", 0.5)], (x, lambd) => {
  if (lambd < 0) {
    throw new RuntimeError(
      `lambda must be in range [0, ${x.dtype.name === "float32" ? "3.40282e+38" : "1.79769e+308"}] for input dtype ${x.dtype.scalarName}, but found ${lambd}`,
    );
  }
  return call1(ops.softshrink, x, lambd);
});
/** ln σ(x). */
export const logsigmoid = fn("logsigmoid", plain, (x) => call1(ops.log_sigmoid, x));
/** `value` where x ≤ `threshold`. */
export const threshold = fn(
  "threshold",
  [tensor("input"), scalar("threshold"), scalar("value"), flag("inplace", false)],
  (x, limit, value, inplace) => run(ops.threshold, inplace, x, limit, value),
);
/** x / (1 + |x|). */
export const softsign = fn("softsign", plain, (x) => x.div(x.abs().add(1)));
/** x − tanh x. */
export const tanhshrink = fn("tanhshrink", plain, (x) => x.sub(x.tanh()));

/** The first half along `dim` times the sigmoid of the second. */
export const glu = fn("glu", [tensor("input"), optInt("dim", -1)], (x, dim) => {
  if (x._shape.length === 0) {
    throw new RuntimeError("glu does not support scalars because halving size must be even");
  }
  const d = normalizeDim(dim, x._shape.length);
  if (x._shape[d]! % 2 !== 0) {
    throw new RuntimeError(`Halving dimension must be even, but dimension ${d} is size ${x._shape[d]}`);
  }
  return call1(ops.glu, x, d);
});

/** x above 0, `weight` · x below; one weight, or one for each channel (dimension 1). */
export const prelu = fn("prelu", [tensor("input"), tensor("weight")], (x, weight) => {
  if (weight._shape.length > 1) {
    throw new RuntimeError(
      `prelu: Expected \`weight\` to be a scalar or 1D tensor, but got: ndim = ${weight._shape.length}`,
    );
  }
  if (weight._numel !== 1) {
    if (x._shape.length === 0) throw new RuntimeError("Not allow zero-dim input tensor.");
    const channels = x._shape.length >= 2 ? x._shape[1]! : 1;
    if (channels !== weight._numel) {
      throw new RuntimeError(
        `Mismatch of parameter numbers and input channel size. Found parameter numbers = ${weight._numel} and channel size = ${channels}.`,
      );
    }
  }
  const lined =
    x._shape.length === weight._shape.length && weight._shape.length !== 2 ? weight : perChannel(x, weight);
  return call(ops._prelu_kernel, x, lined);
});

/** The weight seen along dimension 1 of `x`. */
function perChannel(x: Tensor, weight: Tensor): Tensor {
  const n = x._shape.length;
  return view(
    weight,
    Array.from({ length: n }, (_, d) => (d === 1 || (d === 0 && n < 2) ? weight._numel : 1)),
  );
}

/** leaky_relu with slopes drawn from [lower, upper] in training, their mean otherwise. */
export const rrelu = fn(
  "rrelu",
  [
    tensor("input"),
    optScalar("lower", 1 / 8),
    optScalar("upper", 1 / 3),
    flag("training", false),
    flag("inplace", false),
  ],
  (x, lower, upper, training, inplace) => {
    if (lower > upper) throw new RuntimeError("Lower bound should be less than or equal to the upper bound");
    if (!training) {
      const slope = (lower + upper) / 2;
      return run(
        ops.rrelu_with_noise,
        inplace,
        x,
        fullLike(x.detach(), 1).masked_fill_(x.detach().le(0), slope),
      );
    }
    return run(ops.rrelu_with_noise, inplace, x, slopes(x, lower, upper));
  },
);

function slopes(x: Tensor, lower: number, upper: number): Tensor {
  // One draw for each element that needs a slope, in order.
  const below = x.detach().le(0);
  const drawn = newTensor(sizeOf([Number(below.sum().item())]), float64).uniform_(lower, upper);
  return fullLike(x.detach(), 1).masked_scatter_(below, drawn.to(x.dtype));
}

const legacyDim = (ndim: number): number => (ndim === 0 || ndim === 1 || ndim === 3 ? 0 : 1);

/** Softmax of −x. */
export const softmin = fn(
  "softmin",
  [tensor("input"), optInt("dim", null), optDType("dtype")],
  (x, dim, dtype) => softmaxOp("softmax", x.neg(), dim ?? legacyDim(x._shape.length), dtype ?? undefined),
);
