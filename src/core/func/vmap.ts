/** @file `torch.func.vmap`: a function of one example, run on a batch. */
import { PyTypeError, RuntimeError, ValueError } from "../errors.js";
import { stack } from "../functions/shape.js";
import { newTensor } from "../kernels/copy.js";
import { defaultGenerator } from "../random/generator.js";
import { sizeOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { leavesOf, mapLeaves, specText, typeText } from "./tree.js";

/** One dimension for all, or a nesting of them as the arguments are nested; null for what is not batched. */
export type InDims = number | null | readonly InDims[];
export type OutDims = number | readonly number[];

export interface VmapOptions {
  in_dims?: InDims;
  out_dims?: OutDims;
  /** What random functions do inside: nothing but throw (default), the same for each example, or different. */
  randomness?: "error" | "same" | "different";
}

/** The batched dimension of each leaf of the arguments, in order. */
function spread(tree: unknown, dims: InDims): (number | null)[] {
  if (!Array.isArray(dims)) return leavesOf(tree).map(() => dims as number | null);
  return (tree as unknown[]).flatMap((t, i) => spread(t, dims[i]!));
}

class Mapped {
  readonly name: string;
  readonly dims: InDims;

  constructor(
    readonly func: (...args: never[]) => unknown,
    readonly options: VmapOptions,
  ) {
    this.name = func.name.replace(/^bound$|^$/, "<lambda>");
    this.dims = options.in_dims === undefined ? 0 : options.in_dims;
    const random = options.randomness ?? "error";
    if (!["error", "different", "same"].includes(random)) {
      throw new RuntimeError(
        `Only allowed values for randomness are 'error', 'different', or 'same'. Got ${String(random)}`,
      );
    }
  }

  call(args: readonly unknown[]): unknown {
    const dims = this.#inDims(args);
    const size = this.#batchSize(args, dims);
    const examples = Array.from({ length: Math.max(size, 1) }, (_, k) => this.#example(args, dims, k, size));
    return this.#join(examples, size);
  }

  get #where(): string {
    const dims = this.dims;
    const text = Array.isArray(dims) ? `(${dims.map(pythonDim).join(", ")})` : pythonDim(dims);
    return `vmap(${this.name}, in_dims=${text}, ...)(<inputs>)`;
  }

  #inDims(args: readonly unknown[]): (number | null)[] {
    if (typeof this.dims !== "number" && !Array.isArray(this.dims)) {
      throw new ValueError(
        `${this.#where}: expected \`in_dims\` to be int or a (potentially nested) tuple matching the structure of inputs, got: ${typeText(this.dims)}.`,
      );
    }
    if (args.length === 0) {
      throw new ValueError(
        `vmap(${this.name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over a function with no inputs. The latter is unsupported.`,
      );
    }
    if (Array.isArray(this.dims) && this.dims.length !== args.length) {
      throw new ValueError(
        `${this.#where}: in_dims is not compatible with the structure of \`inputs\`. in_dims has structure ${specText(this.dims)} but inputs has structure ${specText(args)}.`,
      );
    }
    return spread(args, this.dims);
  }

  #batchSize(args: readonly unknown[], dims: readonly (number | null)[]): number {
    const sizes = leavesOf(args).flatMap((leaf, i) => {
      const dim = dims[i];
      if (dim === null || dim === undefined) return [];
      if (!(leaf instanceof Tensor)) {
        throw new ValueError(
          `${this.#where}: Got in_dim=${dim} for an input but the input is of type ${typeText(leaf)}. We cannot vmap over non-Tensor arguments, please use None as the respective in_dim`,
        );
      }
      const rank = leaf._shape.length;
      if (dim < -rank || dim >= rank) {
        throw new ValueError(
          `${this.#where}: Got in_dim=${dim} for some input, but that input is a Tensor of dimensionality ${rank} so expected in_dim to satisfy -${rank} <= in_dim < ${rank}.`,
        );
      }
      return [leaf._shape[dim < 0 ? dim + rank : dim]!];
    });
    if (new Set(sizes).size > 1) {
      throw new ValueError(
        `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [${sizes.join(", ")}] for the mapped dimension`,
      );
    }
    return sizes[0] ?? 0;
  }

  /** What the function answers for example `k`; for an empty batch, for an example of zeros. */
  #example(args: readonly unknown[], dims: readonly (number | null)[], k: number, size: number): unknown {
    const one = mapLeaves(args, (leaf, i) => {
      const dim = dims[i];
      if (dim === null || dim === undefined) return leaf;
      const t = leaf as Tensor;
      if (size > 0) return t.select(dim, k);
      const at = dim < 0 ? dim + t._shape.length : dim;
      return newTensor(sizeOf(t._shape.filter((_, d) => d !== at)), t.dtype);
    }) as unknown[];
    const before = defaultGenerator.stateBytes();
    const result = (this.func as (...a: unknown[]) => unknown)(...one);
    this.#settleRandomness(before, k === size - 1);
    for (const leaf of leavesOf(result)) {
      if (leaf instanceof Tensor) continue;
      throw new ValueError(
        `vmap(${this.name}, ...): \`${this.name}\` must only return Tensors, got type ${typeText(leaf)}. Did you mean to set out_dims= to None for output?`,
      );
    }
    return result;
  }

  #settleRandomness(before: Uint8Array, last: boolean): void {
    const mode = this.options.randomness ?? "error";
    if (mode === "different") return;
    if (mode === "same") {
      if (!last) defaultGenerator.setStateBytes(before);
      return;
    }
    const now = defaultGenerator.stateBytes();
    if (before.every((byte, i) => byte === now[i])) return;
    throw new RuntimeError(
      "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' randomness flags on vmap or perform the randomness operation out of vmap",
    );
  }

  #join(examples: readonly unknown[], size: number): unknown {
    const first = examples[0];
    const count = leavesOf(first).length;
    const given = this.options.out_dims ?? 0;
    if (Array.isArray(given) && given.length !== count) {
      throw new ValueError(
        `vmap(${this.name}, ..., out_dims=(${given.join(", ")}))(<inputs>): out_dims is not compatible with the structure of \`outputs\`. out_dims has structure ${specText(given)} but outputs has structure ${specText(first)}.`,
      );
    }
    const columns = examples.map(leavesOf) as Tensor[][];
    return mapLeaves(first, (_, i) => {
      const dim = typeof given === "number" ? given : given[i]!;
      const joined = stack(
        columns.map((leaves) => leaves[i]!),
        dim,
      );
      return size > 0 ? joined : joined.narrow(dim, 0, 0);
    });
  }
}

const pythonDim = (dim: unknown): string => (dim === null ? "None" : String(dim));

/**
 * A function that runs `func` on every example of a batch and stacks what it answers.
 *
 * Values and gradients are those of the batched computation; examples run one after the other, so functions
 * may look at their values (PyTorch refuses that).
 */
export function vmap<F extends (...args: never[]) => unknown>(
  func: F,
  in_dims: InDims | VmapOptions = 0,
  out_dims: OutDims = 0,
): (...args: Parameters<F>) => ReturnType<F> {
  if (typeof func !== "function") throw new PyTypeError(`${typeText(func)} object is not callable`);
  const options =
    typeof in_dims === "object" && in_dims !== null && !Array.isArray(in_dims)
      ? (in_dims as VmapOptions)
      : { in_dims: in_dims as InDims, out_dims };
  return (...args) => new Mapped(func, options).call(args) as ReturnType<F>;
}
