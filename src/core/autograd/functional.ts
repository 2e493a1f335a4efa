/** @file `torch.autograd.functional`: derivatives of functions, not of graphs. */
import { PyTypeError, pythonTypeName, RuntimeError } from "../errors.js";
import { stack } from "../functions/shape.js";
import { zerosOf } from "../ops/make.js";
import { sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { grad } from "./engine.js";
import { enable_grad } from "./grad_mode.js";

type Many = Tensor | readonly Tensor[];
/** A function of one tensor, or of as many as it is given. */
export type TensorFunction<R = Many> = (...inputs: Tensor[]) => R;

export interface FunctionalOptions {
  /** Record the result, for derivatives of it. */
  create_graph?: boolean;
  /** Refuse outputs that do not depend on an input. */
  strict?: boolean;
}

const list = (value: Many): readonly Tensor[] => (Array.isArray(value) ? value : [value as Tensor]);
const like = <T>(model: unknown, values: readonly T[]): T | T[] =>
  Array.isArray(model) ? [...values] : values[0]!;

/** Inputs that take gradients: the caller's own where the result is recorded, else copies. */
function prepared(inputs: Many, create: boolean, what: string, where: string): Tensor[] {
  return list(inputs).map((t, i) => {
    if (!(t instanceof Tensor)) {
      throw new PyTypeError(
        `The ${what} given to ${where} must be either a Tensor or a tuple of Tensors but the value at index ${i} has type <class '${pythonTypeName(t)}'>.`,
      );
    }
    return create && t.requires_grad ? t.view_as(t) : t.detach().requires_grad_(true);
  });
}

/** What the user's function returned, checked. */
function evaluated(raw: Many, where: string): readonly Tensor[] {
  const outputs = list(raw);
  outputs.forEach((t, i) => {
    if (t instanceof Tensor) return;
    throw new PyTypeError(
      `The outputs of the user-provided function given to ${where} must be either a Tensor or a tuple of Tensors but the value at index ${i} has type <class '${pythonTypeName(t)}'>.`,
    );
  });
  return outputs;
}

/** The given vector checked against what it multiplies; ones where a single element needs none. */
function vectors(v: Many | null | undefined, against: readonly Tensor[], what: string): Tensor[] {
  if (v === null || v === undefined) {
    if (against.length !== 1 || against[0]!._numel !== 1) {
      throw new RuntimeError(`The vector v can only be None if ${what}`);
    }
    return [zerosOf(against[0]!._shape, against[0]!.dtype).fill_(1)];
  }
  const given = list(v);
  if (given.length !== against.length) {
    throw new RuntimeError(
      `v is a tuple of invalid length: should be ${against.length} but got ${given.length}.`,
    );
  }
  return given.map((t, i) => {
    if (sameShape(t._shape, against[i]!._shape)) return t;
    throw new RuntimeError(`v has invalid size: should be ${against[i]!._shape} but got ${t._shape}.`);
  });
}

/** Gradients, zeros where there are none (refused if strict). */
function gradients(
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  v: readonly (Tensor | null)[],
  create: boolean,
  strict: boolean,
): Tensor[] {
  const taken = outputs.flatMap((t, i) => (t.requires_grad ? [i] : []));
  if (strict && taken.length < outputs.length) {
    const i = outputs.findIndex((t) => !t.requires_grad);
    throw new RuntimeError(
      `Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.`,
    );
  }
  if (taken.length === 0) return inputs.map((t) => zerosOf(t._shape, t.dtype));
  const found = grad(
    taken.map((i) => outputs[i]!),
    inputs,
    taken.map((i) => v[i] ?? null),
    { create_graph: create, retain_graph: true, allow_unused: true },
  ) as (Tensor | null)[];
  return found.map((g, i) => {
    if (g !== null) return g;
    if (strict) {
      throw new RuntimeError(
        `The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
      );
    }
    return zerosOf(inputs[i]!._shape, inputs[i]!.dtype);
  });
}

function finished(values: readonly Tensor[], create: boolean): Tensor[] {
  return values.map((t) => (create ? t : t.detach()));
}

/** Vector–Jacobian product: `[outputs, vᵀJ]`. `v` may be left out for a single element. */
export function vjp(
  func: TensorFunction,
  inputs: Many,
  v: Many | null = null,
  options: FunctionalOptions = {},
): [outputs: Many, vjp: Many] {
  const create = options.create_graph ?? false;
  return enable_grad(() => {
    const xs = prepared(inputs, create, "inputs", "vjp");
    const raw = func(...xs);
    const outputs = evaluated(raw, "vjp");
    const vs = vectors(
      v,
      outputs,
      "the user-provided function returns a single Tensor with a single element.",
    );
    const found = gradients(outputs, xs, vs, create, options.strict ?? false);
    return [like(raw, finished(outputs, create)) as Many, like(inputs, finished(found, create)) as Many];
  });
}

/** Jacobian–vector product: `[outputs, Jv]`, by differentiating the vector–Jacobian product (double backward). */
export function jvp(
  func: TensorFunction,
  inputs: Many,
  v: Many | null = null,
  options: FunctionalOptions = {},
): [outputs: Many, jvp: Many] {
  const create = options.create_graph ?? false;
  return enable_grad(() => {
    const xs = prepared(inputs, create, "inputs", "jvp");
    const vs = vectors(
      v,
      xs,
      "the input to the user-provided function is a single Tensor with a single element.",
    );
    const raw = func(...xs);
    const outputs = evaluated(raw, "jvp");
    // vᵀJ is linear in this dummy: its derivative along v is Jv.
    const dummies = outputs.map((t) => zerosOf(t._shape, t.dtype).requires_grad_(true));
    const back = gradients(outputs, xs, dummies, true, options.strict ?? false);
    const found = gradients(back, dummies, vs, create, false);
    return [like(raw, finished(outputs, create)) as Many, like(raw, finished(found, create)) as Many];
  });
}

/** Jacobian of one output and one input, or nested by outputs, then inputs. */
export function jacobian(
  func: TensorFunction,
  inputs: Many,
  options: FunctionalOptions = {},
): Tensor | Tensor[] | Tensor[][] {
  const create = options.create_graph ?? false;
  return enable_grad(() => {
    const xs = prepared(inputs, create, "inputs", "jacobian");
    const raw = func(...xs);
    const rows = evaluated(raw, "jacobian").map((output) =>
      like(inputs, finished(jacobianOf(output, xs, create, options.strict ?? false), create)),
    );
    return like(raw, rows) as Tensor | Tensor[] | Tensor[][];
  });
}

/** One backward pass for each element of the output. */
function jacobianOf(output: Tensor, xs: readonly Tensor[], create: boolean, strict: boolean): Tensor[] {
  const flat = output.reshape(-1);
  const rows: Tensor[][] = xs.map(() => []);
  for (let i = 0; i < flat._numel; i++) {
    const found = gradients([flat.select(0, i)], xs, [null], create, strict);
    found.forEach((g, k) => void rows[k]!.push(g));
  }
  return rows.map((parts, k) => {
    const shape = [...output._shape, ...xs[k]!._shape];
    return parts.length === 0 ? zerosOf(shape, xs[k]!.dtype) : stack(parts).view(shape);
  });
}

function scalarOf(raw: Many, where: string): Tensor {
  const outputs = list(raw);
  const [out] = outputs;
  if (outputs.length !== 1 || out === undefined) {
    throw new RuntimeError(`The function given to ${where} should return a single Tensor`);
  }
  if (out._numel !== 1) {
    throw new RuntimeError(
      `The Tensor returned by the function given to ${where} should contain a single element`,
    );
  }
  return out.squeeze();
}

/** Matrix of second derivatives of a scalar function; nested by both inputs where there are several. */
export function hessian(
  func: TensorFunction,
  inputs: Many,
  options: FunctionalOptions = {},
): Tensor | Tensor[] | Tensor[][] {
  const first = (...xs: Tensor[]): Many => {
    const value = scalarOf(func(...xs), "hessian");
    return like(inputs, gradients([value], xs, [null], true, options.strict ?? false)) as Many;
  };
  return jacobian(first, inputs, options);
}

/** `[output, vᵀH]` of a scalar function. */
export function vhp(
  func: TensorFunction,
  inputs: Many,
  v: Many | null = null,
  options: FunctionalOptions = {},
): [output: Many, vhp: Many] {
  const create = options.create_graph ?? false;
  return enable_grad(() => {
    const xs = prepared(inputs, create, "inputs", "vhp");
    const vs = vectors(
      v,
      xs,
      "the input to the user-provided function is a single Tensor with a single element.",
    );
    const value = scalarOf(func(...xs), "vhp");
    const strict = options.strict ?? false;
    const found = gradients(gradients([value], xs, [null], true, strict), xs, vs, create, strict);
    return [finished([value], create)[0]!, like(inputs, finished(found, create)) as Many];
  });
}

/** `[output, Hv]` of a scalar function: the Hessian is symmetric. */
export const hvp: typeof vhp = vhp;
