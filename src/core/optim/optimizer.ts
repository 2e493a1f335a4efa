/** @file What all optimisers share: parameter groups, state, `step`, printing. */
import { enable_grad, no_grad } from "../autograd/grad_mode.js";
import { PyTypeError, pythonTypeName, ValueError } from "../errors.js";
import { clearGrads } from "../nn/modules/clear_grads.js";
import { pythonRepr } from "../nn/modules/print.js";
import { Tensor } from "../tensor.js";
import { warn } from "../warnings.js";

/** Settings of one group of parameters. */
export type Group<O> = O & { params: Tensor[]; initial_lr?: number };
/** Some parameters with settings of their own; what is left out comes from the optimiser's. */
export type GroupOptions<O> = Partial<O> & { params: Tensor | Iterable<Tensor> };
export type Params<O> = Iterable<Tensor> | Iterable<GroupOptions<O>>;

/** What an optimiser keeps for one parameter. */
export type ParamState = Record<string, unknown>;

export interface OptimizerState<O> {
  /** By the parameter's number, counted through the groups. */
  state: Record<number, ParamState>;
  param_groups: (O & { params: number[] })[];
}

export type Closure = () => Tensor;

function isGroup<O>(value: unknown): value is GroupOptions<O> {
  return typeof value === "object" && value !== null && !(value instanceof Tensor) && "params" in value;
}

function copyOf(value: unknown): unknown {
  if (value instanceof Tensor) return value.detach().clone();
  return Array.isArray(value) ? value.map(copyOf) : value;
}

const borrowers = new WeakSet<object>();

/**
 * Says that the updates of these classes read gradients and keep none, so that their memory can be used again when
 * they are cleared. A program's own optimizer may keep them.
 */
export function borrowGradients(...classes: readonly { readonly prototype: object }[]): void {
  for (const { prototype } of classes) borrowers.add((prototype as { update: object }).update);
}

/** Base class of optimisers. `O` is the type of a group's settings. */
export abstract class Optimizer<O extends { lr: number }> {
  readonly param_groups: Group<O>[] = [];
  readonly state = new Map<Tensor, ParamState>();
  readonly defaults: O;

  protected constructor(params: Params<O>, defaults: O) {
    this.defaults = defaults;
    if (params instanceof Tensor) {
      throw new PyTypeError(
        `params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.${params.dtype.scalarName}Tensor`,
      );
    }
    const list = [...(params as Iterable<Tensor | GroupOptions<O>>)];
    if (list.length === 0) throw new ValueError("optimizer got an empty parameter list");
    if (isGroup(list[0])) for (const group of list) this.add_param_group(group as GroupOptions<O>);
    else this.add_param_group({ params: list } as unknown as GroupOptions<O>);
  }

  /** Moves the parameters of one group; gradients are off. */
  protected abstract update(group: Group<O>): void;

  /** Adds parameters to those that `step` moves. */
  add_param_group(param_group: GroupOptions<O>): void {
    if (!isGroup(param_group)) {
      throw new PyTypeError(`param_group must be a dict, but got <class '${pythonTypeName(param_group)}'>`);
    }
    const params = param_group.params instanceof Tensor ? [param_group.params] : [...param_group.params];
    for (const param of params) {
      if (!(param instanceof Tensor)) {
        throw new PyTypeError(
          `optimizer can only optimize Tensors, but one of the params is ${pythonTypeName(param)}`,
        );
      }
      if (!param.is_leaf) throw new ValueError("can't optimize a non-leaf Tensor");
    }
    if (new Set(params).size !== params.length) {
      warn(
        "optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; see github.com/pytorch/pytorch/issues/40967 for more information",
      );
    }
    const taken = new Set(this.param_groups.flatMap((g) => g.params));
    if (params.some((p) => taken.has(p))) {
      throw new ValueError("some parameters appear in more than one parameter group");
    }
    this.param_groups.push({ ...this.defaults, ...param_group, params } as Group<O>);
  }

  /** Clears the gradients of all parameters: to null (default) or to zeros. */
  zero_grad(set_to_none: boolean | { set_to_none?: boolean } = true): void {
    for (const group of this.param_groups) clearGrads(group.params, set_to_none);
  }

  /** One update from the gradients. `closure` computes the loss anew, with gradients, and answers it. */
  step(): null;
  step(closure: Closure): Tensor;
  step(closure: Closure | null = null): Tensor | null {
    const loss = closure === null ? null : enable_grad(closure);
    no_grad(() => {
      for (const group of this.param_groups) this.update(group);
    });
    return loss;
  }

  /** Parameters of a group that have a gradient, with it (negated to maximise) and their state. */
  protected *active(
    group: Group<O>,
    maximize: boolean,
    init: (param: Tensor) => ParamState,
  ): Iterable<[param: Tensor, grad: Tensor, state: ParamState]> {
    const lending = borrowers.has(this.update);
    for (const param of group.params) {
      const grad = param._grad;
      if (grad === null) continue;
      if (!lending) grad._storage.holders = 0;
      let state = this.state.get(param);
      if (state === undefined) {
        state = init(param);
        this.state.set(param, state);
      }
      yield [param, maximize ? grad.neg() : grad, state];
    }
  }

  state_dict(): OptimizerState<O> {
    const numbers = new Map<Tensor, number>();
    const param_groups = this.param_groups.map((group) => {
      const params = group.params.map((p) => {
        const known = numbers.get(p) ?? numbers.size;
        numbers.set(p, known);
        return known;
      });
      const { params: _, ...settings } = group;
      return { ...settings, params } as unknown as O & { params: number[] };
    });
    const state: Record<number, ParamState> = {};
    for (const [param, entry] of this.state) state[numbers.get(param)!] = entry;
    return { state, param_groups };
  }

  load_state_dict(state_dict: OptimizerState<O>): void {
    const saved = state_dict.param_groups;
    if (saved.length !== this.param_groups.length) {
      throw new ValueError("loaded state dict has a different number of parameter groups");
    }
    if (saved.some((g, i) => g.params.length !== this.param_groups[i]!.params.length)) {
      throw new ValueError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
      );
    }
    this.state.clear();
    saved.forEach((group, i) => {
      const own = this.param_groups[i]!;
      group.params.forEach((number, k) => {
        const entry = state_dict.state[number];
        if (entry === undefined) return;
        const copied = Object.entries(entry).map(([key, value]) => [key, copyOf(value)] as const);
        this.state.set(own.params[k]!, Object.fromEntries(copied));
      });
      const { params } = own;
      Object.assign(own, group, { params });
    });
  }

  toString(): string {
    const groups = this.param_groups.map((group, i) => {
      const lines = Object.keys(group)
        .filter((key) => key !== "params")
        .sort()
        .map((key) => `    ${key}: ${settingText(group[key as keyof O])}\n`);
      return `Parameter Group ${i}\n${lines.join("")}`;
    });
    return `${this.constructor.name} (\n${groups.join("\n")})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const settingText = (value: unknown): string => (typeof value === "string" ? value : pythonRepr(value));

/** Refuses the first of these, by their names in PyTorch's messages, that is negative or NaN. */
export function atLeastZero(values: Readonly<Record<string, number>>): void {
  for (const [what, value] of Object.entries(values)) {
    if (!(value >= 0)) throw new ValueError(`Invalid ${what}: ${pythonRepr(value)}`);
  }
}

export function checkBetas(betas: readonly [number, number]): void {
  betas.forEach((beta, i) => {
    if (!(beta >= 0 && beta < 1)) {
      throw new ValueError(`Invalid beta parameter at index ${i}: ${floatText(beta)}`);
    }
  });
}

const floatText = (x: number): string => (Number.isInteger(x) ? `${x}.0` : pythonRepr(x));
