/** @file One object for each op of the schema: what dispatch and the engine need, ready to use. */
import type { Node, NodeKind, SavedValue } from "../autograd/node.js";
import { PACKED, Packed, unpack } from "../autograd/packed.js";
import { checkVersion, freedError } from "../autograd/saved.js";
import { Tensor } from "../tensor.js";
import { type ArgKind, type OpName, type OpSchema, schema } from "./schema.js";
import { type Trace, traceFormula } from "./trace.js";

type AnyFormula = (
  grad: Tensor,
  saved: never,
  grads: readonly (Tensor | null)[],
) => Tensor | null | (Tensor | null)[];
type AnyKernel = (...args: never[]) => Tensor | Tensor[];

/** `log_softmax` → `LogSoftmax`, as PyTorch's code generator spells class names. */
function camelCase(base: string): string {
  return base.replace(/(?:^|_|(?<=\d))([a-z])/g, (_, c: string) => c.toUpperCase());
}

const RESULT = -1;
const VALUE = 0;
const SIZES = 1;
const GEOMETRY = 2;

/** One value that a node keeps: which argument (or the result), which side of it, and for which inputs. */
export interface Slot {
  readonly name: string;
  /** Index into the op's arguments; -1 is the result. */
  readonly arg: number;
  readonly what: number;
  /** Bit i is set where the derivative of differentiable input i uses it. */
  neededFor: number;
}

/** What formulas see as `saved`: getters by name over the current node's values. */
class SavedView {
  values: readonly unknown[] = [];
}

export class Op implements NodeKind {
  readonly fresh = true;
  readonly gradFnName: string;
  readonly argNames: readonly string[];
  readonly argKinds: readonly ArgKind[];
  /** Argument indices of the inputs that have an edge, in order. */
  inputs: number[] = [];
  formulas: AnyFormula[] = [];
  kernel: AnyKernel = () => {
    throw new Error(`${this.key} has no kernel`);
  };
  #slots: Slot[] | null = null;
  #traces: Trace[] = [];
  readonly #view = new SavedView();

  constructor(
    readonly key: string,
    readonly base: string,
    overload: number | string,
    args: OpSchema<never>["args"],
  ) {
    this.gradFnName = `${camelCase(base)}Backward${overload}`;
    this.argNames = Object.keys(args);
    this.argKinds = Object.values<{ kind: ArgKind }>(args).map((a) => a.kind);
  }

  /** Called once, by the derivative table. */
  link(formulas: Readonly<Record<string, AnyFormula | "nonDifferentiable">>): void {
    this.argNames.forEach((name, i) => {
      const formula = formulas[name];
      if (typeof formula !== "function") return;
      this.inputs.push(i);
      this.formulas.push(formula);
    });
  }

  /** What the formulas use, found by tracing them; done when the op is first recorded. */
  get slots(): readonly Slot[] {
    return this.#slots ?? this.#prepare();
  }

  get traces(): readonly Trace[] {
    if (this.#slots === null) this.#prepare();
    return this.#traces;
  }

  #prepare(): Slot[] {
    const slots: Slot[] = [];
    this.#traces = this.formulas.map((formula) => traceFormula(formula));
    this.#traces.forEach((trace, i) => {
      for (const name of trace.uses) {
        let slot = slots.find((s) => s.name === name);
        if (slot === undefined) {
          slot = this.#slotFor(name);
          slots.push(slot);
        }
        slot.neededFor |= 1 << Math.min(i, 30);
      }
    });
    slots.forEach((slot, k) => {
      Object.defineProperty(this.#view, slot.name, { get: () => this.#view.values[2 * k] });
    });
    this.#slots = slots;
    return slots;
  }

  #slotFor(name: string): Slot {
    if (name === "result") return { name, arg: RESULT, what: VALUE, neededFor: 0 };
    const direct = this.argNames.indexOf(name);
    if (direct >= 0) return { name, arg: direct, what: VALUE, neededFor: 0 };
    const what = name.endsWith("_sizes") ? SIZES : GEOMETRY;
    const arg = this.argNames.indexOf(name.replace(/_(sizes|geometry)$/, ""));
    if (arg < 0) throw new Error(`the derivative of ${this.key} uses ${name}, which is no argument of it`);
    return { name, arg, what, neededFor: 0 };
  }

  apply(node: Node, grads: readonly (Tensor | null)[]): (Tensor | null)[] {
    const formulas = this.formulas;
    const edges = node.edges;
    const out: (Tensor | null)[] = [];
    if (node.released) throw freedError();
    const saved = node.saved;
    if (saved !== null) {
      let packed = false;
      for (let k = 0; k < saved.length; k += 2) {
        const version = saved[k + 1] as number;
        if (version >= 0 && (saved[k] as Tensor)._storage.version !== version) this.#modified(node, k >> 1);
        else if (version === PACKED) packed = true;
      }
      this.#view.values = packed ? unpacked(saved) : saved;
    }
    const grad = grads[0] ?? null;
    if (grad === null && !grads.some((g) => g !== null)) {
      for (let i = 0; i < edges.length; i++) out.push(null);
      return out;
    }
    try {
      for (let i = 0; i < formulas.length; i++) {
        const edge = edges[i];
        if (this.argKinds[this.inputs[i]!] === "tensors") {
          const list = formulas[i]!(grad as Tensor, this.#view as never, grads) as (Tensor | null)[];
          for (const g of list) out.push(g);
        } else if (edge === null || edge === undefined || !edge.needed) out.push(null);
        else out.push(formulas[i]!(grad as Tensor, this.#view as never, grads) as Tensor | null);
      }
    } finally {
      // What the formulas saw must not outlive the node.
      this.#view.values = NONE;
    }
    return out;
  }

  /** Throws: the tensor in `slot` was written to. A result is told by the node it came from. */
  #modified(node: Node, slot: number): void {
    const tensor = node.saved![2 * slot] as Tensor;
    const origin = this.slots[slot]!.arg === RESULT ? node : tensor._gradFn;
    checkVersion(tensor, node.saved![2 * slot + 1] as number, origin);
  }

  savedNames(): readonly string[] {
    return this.slots.map((slot) => slot.name);
  }

  saved(node: Node): SavedValue[] {
    if (node.released) throw freedError();
    const saved = node.saved;
    if (saved === null) return [];
    return this.slots
      .map((slot, k) => ({
        name: slot.name,
        value: shown(saved[2 * k]),
        version: saved[2 * k + 1] as number,
      }))
      .filter((entry) => entry.value !== undefined);
  }
}

const NONE: readonly unknown[] = [];

/** The saved values, with what pack hooks put away fetched. */
function unpacked(saved: readonly unknown[]): unknown[] {
  return saved.map((value) => (value instanceof Packed ? unpack(value) : value));
}

/** What tools see of a packed tensor: nothing runs on their behalf. */
function shown(value: unknown): unknown {
  if (!(value instanceof Packed)) return value;
  return value.value instanceof Tensor ? value.value : undefined;
}

/** What is to be kept of `value` for `slot`. */
export function savedForm(slot: Slot, value: unknown): unknown {
  if (slot.what === VALUE) return value;
  const tensor = value as Tensor;
  if (typeof value === "number") return [];
  if (Array.isArray(value)) return value.map((t: Tensor) => t._shape);
  if (slot.what === SIZES) return tensor._shape;
  return { shape: tensor._shape, strides: tensor._strides, offset: tensor._offset };
}

export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

const entries = Object.entries(schema).map(([key, s]) => [
  key,
  new Op(key, s.base, s.overload, s.args as never),
]);

/** The ops by their key in the schema. */
export const ops = Object.fromEntries(entries) as { readonly [K in OpName]: Op };
