/** @file `torch.nn.utils`: gradients clipped by norm or value, parameters as one vector. */
import { no_grad } from "../autograd/grad_mode.js";
import { PyTypeError, pythonTypeName, RuntimeError } from "../errors.js";
import { cat, stack } from "../functions/shape.js";
import { tensor } from "../ops/creation.js";
import { Tensor } from "../tensor.js";

type Parameters = Tensor | Iterable<Tensor>;

function gradsOf(parameters: Parameters): Tensor[] {
  const list = parameters instanceof Tensor ? [parameters] : [...parameters];
  return list.flatMap((p) => (p._grad === null ? [] : [p._grad]));
}

export interface NormOptions {
  /** Order of the norm (default 2); `Infinity` takes the largest absolute value. */
  norm_type?: number;
  /** Throw where the norm is infinite or not a number. */
  error_if_nonfinite?: boolean;
}

/** The norm of all gradients as of one vector. */
export function get_total_norm(tensors: Iterable<Tensor>, options: NormOptions = {}): Tensor {
  const list = [...tensors];
  const p = options.norm_type ?? 2;
  if (list.length === 0) return tensor(0);
  const norms = list.map((t) => t.norm({ p }));
  const total = stack(norms).norm({ p });
  if (options.error_if_nonfinite === true && !Number.isFinite(total.item())) {
    throw new RuntimeError(
      `The total norm of order ${float(p)} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set \`error_if_nonfinite=False\``,
    );
  }
  return total;
}

const float = (p: number): string =>
  Number.isInteger(p) ? `${p}.0` : p === Number.POSITIVE_INFINITY ? "inf" : String(p);

/** Scales gradients so that their norm is at most `max_norm`, in place; answers the norm before. */
export function clip_grad_norm_(
  parameters: Parameters,
  max_norm: number,
  options: NormOptions | number = {},
): Tensor {
  const opts = typeof options === "number" ? { norm_type: options } : options;
  return no_grad(() => {
    const grads = gradsOf(parameters);
    const total = get_total_norm(grads, opts);
    // A factor of 1 multiplies too: values are the same, and no branch depends on them.
    const factor = total.add(1e-6).reciprocal().mul(max_norm).clamp({ max: 1 });
    for (const g of grads) g.mul_(factor);
    return total;
  });
}

/** Limits every element of the gradients to ±`clip_value`, in place. */
export function clip_grad_value_(parameters: Parameters, clip_value: number): void {
  no_grad(() => {
    for (const g of gradsOf(parameters)) g.clamp_({ min: -clip_value, max: clip_value });
  });
}

/** All parameters, flattened, one after the other. */
export function parameters_to_vector(parameters: Iterable<Tensor>): Tensor {
  return cat([...parameters].map((p) => p.view(-1)));
}

/** Lays the vector over the parameters, as `parameters_to_vector` took them apart: they become views of it. */
export function vector_to_parameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  if (!(vec instanceof Tensor)) {
    throw new PyTypeError(`expected torch.Tensor, but got: <class '${pythonTypeName(vec)}'>`);
  }
  let at = 0;
  for (const p of parameters) {
    p.data = vec.narrow(0, at, p._numel).view_as(p).data;
    at += p._numel;
  }
}
