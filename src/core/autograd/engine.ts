/** @file `torch.autograd.backward` and `torch.autograd.grad`: check the arguments, make a task, run it. */
import { PyTypeError, RuntimeError, ValueError } from "../errors.js";
import { fullLike, zerosOf } from "../ops/make.js";
import { sameShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";
import { gradEdge, gradFnOf } from "./edges.js";
import { type Capture, GraphTask, type Root } from "./graph_task.js";
import { hooksOf, TensorHooks } from "./hooks.js";

export interface BackwardOptions {
  /** The vector of the vector–Jacobian product; may be left out for a scalar. */
  gradient?: Tensor | null;
  /** Keep what the graph saved, so that it can be walked again. */
  retain_graph?: boolean | null;
  /** Record the backward pass itself, for higher derivatives. */
  create_graph?: boolean;
  /** Accumulate into these tensors only. */
  inputs?: Tensor | readonly Tensor[] | null;
}

export interface GradOptions {
  grad_outputs?: Tensor | null | readonly (Tensor | null)[];
  retain_graph?: boolean | null;
  create_graph?: boolean;
  /** Answer null for inputs that the outputs do not depend on, instead of an error. */
  allow_unused?: boolean | null;
  /** Answer zeros for them. */
  materialize_grads?: boolean;
}

type MaybeMany<T> = T | readonly T[];

function listOf<T>(value: MaybeMany<T>): readonly T[] {
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function rootsOf(tensors: readonly Tensor[], grads: readonly (Tensor | null)[]): Root[] {
  return tensors.map((tensor, i) => {
    if (!(tensor instanceof Tensor)) throw new PyTypeError("backward(): expected Tensors");
    const grad = grads[i] ?? null;
    if (grad !== null) checkGradient(grad, tensor, i);
    const node = gradEdge(tensor);
    if (node === null) {
      throw new RuntimeError(`element ${i} of tensors does not require grad and does not have a grad_fn`);
    }
    return { node, outputNr: tensor._outputNr, grad: grad ?? implicitGradient(tensor) };
  });
}

function checkGradient(grad: Tensor, tensor: Tensor, i: number): void {
  if (!(grad instanceof Tensor)) {
    throw new PyTypeError(`gradients can be either Tensors or None, but got ${typeof grad}`);
  }
  if (!sameShape(grad._shape, tensor._shape)) {
    throw new RuntimeError(
      `Mismatch in shape: grad_output[${i}] has a shape of ${grad._shape} and output[${i}] has a shape of ${tensor._shape}.`,
    );
  }
}

function implicitGradient(tensor: Tensor): Tensor {
  if (!tensor._requiresGrad && gradFnOf(tensor) === null) return fullLike(tensor, 1);
  if (tensor._numel !== 1) throw new RuntimeError("grad can be implicitly created only for scalar outputs");
  return fullLike(tensor, 1);
}

/**
 * Accumulates the gradients of `tensors` into the leaves they were computed from.
 *
 * @param grad_tensors one for each tensor, of its shape; null for scalars
 */
export function backward(
  tensors: MaybeMany<Tensor>,
  grad_tensors: MaybeMany<Tensor | null> | null = null,
  options: Omit<BackwardOptions, "gradient"> = {},
): void {
  const outputs = listOf(tensors);
  const task = backwardTask(outputs, gradList(outputs, grad_tensors), options);
  task.run();
}

function gradList(
  outputs: readonly Tensor[],
  grads: MaybeMany<Tensor | null> | null,
): readonly (Tensor | null)[] {
  if (grads === null || grads === undefined) return outputs.map(() => null);
  const list = listOf(grads);
  if (list.length !== outputs.length) {
    throw new RuntimeError(`got ${outputs.length} tensors and ${list.length} gradients`);
  }
  return list;
}

/** The task of a `backward()` call, not yet run. */
export function backwardTask(
  outputs: readonly Tensor[],
  grads: readonly (Tensor | null)[],
  options: Omit<BackwardOptions, "gradient">,
): GraphTask {
  const create = options.create_graph ?? false;
  const keep = options.retain_graph ?? create;
  let captures: Capture[] | null = null;
  if (options.inputs !== undefined && options.inputs !== null) {
    const inputs = listOf<Tensor>(options.inputs);
    if (inputs.length === 0) throw new RuntimeError("`inputs` argument to `backward()` cannot be empty.");
    captures = inputs.map((input) => captureOf(input, true));
  }
  if (create) {
    warn(
      "Using backward() with create_graph=True will create a reference cycle between the parameter and its " +
        "gradient which can cause a memory leak. We recommend using autograd.grad when creating the graph to " +
        "avoid this. If you have to use this function, make sure to reset the .grad fields of your parameters " +
        "to None after use to break the cycle and avoid the leak.",
    );
  }
  return new GraphTask(rootsOf(outputs, grads), keep, create, captures, true);
}

function captureOf(input: Tensor, retain: boolean): Capture {
  if (!(input instanceof Tensor)) throw new PyTypeError("all inputs have to be Tensors");
  const node = gradEdge(input);
  if (node === null) throw new RuntimeError("One of the differentiated Tensors does not require grad");
  if (retain && node.variable === null) retainGrad(input);
  return { node, outputNr: node.variable === null ? input._outputNr : 0 };
}

/** Makes backward passes write the gradient of a non-leaf into its `.grad`. */
export function retainGrad(tensor: Tensor): void {
  tensor._hooks ??= new TensorHooks();
  const node = gradFnOf(tensor);
  if (node === null || tensor._hooks.retainsGrad) return;
  tensor._hooks.retainsGrad = true;
  hooksOf(node).retains.set(tensor._outputNr, tensor);
}

/**
 * The gradients of `outputs` with respect to `inputs`, without touching any `.grad`.
 *
 * @returns one gradient for each input
 */
export function grad(
  outputs: MaybeMany<Tensor>,
  inputs: MaybeMany<Tensor>,
  grad_outputs: MaybeMany<Tensor | null> | GradOptions | null = null,
  options: GradOptions = {},
): Tensor[] {
  let given = grad_outputs;
  let opts = options;
  if (given !== null && typeof given === "object" && !(given instanceof Tensor) && !Array.isArray(given)) {
    opts = given as GradOptions;
    given = opts.grad_outputs ?? null;
  }
  const materialize = opts.materialize_grads ?? false;
  if (materialize && opts.allow_unused === false) {
    throw new ValueError(
      "Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.",
    );
  }
  const allowUnused = opts.allow_unused ?? materialize;
  const create = opts.create_graph ?? false;
  const roots = listOf(outputs);
  const wanted = listOf(inputs);
  if (wanted.length === 0) throw new RuntimeError("`inputs` argument to `grad()` cannot be empty.");
  const rootList = rootsOf(
    roots,
    gradList(roots, (given ?? opts.grad_outputs ?? null) as MaybeMany<Tensor | null> | null),
  );
  const captures = wanted.map((input) => captureOf(input, false));
  const task = new GraphTask(rootList, opts.retain_graph ?? create, create, captures, false);
  task.run();
  return wanted.map((input, i) => {
    const g = task.captured[i] ?? null;
    if (g !== null) return g;
    if (materialize) return zerosOf(input._shape, input.dtype);
    if (!allowUnused) {
      throw new RuntimeError(
        `The differentiated Tensor at index ${i} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.`,
      );
    }
    // PyTorch's tuple holds None here; only callers that asked for it can meet one.
    return null as unknown as Tensor;
  });
}
