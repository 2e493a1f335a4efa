/** @file Random numbers written into existing tensors. */
import { float32, float64, KIND_FLOAT } from "../dtype.js";
import { NotImplementedError, RuntimeError } from "../errors.js";
import { castTo, contiguousOf, copyInto, newTensor } from "../kernels/copy.js";
import { expand } from "../kernels/views.js";
import { observer } from "../observe.js";
import {
  fillBernoulli,
  fillBernoulliEach,
  fillGeometric,
  fillRandom,
  fillRandomFromTo,
} from "../random/discrete.js";
import { defaultGenerator, type Generator } from "../random/generator.js";
import { fillLogNormal, fillNormal } from "../random/normal.js";
import { type FloatArray, fillCauchy, fillExponential, fillUniform } from "../random/uniform.js";
import type { TypedArray } from "../storage.js";
import type { Tensor } from "../tensor.js";
import { float, optAny, optFloat, optGenerator, optInt, tensor } from "./parameters.js";
import { fn, install, type Method } from "./signature.js";
import { beforeWrite } from "./write.js";

const generator = optGenerator;
function fillRandomly(name: string, self: Tensor, draw: (out: TypedArray) => void): Tensor {
  beforeWrite(self);
  const values = newTensor(self._shape, self.dtype);
  if (values._numel > 0) draw(values._storage.data);
  copyInto(self, values, self.dtype);
  self._storage.version++;
  if (observer !== null) observer.onOp?.(name, [self], [self], null);
  return self;
}

function checkFloat(kernel: string, self: Tensor): void {
  if (self.dtype.kind === KIND_FLOAT) return;
  throw new NotImplementedError(`"${kernel}" not implemented for '${self.dtype.scalarName}'`);
}

/** Independent normal samples. */
export function normal_(self: Tensor, mean = 0, std = 1, generator: Generator = defaultGenerator): Tensor {
  checkFloat("normal_kernel_cpu", self);
  return fillRandomly("normal_", self, (out) =>
    fillNormal(out as FloatArray, mean, std, generator, { contiguous: self._contiguous }),
  );
}

/** Independent uniform samples from [from, to). */
export function uniform_(self: Tensor, from = 0, to = 1, generator: Generator = defaultGenerator): Tensor {
  checkFloat("check_uniform_bounds", self);
  return fillRandomly("uniform_", self, (out) => fillUniform(out as FloatArray, from, to, generator));
}

/** Ones with probability `p`: a number, or a tensor with one for each element. */
export function bernoulli_(
  self: Tensor,
  p: number | Tensor = 0.5,
  generator: Generator = defaultGenerator,
): Tensor {
  if (typeof p === "number")
    return fillRandomly("bernoulli_", self, (out) => fillBernoulli(out, p, generator));
  const dtype = p.dtype === float64 ? float64 : float32;
  const each = castTo(contiguousOf(expand(p, self._shape)), dtype);
  const values = (each._storage.data as FloatArray).subarray(each._offset, each._offset + self._numel);
  return fillRandomly("bernoulli_", self, (out) => fillBernoulliEach(out, values as FloatArray, generator));
}

function checkContinuous(title: string, self: Tensor): void {
  if (self.dtype.kind === KIND_FLOAT) return;
  throw new RuntimeError(
    `${title} distribution is a continuous probability distribution. dtype must be a floating point but you specified ${self.dtype.scalarName}`,
  );
}

/** Exponential samples of rate `lambd`. */
const exponential_ = fn("exponential_", [tensor("input"), optFloat("lambd", 1), generator], (x, lambd, g) => {
  checkContinuous("Exponential", x);
  return fillRandomly("exponential_", x, (out) => fillExponential(out as FloatArray, lambd, g ?? undefined));
});

/** Cauchy samples. */
const cauchy_ = fn(
  "cauchy_",
  [tensor("input"), optFloat("median", 0), optFloat("sigma", 1), generator],
  (x, median, sigma, g) => {
    checkContinuous("Cauchy", x);
    return fillRandomly("cauchy_", x, (out) => fillCauchy(out as FloatArray, median, sigma, g ?? undefined));
  },
);

/** exp of normal samples. */
const log_normal_ = fn(
  "log_normal_",
  [tensor("input"), optFloat("mean", 1), optFloat("std", 2), generator],
  (x, mean, std, g) => {
    checkFloat("log_normal_cpu", x);
    return fillRandomly("log_normal_", x, (out) =>
      fillLogNormal(out as FloatArray, mean, std, g ?? undefined),
    );
  },
);

/** The number of trials up to the first success of probability `p`. */
const geometric_ = fn("geometric_", [tensor("input"), float("p"), generator], (x, p, g) =>
  fillRandomly("geometric_", x, (out) => fillGeometric(out, p, g ?? undefined)),
);

/** Integers of [from, to), of [0, from), or of all that the type holds exactly. */
const random_ = fn(
  "random_",
  [tensor("input"), optInt("from", null), optInt("to", null), generator],
  (x, from, to, g) => {
    if (from === null)
      return fillRandomly("random_", x, (out) => fillRandom(out, x.dtype.name, g ?? undefined));
    const [low, high] = to === null ? [0, from] : [from, to];
    return fillRandomly("random_", x, (out) => fillRandomFromTo(out, low, high, g ?? undefined));
  },
);

const flips_ = fn(
  "bernoulli_",
  [tensor("input"), optAny<"p", number | Tensor>("p", 0.5), generator],
  (x, p, g) => bernoulli_(x, p, g ?? undefined),
);

declare module "../tensor.js" {
  interface Tensor {
    bernoulli_: Method<typeof flips_>;
    exponential_: Method<typeof exponential_>;
    cauchy_: Method<typeof cauchy_>;
    log_normal_: Method<typeof log_normal_>;
    geometric_: Method<typeof geometric_>;
    random_: Method<typeof random_>;
  }
}

install({ bernoulli_: flips_, exponential_, cauchy_, log_normal_, geometric_, random_ });
