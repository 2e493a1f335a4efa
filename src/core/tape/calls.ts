/** @file What every recorded operation was called with, for tools that evaluate a graph again. */
import { Function as CustomBase } from "../autograd/function.js";
import { copyBackwards } from "../autograd/kinds.js";
import type { Node } from "../autograd/node.js";
import { castTo, cloneOf } from "../kernels/copy.js";
import { type Op, ops } from "../ops/op.js";
import { Tensor } from "../tensor.js";

type Kernel = (...args: unknown[]) => Tensor | Tensor[];

interface Arguments {
  /** Tensors among them have the value that they had then. */
  readonly args: readonly unknown[];
  /** Where a view was written to, what its base held before; else null. */
  readonly base: Tensor | null;
}

/** How a node's value came from its arguments. */
export type Call = Arguments &
  (
    | { readonly kind: "op"; readonly op: Op; readonly kernel: Kernel }
    | { readonly kind: "custom"; readonly owner: CustomFunction }
    | { readonly kind: "copy" }
  );

/** What a subclass of `Function` has of its own. */
export interface CustomFunction {
  readonly name: string;
  readonly forward: (...args: unknown[]) => unknown;
  readonly setup_context?: (ctx: unknown, inputs: readonly unknown[], output: unknown) => void;
}

interface Pending {
  readonly op: Op;
  readonly kernel: Kernel;
  readonly args: readonly unknown[];
}

/**
 * Keeps, from `attach` to `detach`, the call behind every node. Values are held by reference and copied when
 * their memory is about to be written to, so that a call can be made again with the very same arguments.
 */
export class CallTape {
  private readonly calls = new WeakMap<Node, Call>();
  /** Arguments by the storage that they lie in, as long as it was not written to. */
  private held = new WeakMap<object, { readonly args: unknown[]; readonly at: number }[]>();
  private pending: Pending | null = null;
  private readonly applying: { readonly owner: CustomFunction; readonly args: readonly unknown[] }[] = [];
  /** What the tensor that is written to held before. */
  private overwritten: {
    readonly tensor: Tensor;
    readonly before: Tensor;
    readonly base: Tensor | null;
  } | null = null;
  private undo: (() => void)[] = [];

  attach(): void {
    for (const op of Object.values<Op>(ops)) this.watchKernel(op);
    this.watchApply();
  }

  detach(): void {
    for (const each of this.undo) each();
    this.undo = [];
    this.pending = null;
  }

  /** The call that made a node's value; undefined where it was not seen. */
  of(node: Node): Call | undefined {
    return this.calls.get(node);
  }

  /** The memory behind a tensor is about to be changed in place. */
  beforeWrite(tensor: Tensor): void {
    const before = cloneOf(tensor);
    const base = tensor._view === null ? null : cloneOf(tensor._view.base);
    this.overwritten = { tensor, before, base };
    const key = keyOf(tensor);
    for (const { args, at } of this.held.get(key) ?? []) args[at] = cloneOf(args[at] as Tensor);
    this.held.delete(key);
  }

  /** The observer hears of an op; `node` is null where nothing was recorded. */
  ran(node: Node | null, inputs: readonly (Tensor | null)[]): void {
    if (node !== null) this.recorded(node, inputs);
    this.pending = null;
    this.overwritten = null;
  }

  private recorded(node: Node, inputs: readonly (Tensor | null)[]): void {
    const { pending } = this;
    const kind: unknown = node.kind;
    const base = this.overwritten?.base ?? null;
    if (pending !== null && kind === pending.op) {
      const { op, kernel } = pending;
      this.keep(node, { kind: "op", op, kernel, args: this.args(pending.args), base });
    } else if (kind === copyBackwards) {
      this.keep(node, { kind: "copy", args: this.args(inputs), base });
    } else {
      const custom = this.applying.at(-1);
      if (custom !== undefined) {
        this.keep(node, { kind: "custom", owner: custom.owner, args: this.args(custom.args), base });
      }
    }
  }

  private keep(node: Node, call: Call): void {
    this.calls.set(node, call);
    const args = call.args as unknown[];
    args.forEach((arg, at) => {
      if (arg instanceof Tensor) this.hold(arg, args, at);
      else if (Array.isArray(arg)) {
        arg.forEach((each, i) => {
          if (each instanceof Tensor) this.hold(each, arg as unknown[], i);
        });
      }
    });
  }

  private hold(tensor: Tensor, args: unknown[], at: number): void {
    const key = keyOf(tensor);
    const list = this.held.get(key);
    if (list === undefined) this.held.set(key, [{ args, at }]);
    else list.push({ args, at });
  }

  /** A copy of the list; what was overwritten by this very call is as it was before. */
  private args(args: readonly unknown[]): unknown[] {
    const { overwritten } = this;
    const value = (arg: unknown): unknown => {
      if (Array.isArray(arg)) return arg.map(value);
      return overwritten !== null && arg === overwritten.tensor ? overwritten.before : arg;
    };
    return args.map(value);
  }

  private watchKernel(op: Op): void {
    const original = op.kernel;
    const kernel = original as unknown as Kernel;
    op.kernel = ((...args: unknown[]) => {
      const result = kernel(...args);
      this.pending = { op, kernel, args };
      return result;
    }) as Op["kernel"];
    this.undo.push(() => {
      op.kernel = original;
    });
  }

  /** Every subclass inherits `apply`. */
  private watchApply(): void {
    const { applying } = this;
    const original = CustomBase.apply;
    CustomBase.apply = function apply<R>(this: unknown, ...args: unknown[]): R {
      applying.push({ owner: this as CustomFunction, args });
      try {
        return original.apply(this, args) as R;
      } finally {
        applying.pop();
      }
    };
    this.undo.push(() => {
      CustomBase.apply = original;
    });
  }
}

function keyOf(tensor: Tensor): object {
  return tensor._storage.array ?? tensor._storage;
}

/** A value of its own in double precision; integers and booleans as they are. */
export function toDouble(tensor: Tensor, float64: Tensor["dtype"]): Tensor {
  if (!tensor.dtype.is_floating_point) return tensor;
  return castTo(cloneOf(tensor), float64);
}
