/** @file `cov` and `corrcoef`. */
import { bool, KIND_FLOAT } from "../../dtype.js";
import { RuntimeError } from "../../errors.js";
import type { Tensor } from "../../tensor.js";
import { warn } from "../../warnings.js";
import { call1 } from "../dispatch.js";
import { fromData } from "../from_data.js";
import { ops } from "../op.js";
import { optInt, optTensor, tensor } from "../parameters.js";
import { fn } from "../signature.js";

function checkWeights(name: "fweights" | "aweights", w: Tensor, observations: number): void {
  const say = (what: string): RuntimeError => new RuntimeError(`cov(): expected ${name} to have ${what}`);
  if (w._shape.length > 1) {
    throw say(`one or fewer dimensions but got ${name} with ${w._shape.length} dimensions`);
  }
  const floating = w.dtype.kind === KIND_FLOAT;
  if (floating !== (name === "aweights")) {
    const wanted = name === "aweights" ? "floating point" : "integral";
    throw say(`${wanted} dtype but got ${name} with ${w.dtype.scalarName} dtype`);
  }
  if (w._numel !== observations) {
    throw say(`the same numel as there are observations in the input but got ${w._numel} != ${observations}`);
  }
  if (observations > 0 && w.detach().min().item() < 0) {
    throw new RuntimeError(`cov(): ${name} cannot be negative`);
  }
}

/** What the sum of squares is divided by; a number where nothing weighs. */
function normalizer(
  w: Tensor | null,
  total: Tensor | null,
  aweights: Tensor | null,
  correction: number,
  n: number,
): Tensor {
  if (w === null || total === null) return fromData(BigInt(n - correction), null);
  if (correction === 0) return total;
  if (aweights === null) return total.sub(correction);
  return total.sub(call1(ops.mul_Scalar, w.mul(aweights).sum(), correction).div(total));
}

/** Covariances of variables (rows) over observations (columns), counted `fweights` times, weighed by `aweights`. */
export const cov = fn(
  "cov",
  [tensor("input"), optInt("correction", 1), optTensor("fweights"), optTensor("aweights")],
  (x, correction, fweights, aweights): Tensor => {
    if (x._shape.length > 2) {
      throw new RuntimeError(
        `cov(): expected input to have two or fewer dimensions but got an input with ${x._shape.length} dimensions`,
      );
    }
    if (x.dtype === bool) throw new RuntimeError("cov(): bool dtype is not supported for input");
    const rows = x._shape.length < 2 ? x.view([1, -1]) : x;
    const n = rows._shape[1]!;
    if (fweights !== null) checkWeights("fweights", fweights, n);
    if (aweights !== null) checkWeights("aweights", aweights, n);
    const w = fweights !== null && aweights !== null ? fweights.mul(aweights) : (fweights ?? aweights);
    const total = w === null ? null : w.sum();
    if (total !== null && total.item() === 0) {
      throw new RuntimeError("cov(): weights sum to zero, can't be normalized");
    }
    const sums = (w === null ? rows : rows.mul(w)).sum(1);
    const mean = sums.div(total ?? fromData(BigInt(n), null));
    const norm = normalizer(w, total, aweights, correction, n);
    const short = norm.item() <= 0;
    if (short)
      warn(
        "cov(): degrees of freedom is <= 0. Correction should be strictly less than the number of observations.",
      );
    const centred = rows.sub(mean.unsqueeze(1));
    const products = centred.mm((w === null ? centred : centred.mul(w)).t());
    return products.div(short ? norm.mul(0) : norm).squeeze();
  },
);

/** Pearson's correlation of variables (rows) over observations (columns). */
export const corrcoef = fn("corrcoef", [tensor("input")], (x): Tensor => {
  if (x._shape.length > 2) {
    throw new RuntimeError(
      `corrcoef(): expected input to have two or fewer dimensions but got an input with ${x._shape.length} dimensions`,
    );
  }
  const c = cov(x);
  if (c._shape.length === 0) return c.div(c);
  const deviation = c.diag().sqrt();
  return c
    .div(deviation.view([-1, 1]))
    .div(deviation.view([1, -1]))
    .clamp(-1, 1);
});
