/** @file `torch.func.grad`, `vjp`, `jvp`, `jacrev`, `hessian`: functions made of functions. */
import { enable_grad } from "../autograd/grad_mode.js";
import { RuntimeError } from "../errors.js";
import { stack } from "../functions/shape.js";
import { zerosOf } from "../ops/make.js";
import { sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { Level, tensorsOnly } from "./level.js";
import { leavesOf, mapLeaves, shapeText, specText, type Tree, typeText } from "./tree.js";

// biome-ignore lint/suspicious/noConfusingVoidType: functions of any kind go in
type AnyFunction = (...args: never[]) => unknown | void;
type Transformed<F extends AnyFunction> = (...args: Parameters<F>) => Tree;
export type Argnums = number | readonly number[];

export interface GradFnOptions {
  /** Which arguments to differentiate by (default 0): one, or several for several results. */
  argnums?: Argnums;
  /** The function returns `[output, aux]`; `aux` is handed through. */
  has_aux?: boolean;
}

function optionsOf(given: Argnums | GradFnOptions): Required<GradFnOptions> {
  const options = typeof given === "object" && !Array.isArray(given) ? (given as GradFnOptions) : null;
  const argnums = options === null ? (given as Argnums) : (options.argnums ?? 0);
  const valid = typeof argnums === "number" || Array.isArray(argnums);
  if (!valid) {
    throw new RuntimeError(`argnums must be int or Tuple[int, ...], got: ${typeText(argnums)}`);
  }
  return { argnums, has_aux: options?.has_aux ?? false };
}

/** The arguments with those to differentiate by lifted; `chosen` has the lifted ones as `argnums` has them. */
function liftArguments(
  level: Level,
  args: readonly unknown[],
  argnums: Argnums,
): [all: unknown[], chosen: unknown] {
  const all = [...args];
  const lift = (n: number): unknown => {
    const at = n < 0 ? n + args.length : n;
    if (at < 0 || at >= args.length) {
      throw new RuntimeError(`Got argnum=${n}, but only ${args.length} positional inputs`);
    }
    all[at] = level.lift(args[at]);
    return all[at];
  };
  return [all, typeof argnums === "number" ? lift(argnums) : argnums.map(lift)];
}

function withAux(where: string, result: unknown, hasAux: boolean): [output: unknown, aux: unknown] {
  if (!hasAux) return [result, null];
  if (Array.isArray(result) && result.length === 2) return [result[0], result[1]];
  throw new RuntimeError(
    `${where}: output of function f should be a tuple: (output, aux) if has_aux is True`,
  );
}

/** Runs `body` with a level of its own, recording. */
function onLevel<R>(body: (level: Level) => R): R {
  const level = new Level();
  return enable_grad(() => body(level));
}

const run = (func: AnyFunction, args: readonly unknown[]): unknown =>
  (func as (...a: unknown[]) => unknown)(...args);

/** A function that answers `[gradients, value]`, or `[gradients, [value, aux]]`. */
export function grad_and_value<F extends AnyFunction>(
  func: F,
  options: Argnums | GradFnOptions = 0,
): (...args: Parameters<F>) => [gradients: Tree, value: unknown] {
  return (...args) =>
    onLevel((level) => {
      const { argnums, has_aux } = optionsOf(options);
      const [all, chosen] = liftArguments(level, args, argnums);
      const where = "grad_and_value(f)(*args)";
      const [output, aux] = withAux(where, run(func, all), has_aux);
      if (!(output instanceof Tensor)) {
        throw new RuntimeError(`${where}: Expected f(*args) to return a Tensor, got ${typeText(output)}`);
      }
      const rank = output._shape.length;
      if (rank !== 0) {
        throw new RuntimeError(
          `${where}: Expected f(*args) to return a scalar Tensor, got tensor with ${rank} dims. Maybe you wanted to use the vjp or jacrev APIs instead?`,
        );
      }
      const grads = level.gradients([output], [null]);
      const value = level.lower(output);
      return [mapLeaves(chosen, (_, i) => grads[i]) as Tree, has_aux ? [value, level.lower(aux)] : value];
    });
}

/** A function that answers the gradients of `func`'s scalar result; with `has_aux`, `[gradients, aux]`. */
export function grad<F extends AnyFunction>(
  func: F,
  options: { has_aux: true; argnums?: Argnums },
): (...args: Parameters<F>) => [gradients: Tree, aux: unknown];
export function grad<F extends AnyFunction>(func: F, options?: number): (...args: Parameters<F>) => Tensor;
export function grad<F extends AnyFunction>(func: F, options: Argnums | GradFnOptions): Transformed<F>;
export function grad<F extends AnyFunction>(
  func: F,
  options: Argnums | GradFnOptions = 0,
): (...args: Parameters<F>) => unknown {
  const both = grad_and_value(func, options);
  return (...args) => {
    const [grads, value] = both(...args);
    return optionsOf(options).has_aux ? [grads, (value as unknown[])[1]] : grads;
  };
}

/** Vector–Jacobian products: `[output, vjp_fn]`, where `vjp_fn(v)` answers vᵀJ, one for each of `primals`. */
export function vjp(
  func: (...primals: Tensor[]) => Tree,
  ...primals: readonly Tensor[]
): [output: Tree, vjp_fn: (cotangents: Tree) => Tree[]];
export function vjp(
  func: AnyFunction,
  ...primals: readonly Tree[]
): [output: Tree, vjp_fn: (cotangents: Tree) => Tree[]];
export function vjp(
  func: AnyFunction,
  ...primals: readonly Tree[]
): [output: Tree, vjp_fn: (cotangents: Tree) => Tree[]] {
  return onLevel((level) => {
    const inputs = primals.map((p) => level.lift(p));
    const raw = run(func, inputs);
    const outputs = tensorsOnly(
      raw,
      (type) => `vjp(f, *primals): expected f(*primals) to return only tensors, got unsupported type ${type}`,
    );
    const back = (cotangents: Tree): Tree[] => {
      if (shapeText(cotangents) !== shapeText(raw)) {
        throw new RuntimeError(
          `Expected pytree structure of cotangents to be the same as pytree structure of outputs to the function. cotangents: ${shapeText(cotangents)}, primal output: ${shapeText(raw)}`,
        );
      }
      const grads = level.gradients(outputs, leavesOf(cotangents) as Tensor[]);
      return mapLeaves(inputs, (_, i) => grads[i]) as Tree[];
    };
    return [level.lower(raw) as Tree, back];
  });
}

/**
 * Jacobian–vector product: `[output, Jv]`. The vector–Jacobian product vᵀJ is linear in v, so its own
 * derivative along the tangents is Jv (double backward).
 */
export function jvp(
  func: AnyFunction,
  primals: readonly Tree[],
  tangents: readonly Tree[],
): [output: Tree, jvp: Tree] {
  if (!Array.isArray(primals)) {
    throw new RuntimeError(
      "jvp(f, primals, tangents): Expected primals to be a tuple. E.g. it should be valid to call f(*primals).",
    );
  }
  if (shapeText(primals) !== shapeText(tangents)) {
    throw new RuntimeError(
      `jvp(f, primals, tangents): Expected primals and tangents to have the same python structure. For example, if primals is a tuple of 3 tensors, tangents also must be. Got primals with structure ${specText(primals)} and tangents with structure ${specText(tangents)}`,
    );
  }
  return onLevel((level) => {
    const inputs = primals.map((p) => level.lift(p));
    const vectors = leavesOf(tangents) as Tensor[];
    level.inputs.forEach((input, i) => {
      checkTangent(input, vectors[i]!);
    });
    const raw = run(func, inputs);
    const outputs = tensorsOnly(
      raw,
      (type) =>
        `jvp(f, primals, tangents): Expected f(*primals) to return only tensors, got unsupported type ${type}`,
    );
    const products = along(level, outputs, vectors);
    return [level.lower(raw) as Tree, level.lower(mapLeaves(raw, (_, i) => products[i])) as Tree];
  });
}

function checkTangent(input: Tensor, tangent: Tensor): void {
  if (sameShape(input._shape, tangent._shape)) return;
  const text = (t: Tensor): string => `[${t._shape.join(", ")}]`;
  throw new RuntimeError(
    `Trying to set a forward gradient that has a different size than that of the original Tensor, this is not supported. Tensor is of size ${text(input)} while the given forward gradient is of size ${text(tangent)}.`,
  );
}

/** Jv for each output, by differentiating vᵀJ along dummies in the place of v. */
function along(level: Level, outputs: readonly Tensor[], vectors: readonly Tensor[]): Tensor[] {
  const inner = new Level();
  const dummies = outputs.map((t) => inner.lift(zerosOf(t._shape, t.dtype)) as Tensor);
  const back = level.gradients(outputs, dummies, true);
  return inner.gradients(back, vectors, true);
}

/** A function that answers the Jacobian: for each output tensor, [output's shape, input's shape]. */
export function jacrev<F extends AnyFunction>(func: F, options?: number): (...args: Parameters<F>) => Tensor;
export function jacrev<F extends AnyFunction>(func: F, options: Argnums): Transformed<F>;
export function jacrev<F extends AnyFunction>(
  func: F,
  options: Argnums = 0,
): (...args: Parameters<F>) => unknown {
  return (...args) =>
    onLevel((level) => {
      const [all, chosen] = liftArguments(level, args, optionsOf(options).argnums);
      const raw = run(func, all);
      tensorsOnly(
        raw,
        (type) =>
          `vjp(f, *primals): expected f(*primals) to return only tensors, got unsupported type ${type}`,
      );
      return mapLeaves(raw, (output) => {
        const jacobians = rowsOf(level, output as Tensor);
        return mapLeaves(chosen, (_, i) => jacobians[i]);
      });
    });
}

/** One backward pass for each element of `output`. */
function rowsOf(level: Level, output: Tensor): Tensor[] {
  const rows = Array.from({ length: output._numel }, (_, k) => {
    const unit = zerosOf([output._numel], output.dtype);
    unit.select(0, k).fill_(1);
    return level.gradients([output], [unit.view(output._shape)]);
  });
  return level.inputs.map((input, i) => {
    const shape = [...output._shape, ...input._shape];
    if (rows.length === 0) return zerosOf(shape, output.dtype);
    return stack(rows.map((row) => row[i]!)).reshape(shape);
  });
}

/** As `jacrev`: forward mode has no engine of its own here. */
export const jacfwd = jacrev;

/** A function that answers the Hessian of a scalar function. */
export function hessian<F extends AnyFunction>(func: F, argnums?: number): (...args: Parameters<F>) => Tensor;
export function hessian<F extends AnyFunction>(func: F, argnums: Argnums): Transformed<F>;
export function hessian<F extends AnyFunction>(
  func: F,
  argnums: Argnums = 0,
): (...args: Parameters<F>) => unknown {
  return jacrev(jacrev(func, argnums) as F, argnums);
}
