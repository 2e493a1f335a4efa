/** @file `gradcheck` and `gradgradcheck`: gradients beside central finite differences. */
import { KIND_FLOAT } from "../dtype.js";
import { RuntimeError, ValueError } from "../errors.js";
import { rand } from "../ops/creation.js";
import { allclose, equal } from "../ops/elementwise/closeness.js";
import { fullLike, zerosOf } from "../ops/make.js";
import { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";
import { connect } from "./edges.js";
import { grad } from "./engine.js";
import { enable_grad, no_grad } from "./grad_mode.js";
import { LinkedKind } from "./kinds.js";
import { Node } from "./node.js";

type Many = Tensor | readonly Tensor[];
/** A function of tensors that answers a tensor or several. */
export type Checked = (...inputs: Tensor[]) => Many;

export interface GradcheckOptions {
  /** Step of the finite differences. */
  eps?: number;
  atol?: number;
  rtol?: number;
  /** Throw where the check fails (default), or answer false. */
  raise_exception?: boolean;
  /** How far two backward passes over the same graph may differ. */
  nondet_tol?: number;
  /** Whether outputs without a gradient must count as zeros. */
  check_undefined_grad?: boolean;
  check_grad_dtypes?: boolean;
}

export class GradcheckError extends RuntimeError {
  override readonly name: string = "GradcheckError";
}

const listOf = (value: Many): readonly Tensor[] => (Array.isArray(value) ? value : [value as Tensor]);
const differentiable = (outputs: readonly Tensor[]): Tensor[] => outputs.filter((t) => t.requires_grad);

/**
 * Whether the gradients of `func` agree with finite differences in every input that requires grad.
 *
 * @param inputs float64, so that differences mean something
 * @throws GradcheckError with both Jacobians, rows by the input's elements and columns by the output's
 */
export function gradcheck(func: Checked, inputs: Many, options: GradcheckOptions = {}): boolean {
  try {
    enable_grad(() => new Check(func, listOf(inputs), options).run());
    return true;
  } catch (error) {
    if (options.raise_exception === false && error instanceof GradcheckError) return false;
    throw error;
  }
}

class Check {
  readonly #wanted: Tensor[];
  readonly #eps: number;

  constructor(
    readonly func: Checked,
    readonly inputs: readonly Tensor[],
    readonly options: GradcheckOptions,
  ) {
    this.#eps = options.eps ?? 1e-6;
    checkInputs(inputs);
    this.#wanted = inputs.filter((t) => t instanceof Tensor && t.requires_grad);
  }

  run(): void {
    const all = this.#call();
    const outputs = differentiable(all);
    const numerical = this.#wanted.map((input) => this.#numerical(input, all));
    if (outputs.length === 0) {
      if (numerical.flat().some((j) => j.ne(0).any().item())) {
        throw new GradcheckError("Numerical gradient for function expected to be zero");
      }
      return;
    }
    outputs.forEach((output, i) => {
      const analytical = this.#analytical(output);
      const at = all.indexOf(output);
      analytical.forEach((a, j) => {
        this.#compare(a, numerical[j]![at]!, i, j);
      });
    });
    this.#zeroIn(outputs);
    if (this.options.check_undefined_grad ?? true) this.#undefined(outputs.length);
  }

  #call(): readonly Tensor[] {
    return listOf(this.func(...this.inputs));
  }

  /** For each output, [elements of the input, elements of the output]. */
  #numerical(input: Tensor, outputs: readonly Tensor[]): Tensor[] {
    const jacobians = outputs.map((t) => zerosOf([input._numel, t._numel], t.dtype));
    const memory = input.data;
    const flat = memory.is_contiguous() ? memory.view(-1) : null;
    for (let k = 0; k < input._numel; k++) {
      const element = flat === null ? at(memory, k) : flat.select(0, k);
      const [low, high] = this.#around(element);
      outputs.forEach((_, o) => {
        const slope = high[o]!.sub(low[o]!).div(2 * this.#eps);
        jacobians[o]!.select(0, k).copy_(slope.reshape([-1]));
      });
    }
    return jacobians;
  }

  #around(element: Tensor): [low: Tensor[], high: Tensor[]] {
    const before = element.item();
    const outputs = (value: number): Tensor[] => {
      element.fill_(value);
      return this.#call().map((t) => t.detach().clone());
    };
    try {
      return [outputs(before - this.#eps), outputs(before + this.#eps)];
    } finally {
      element.fill_(before);
    }
  }

  /** The same from backward passes, twice, to see that they repeat. */
  #analytical(output: Tensor): Tensor[] {
    const first = this.#rows(output);
    const second = this.#rows(output);
    const tolerance = this.options.nondet_tol ?? 0;
    first.forEach((jacobian, i) => {
      const same =
        tolerance === 0
          ? equal(jacobian, second[i]!)
          : jacobian.sub(second[i]!).abs().le(tolerance).all().item();
      if (!same) throw new GradcheckError(notReentrant(tolerance));
    });
    return first;
  }

  #rows(output: Tensor): Tensor[] {
    const result = output.clone();
    const jacobians = this.#wanted.map((t) => zerosOf([t._numel, output._numel], output.dtype));
    for (let k = 0; k < output._numel; k++) {
      const unit = zerosOf([output._numel], output.dtype);
      unit.select(0, k).fill_(1);
      const grads = this.#grads([result], [unit.view(output.shape)]);
      grads.forEach((g, i) => {
        const input = this.#wanted[i]!;
        if (g === null) return;
        if (this.options.check_grad_dtypes === true && g.dtype !== input.dtype) {
          throw new GradcheckError("Gradient has dtype mismatch");
        }
        if (g._numel !== input._numel) throw new GradcheckError("Analytical gradient has incorrect size");
        no_grad(() => jacobians[i]!.select(1, k).copy_(g.detach().reshape([-1])));
      });
    }
    return jacobians;
  }

  #grads(outputs: readonly Tensor[], vectors: readonly Tensor[]): (Tensor | null)[] {
    return grad(outputs, this.#wanted, vectors, {
      retain_graph: true,
      allow_unused: true,
    }) as (Tensor | null)[];
  }

  #compare(analytical: Tensor, numerical: Tensor, output: number, input: number): void {
    const wide = numerical.to(analytical.dtype);
    const { rtol = 1e-3, atol = 1e-5 } = this.options;
    if (allclose(analytical, wide, { rtol, atol })) return;
    throw new GradcheckError(
      `Jacobian mismatch for output ${output} with respect to input ${input},\nnumerical:${repr(numerical)}\nanalytical:${repr(analytical)}\n`,
    );
  }

  #zeroIn(outputs: readonly Tensor[]): void {
    const grads = this.#grads(
      outputs,
      outputs.map((t) => zerosOf(t._shape, t.dtype)),
    );
    if (grads.some((g) => g?.ne(0).any().item())) {
      throw new GradcheckError("backward not multiplied by grad_output");
    }
  }

  /** Outputs whose gradient never comes: all of them at once, then one at a time. */
  #undefined(count: number): void {
    const attempt = (cut: (i: number) => boolean): void => {
      const outputs = differentiable(this.#call()).map((t, i) => (cut(i) ? withoutGradient(t) : t));
      let grads: (Tensor | null)[];
      try {
        grads = this.#grads(
          outputs,
          outputs.map((t) => fullLike(t, 0)),
        );
      } catch (error) {
        if (error instanceof RuntimeError)
          throw undefinedError("Expected backward function to handle undefined output grads.");
        throw error;
      }
      if (grads.some((g) => g?.ne(0).any().item())) {
        throw undefinedError(
          "Expected all input grads to be undefined or zero when all output grads are undefined or zero.",
        );
      }
    };
    attempt(() => true);
    if (count > 1) for (let k = 0; k < count; k++) attempt((i) => i === k);
  }
}

/** Element `k` in row-major order, as a window. */
function at(t: Tensor, k: number): Tensor {
  let rest = k;
  let window = t;
  for (let d = t._shape.length - 1; d >= 0; d--) {
    window = window.select(d, rest % t._shape[d]!);
    rest = Math.floor(rest / t._shape[d]!);
  }
  return window;
}

/** As `torch.inspect`. */
function repr(t: Tensor): string {
  return (t as unknown as Record<symbol, () => string>)[Symbol.for("nodejs.util.inspect.custom")]!();
}

const undefinedGrad = new LinkedKind("UndefinedGradBackward");
undefinedGrad.run = () => [null];

function withoutGradient(t: Tensor): Tensor {
  const node = new Node(undefinedGrad, t._shape, t.dtype, false, null);
  connect(node, [t]);
  const out = t.detach();
  out._gradFn = node;
  out._requiresGrad = true;
  return out;
}

function undefinedError(what: string): GradcheckError {
  warn(
    'Backwards compatibility: New undefined gradient support checking feature is enabled by default, but it may break existing callers of this function. If this is true for you, you can call this function with "check_undefined_grad=False" to disable the feature',
  );
  return new GradcheckError(
    `${what} Please look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"`,
  );
}

function notReentrant(tolerance: number): string {
  const shown = Number.isInteger(tolerance) ? `${tolerance}.0` : String(tolerance);
  return (
    "Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives " +
    `different values, although analytical gradient matches numerical gradient.The tolerance for nondeterminism was ${shown}.`
  );
}

function checkInputs(inputs: readonly Tensor[]): void {
  let some = false;
  inputs.forEach((t, i) => {
    if (!(t instanceof Tensor) || !t.requires_grad) return;
    some = true;
    if (t.dtype.name !== "float64") {
      warn(
        `Input #${i} requires gradient and is not a double precision floating point or complex. This check will likely fail if all the inputs are not of double precision floating point or complex. `,
      );
    }
    if (t._strides.some((s, d) => s === 0 && t._shape[d]! > 1)) {
      throw new RuntimeError(
        `The ${i}th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping to be able to compute the numerical gradients correctly. You should call .contiguous on the input before passing it to gradcheck.`,
      );
    }
  });
  if (some) return;
  throw new ValueError(
    "gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.",
  );
}

/**
 * Whether the gradients of the gradients of `func` agree with finite differences, in its inputs and in the
 * vectors that its outputs are multiplied by.
 *
 * @param grad_outputs drawn from [−1, 1) where left out
 */
export function gradgradcheck(
  func: Checked,
  inputs: Many,
  grad_outputs: Many | null = null,
  options: GradcheckOptions = {},
): boolean {
  const given = listOf(inputs);
  const vectors =
    grad_outputs === null
      ? differentiable(listOf(func(...given))).map((t) =>
          rand([...t._shape], { dtype: t.dtype.kind === KIND_FLOAT ? t.dtype : given[0]!.dtype })
            .mul(2)
            .sub(1)
            .requires_grad_(true),
        )
      : listOf(grad_outputs);
  const wanted = given.map((t) => t instanceof Tensor && t.requires_grad);
  const first: Checked = (...args) => {
    const xs = args.slice(0, given.length);
    const outputs = differentiable(listOf(func(...xs)));
    const grads = grad(
      outputs,
      xs.filter((_, i) => wanted[i]),
      args.slice(given.length),
      { create_graph: true, allow_unused: true },
    ) as (Tensor | null)[];
    return grads.filter((g) => g !== null);
  };
  return gradcheck(first, [...given, ...vectors], options);
}
