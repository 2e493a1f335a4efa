/** @file Draws with a parameter for each element: `bernoulli`, `normal`, `poisson`, `multinomial`. */
import { int64, KIND_FLOAT } from "../../dtype.js";
import { NotImplementedError, RuntimeError } from "../../errors.js";
import { contiguousOf, wrapArray } from "../../kernels/copy.js";
import { fillRandomFromTo } from "../../random/discrete.js";
import { defaultGenerator } from "../../random/generator.js";
import { multinomial as draw } from "../../random/sampling.js";
import type { FloatArray } from "../../random/uniform.js";
import { sizeOf } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { created, empty_like, type TensorOptions, zeros } from "../creation.js";
import { call, call1, finish } from "../dispatch.js";
import { ops } from "../op.js";
import {
  flag,
  int,
  operand,
  optAny,
  optFloat,
  optGenerator,
  optInt,
  optOperand,
  tensor,
} from "../parameters.js";
import { bernoulli_, normal_ } from "../random_fill.js";
import { fn, install, type Method } from "../signature.js";

const generator = optGenerator;
function checkFloat(kernel: string, t: Tensor): void {
  if (t.dtype.kind === KIND_FLOAT) return;
  throw new NotImplementedError(`"${kernel}" not implemented for '${t.dtype.scalarName}'`);
}

/** Ones with the probabilities `input`, or with the same probability `p` everywhere. */
export const bernoulli = fn(
  "bernoulli",
  [tensor("input"), optFloat("p", null), generator],
  (x, p, gen): Tensor => {
    if (p !== null) return bernoulli_(empty_like(x.detach()), p, gen ?? defaultGenerator);
    checkFloat("bernoulli_tensor_cpu_p_", x);
    return call1(ops.bernoulli, x, gen ?? defaultGenerator);
  },
);

function checkDeviation(std: Tensor | number): void {
  if (typeof std === "number") {
    if (!(std >= 0)) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`);
  } else if (std._numel > 0 && std.detach().min().item() < 0) {
    throw new RuntimeError("normal expects all elements of std >= 0.0");
  }
}

type Sizes = readonly number[] | null;
/** Normal samples of mean `mean` and deviation `std`: tensors, or numbers with a `size`. */
export const normal = fn(
  "normal",
  [operand("mean"), optOperand("std"), optAny<"size", Sizes>("size", null), generator],
  (mean, std_, size, gen_): Tensor => {
    const std = std_ ?? 1;
    const gen = gen_ ?? defaultGenerator;
    checkDeviation(std);
    if (typeof mean === "number" && typeof std === "number") {
      return normal_(zeros(size ?? []), mean, std, gen);
    }
    if (typeof mean === "number") {
      checkFloat("normal_kernel_cpu", std as Tensor);
      return call(ops.normal_float_Tensor, mean, std, gen);
    }
    checkFloat("normal_kernel_cpu", mean);
    if (typeof std === "number") return call(ops.normal_Tensor_float, mean, std, gen);
    return call(ops.normal_Tensor_Tensor, mean, std, gen);
  },
);

/** Counts with the rates `input`. */
export const poisson = fn("poisson", [tensor("input"), generator], (x, gen): Tensor => {
  checkFloat("poisson_cpu", x);
  return call1(ops.poisson, x, gen ?? defaultGenerator);
});

/** Positions drawn with the weights `input`, row by row. */
export const multinomial = fn(
  "multinomial",
  [tensor("input"), int("num_samples"), flag("replacement", false), generator],
  (x, samples, replacement, gen): Tensor => {
    const rank = x._shape.length;
    if (rank !== 1 && rank !== 2) throw new RuntimeError("prob_dist must be 1 or 2 dim");
    if (x.dtype.kind !== KIND_FLOAT) {
      throw new RuntimeError(
        `multinomial only supports floating-point dtypes for input, got: ${x.dtype.scalarName}`,
      );
    }
    if (samples <= 0) throw new RuntimeError("cannot sample n_sample <= 0 samples");
    const categories = x._shape.at(-1)!;
    if (!replacement && samples > categories) {
      throw new RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement");
    }
    const c = contiguousOf(x);
    const weights = (c._storage.data as FloatArray).slice(c._offset, c._offset + x._numel);
    const found = draw(weights, categories, samples, replacement, gen ?? defaultGenerator);
    return finish("multinomial", [x], wrapArray(found, sizeOf([...x._shape.slice(0, -1), samples]), int64));
  },
);

/** Integers of [low, high) (or of [0, low)) in the likeness of `input`. */
export const randint_like = fn(
  "randint_like",
  [
    tensor("input"),
    int("low"),
    optInt("high", null),
    optAny<"dtype", TensorOptions["dtype"]>("dtype", null),
    optAny<"device", string | null>("device", null),
    flag("requires_grad", false),
  ],
  (x, low, high, dtype, device, requires_grad): Tensor => {
    const out = empty_like(x, { dtype: dtype ?? x.dtype });
    const [from, to] = high === null ? [0, low] : [low, high];
    fillRandomFromTo(out._storage.data, from, to, defaultGenerator);
    return created(out, "randint_like", { device, requires_grad });
  },
);

declare module "../../tensor.js" {
  interface Tensor {
    bernoulli: Method<typeof bernoulli>;
    multinomial: Method<typeof multinomial>;
  }
}

install({ bernoulli, multinomial });
