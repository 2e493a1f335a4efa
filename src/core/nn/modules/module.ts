/** @file `torch.nn.Module`: the base class of everything that holds parameters. */
import { addHook, type Entry, type RemovableHandle } from "../../autograd/hooks.js";
import { DType } from "../../dtype.js";
import {
  AttributeError,
  KeyError,
  NotImplementedError,
  PyTypeError,
  pythonTypeName,
  ValueError,
} from "../../errors.js";
import { observer } from "../../observe.js";
import { Tensor } from "../../tensor.js";
import { Parameter } from "../parameter.js";
import { ModuleBase } from "./base.js";
import { clearGrads } from "./clear_grads.js";
import { convert } from "./convert.js";
import {
  type BackwardHook,
  type BackwardPreHook,
  type ForwardHook,
  type ForwardPreHook,
  ModuleHooks,
  runWithHooks,
} from "./hooks.js";
import { moduleRepr } from "./print.js";
import { runObserved } from "./scope.js";
import { type IncompatibleKeys, type LoadOptions, loadState, type StateDict, writeState } from "./state.js";
import { collect, ownBuffers, ownModules, ownParameters, walk } from "./tree.js";

interface Internal {
  /** Names given to `register_buffer`: whether `state_dict` holds them. */
  readonly buffers: Map<string, boolean>;
  hooks: ModuleHooks | null;
}

type Forward = (...input: never[]) => unknown;
/** What `call` takes: what the class's own `forward` takes. */
export type Inputs<F extends Forward> = never[] extends Parameters<F> ? unknown[] : Parameters<F>;

export interface NamedOptions {
  prefix?: string;
  recurse?: boolean;
  /** Leave out what was met before under another name (default). */
  remove_duplicate?: boolean;
}

/**
 * Base class of networks and their parts.
 *
 * Parameters, buffers and sub-modules are registered by being assigned to a property, as a class field or in
 * the constructor. Subclasses write `forward`; `call` runs it, with the hooks around it.
 */
export class Module extends ModuleBase {
  /** Whether the module is training or being used: dropout and batch norm differ. */
  training = true;
  /** @internal not enumerable */
  declare readonly _internal: Internal;

  constructor() {
    super();
    const value: Internal = { buffers: new Map(), hooks: null };
    Object.defineProperty(this, "_internal", { value });
  }

  /** What the module computes. Write it in a subclass; use `call` to run it. */
  forward(..._input: never[]): unknown {
    throw new NotImplementedError(`Module [${this._get_name()}] is missing the required "forward" function`);
  }

  /** Runs the module on its inputs: hooks before, `forward`, hooks after. */
  call(...input: Inputs<this["forward"]>): ReturnType<this["forward"]> {
    const hooks = this._internal.hooks;
    const forward = this.forward as (...args: unknown[]) => unknown;
    const run = (): unknown =>
      hooks === null
        ? forward.apply(this, input)
        : runWithHooks(this, hooks, (args) => forward.apply(this, [...args]), input);
    return (observer === null ? run() : runObserved(this, observer, run)) as ReturnType<this["forward"]>;
  }

  // What it owns.

  named_parameters(options: NamedOptions = {}): [string, Parameter][] {
    return collect(
      this,
      ownParameters,
      options.prefix ?? "",
      options.recurse ?? true,
      options.remove_duplicate === false,
    );
  }

  parameters(recurse = true): Parameter[] {
    return this.named_parameters({ recurse }).map(([, p]) => p);
  }

  named_buffers(options: NamedOptions = {}): [string, Tensor][] {
    return collect<Tensor>(
      this,
      ownBuffers,
      options.prefix ?? "",
      options.recurse ?? true,
      options.remove_duplicate === false,
    );
  }

  buffers(recurse = true): Tensor[] {
    return this.named_buffers({ recurse }).map(([, b]) => b);
  }

  /** The direct sub-modules, each once. */
  named_children(): [string, Module][] {
    const seen = new Set<Module>();
    return [...ownModules(this)].filter(([, child]) => !seen.has(child) && seen.add(child));
  }

  children(): Module[] {
    return this.named_children().map(([, child]) => child);
  }

  /** This module under the name `""`, and all below it under their dotted names. */
  named_modules(options: { prefix?: string; remove_duplicate?: boolean } = {}): [string, Module][] {
    return [...walk(this, options.prefix ?? "", options.remove_duplicate === false)];
  }

  modules(): Module[] {
    return this.named_modules().map(([, module]) => module);
  }

  /** The sub-module at a dotted path; `""` is this one. */
  get_submodule(target: string): Module {
    let module: Module = this;
    for (const name of target === "" ? [] : target.split(".")) {
      const next = (module as unknown as Record<string, unknown>)[name];
      if (next === undefined) throw new AttributeError(`${module._get_name()} has no attribute \`${name}\``);
      if (!(next instanceof Module)) throw new AttributeError(`\`${name}\` is not an nn.Module`);
      module = next;
    }
    return module;
  }

  get_parameter(target: string): Parameter {
    const at = target.lastIndexOf(".");
    const module = this.get_submodule(target.slice(0, Math.max(at, 0)));
    const name = target.slice(at + 1);
    const value = (module as unknown as Record<string, unknown>)[name];
    if (value === undefined) throw new AttributeError(`${module._get_name()} has no attribute \`${name}\``);
    if (!(value instanceof Parameter)) throw new AttributeError(`\`${name}\` is not an nn.Parameter`);
    return value;
  }

  // Registration by name.

  register_parameter(name: string, param: Parameter | null): void {
    this.#checkName("parameter", name);
    if (param !== null && !(param instanceof Parameter)) {
      throw new PyTypeError(
        `cannot assign '${typeName(param)}' object to parameter '${name}' (torch.nn.Parameter or None required)`,
      );
    }
    this.#set(name, param);
  }

  /** A tensor of the module's state that is not learnt; `persistent`: `state_dict` holds it. */
  register_buffer(name: string, tensor: Tensor | null, persistent = true): void {
    this.#checkName("buffer", name);
    if (tensor !== null && !(tensor instanceof Tensor)) {
      throw new PyTypeError(
        `cannot assign '${typeName(tensor)}' object to buffer '${name}' (torch.Tensor or None required)`,
      );
    }
    this._internal.buffers.set(name, persistent);
    this.#set(name, tensor);
  }

  register_module(name: string, module: Module): void {
    this.add_module(name, module);
  }

  add_module(name: string, module: Module): void {
    if (!(module instanceof Module)) throw new PyTypeError(`${typeName(module)} is not a Module subclass`);
    this.#checkName("module", name);
    this.#set(name, module);
  }

  #checkName(kind: string, name: string): void {
    if (name.includes(".")) throw new KeyError(`${kind} name can't contain "."`);
    if (name === "") throw new KeyError(`${kind} name can't be empty string ""`);
    if (name in this) throw new KeyError(`attribute '${name}' already exists`);
  }

  #set(name: string, value: unknown): void {
    (this as unknown as Record<string, unknown>)[name] = value;
  }

  // Changing all of it.

  /** Runs `fn` on every sub-module, children first, then on this one. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  train(mode = true): this {
    if (typeof mode !== "boolean") throw new ValueError("training mode is expected to be boolean");
    this.training = mode;
    for (const child of this.children()) child.train(mode);
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  requires_grad_(requires_grad = true): this {
    for (const p of this.parameters()) p.requires_grad_(requires_grad);
    return this;
  }

  /** Clears the gradients of all parameters: to null, or to zeros. */
  zero_grad(set_to_none: boolean | { set_to_none?: boolean } = true): void {
    clearGrads(this.parameters(), set_to_none);
  }

  /** Casts floating-point parameters and buffers, in place. */
  to(dtype: DType | { dtype?: DType } | string): this {
    const target = dtype instanceof DType || typeof dtype === "string" ? dtype : dtype.dtype;
    if (typeof target === "string" || target === undefined) return this;
    if (!target.is_floating_point) {
      throw new PyTypeError(
        `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=${target}`,
      );
    }
    for (const t of [...this.parameters(), ...this.buffers()]) convert(t, target);
    return this;
  }

  state_dict(options: { prefix?: string; keep_vars?: boolean } = {}): StateDict {
    return writeState(this, options.prefix ?? "", options.keep_vars ?? false, {});
  }

  /** Copies values into the module. @throws RuntimeError naming every key and shape that does not fit */
  load_state_dict(state_dict: Readonly<StateDict>, options: LoadOptions | boolean = {}): IncompatibleKeys {
    return loadState(this, state_dict, typeof options === "boolean" ? { strict: options } : options);
  }

  // Hooks.

  get #hooks(): ModuleHooks {
    this._internal.hooks ??= new ModuleHooks();
    return this._internal.hooks;
  }

  /** Runs before `forward`: may replace the inputs. */
  register_forward_pre_hook(hook: ForwardPreHook): RemovableHandle {
    return addHook(this.#hooks.pre as Entry<ForwardPreHook>[], hook);
  }

  /** Runs after `forward`: may replace the output. */
  register_forward_hook(hook: ForwardHook): RemovableHandle {
    return addHook(this.#hooks.post as Entry<ForwardHook>[], hook);
  }

  /** Runs when gradients of the inputs have been computed: may replace them. */
  register_full_backward_hook(hook: BackwardHook): RemovableHandle {
    return addHook(this.#hooks.backward as Entry<BackwardHook>[], hook);
  }

  /** Runs when gradients of the outputs have arrived: may replace them. */
  register_full_backward_pre_hook(hook: BackwardPreHook): RemovableHandle {
    return addHook(this.#hooks.backwardPre as Entry<BackwardPreHook>[], hook);
  }

  // Text.

  /** @internal the class's name */
  _get_name(): string {
    return this.constructor.name;
  }

  /** What stands between the parentheses when the module is printed. */
  extra_repr(): string {
    return "";
  }

  override toString(): string {
    return moduleRepr(this);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function typeName(value: unknown): string {
  return value instanceof Tensor ? `torch.${value.dtype.scalarName}Tensor` : pythonTypeName(value);
}
