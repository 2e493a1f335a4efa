/** @file Hooks around a module's `forward`, and around its part of the backward pass. */
import { Function as AutogradFunction, type FunctionContext } from "../../autograd/function.js";
import { mode } from "../../autograd/grad_mode.js";
import type { Entry, Gradients } from "../../autograd/hooks.js";
import { Tensor } from "../../tensor.js";
import type { Module } from "./module.js";

export type ForwardPreHook = (module: Module, args: readonly unknown[]) => unknown;
export type ForwardHook = (module: Module, args: readonly unknown[], output: unknown) => unknown;
export type BackwardHook = (
  module: Module,
  grad_input: Gradients,
  grad_output: Gradients,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook may be a function without a return statement
) => Gradients | Tensor | null | void;
export type BackwardPreHook = (
  module: Module,
  grad_output: Gradients,
  // biome-ignore lint/suspicious/noConfusingVoidType: as above
) => Gradients | Tensor | null | void;

export class ModuleHooks {
  readonly pre: Entry<ForwardPreHook>[] = [];
  readonly post: Entry<ForwardHook>[] = [];
  readonly backward: Entry<BackwardHook>[] = [];
  readonly backwardPre: Entry<BackwardPreHook>[] = [];
}

/** The identity, with a node that hooks can hang on. */
class BackwardHookFunction extends AutogradFunction {
  static override forward(ctx: FunctionContext, ...args: Tensor[]): Tensor[] {
    ctx.mark_non_differentiable(...args.filter((a) => !a.requires_grad));
    return args;
  }

  static override backward(_ctx: FunctionContext, ...grads: Tensor[]): Tensor[] {
    return grads;
  }
}

const asList = (result: unknown): Gradients | null => {
  if (result === undefined || result === null) return null;
  return Array.isArray(result) ? (result as Gradients) : [result as Tensor];
};

/** Passes the tensors among `values` through one identity node; `attach` gets that node. */
function throughNode(
  values: readonly unknown[],
  attach: (node: NonNullable<Tensor["grad_fn"]>) => void,
): { readonly values: unknown[]; readonly attached: boolean } {
  const tensors = values.filter((v): v is Tensor => v instanceof Tensor);
  if (!mode.grad || !tensors.some((t) => t.requires_grad)) return { values: [...values], attached: false };
  const passed = BackwardHookFunction.apply<Tensor[]>(...tensors);
  const node = passed.find((t) => t.grad_fn !== null)?.grad_fn;
  if (node !== null && node !== undefined) attach(node);
  let at = 0;
  return { values: values.map((v) => (v instanceof Tensor ? passed[at++] : v)), attached: true };
}

/** Both ends of a module's part of the graph. */
class BackwardScope {
  #gradOutput: Gradients | null = null;
  #watchesInputs = false;

  constructor(
    readonly module: Module,
    readonly hooks: ModuleHooks,
  ) {}

  inputs(args: readonly unknown[]): readonly unknown[] {
    if (this.hooks.backward.length === 0) return args;
    const { values, attached } = throughNode(args, (node) => {
      node.register_hook((gradInput) => this.#run(gradInput));
    });
    this.#watchesInputs = attached;
    return values;
  }

  outputs(output: unknown): unknown {
    const many = Array.isArray(output);
    const { values } = throughNode(many ? (output as unknown[]) : [output], (node) => {
      node.register_prehook((arrived) => {
        let grads = arrived;
        for (const { fn } of [...this.hooks.backwardPre]) grads = asList(fn(this.module, grads)) ?? grads;
        this.#gradOutput = grads;
        // No input takes a gradient: this is the last that will be seen of the module.
        if (!this.#watchesInputs && this.hooks.backward.length > 0) this.#run([null]);
        return grads;
      });
    });
    return many ? values : values[0];
  }

  #run(gradInput: Gradients): Gradients {
    let grads = gradInput;
    for (const { fn } of [...this.hooks.backward]) {
      grads = asList(fn(this.module, grads, this.#gradOutput ?? [])) ?? grads;
    }
    return grads;
  }
}

/** Pre-hooks, `forward`, hooks; the backward hooks' nodes around them. */
export function runWithHooks(
  module: Module,
  hooks: ModuleHooks,
  forward: (args: readonly unknown[]) => unknown,
  input: readonly unknown[],
): unknown {
  let args = input;
  for (const { fn } of [...hooks.pre]) {
    const next = fn(module, args);
    if (next !== undefined && next !== null) args = Array.isArray(next) ? (next as unknown[]) : [next];
  }
  const backward = hooks.backward.length + hooks.backwardPre.length > 0;
  const scope = backward ? new BackwardScope(module, hooks) : null;
  if (scope !== null) args = scope.inputs(args);
  let output = forward(args);
  for (const { fn } of [...hooks.post]) {
    const next = fn(module, args, output);
    if (next !== undefined && next !== null) output = next;
  }
  return scope === null ? output : scope.outputs(output);
}
