/** @file `state_dict` and back. */
import { no_grad } from "../../autograd/grad_mode.js";
import { PyTypeError, pythonTypeName, RuntimeError } from "../../errors.js";
import { sameShape } from "../../shape.js";
import { Tensor } from "../../tensor.js";
import { Parameter } from "../parameter.js";
import type { Module } from "./module.js";
import { ownBuffers, ownModules, ownParameters } from "./tree.js";

/** Parameters and persistent buffers by dotted name. */
export type StateDict = Record<string, Tensor>;

export interface LoadOptions {
  /** Refuse missing and unexpected keys (default). */
  strict?: boolean;
  /** Put the given tensors into the module instead of copying their values. */
  assign?: boolean;
}

/** What `load_state_dict` answers. */
export class IncompatibleKeys {
  readonly missing_keys: string[] = [];
  readonly unexpected_keys: string[] = [];

  toString(): string {
    if (this.missing_keys.length === 0 && this.unexpected_keys.length === 0) {
      return "<All keys matched successfully>";
    }
    const list = (keys: string[]): string => `[${keys.map((k) => `'${k}'`).join(", ")}]`;
    return `_IncompatibleKeys(missing_keys=${list(this.missing_keys)}, unexpected_keys=${list(this.unexpected_keys)})`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

function* ownState(module: Module): Iterable<[string, Tensor]> {
  yield* ownParameters(module);
  yield* ownBuffers(module, true);
}

export function writeState(module: Module, prefix: string, keep_vars: boolean, into: StateDict): StateDict {
  for (const [name, value] of ownState(module)) into[prefix + name] = keep_vars ? value : value.detach();
  for (const [name, child] of ownModules(module)) writeState(child, `${prefix}${name}.`, keep_vars, into);
  return into;
}

class Loader {
  readonly keys = new IncompatibleKeys();
  readonly errors: string[] = [];

  constructor(
    readonly state: Readonly<StateDict>,
    readonly strict: boolean,
    readonly assign: boolean,
  ) {}

  load(module: Module, prefix: string): void {
    const own = new Map(ownState(module));
    const children = new Map(ownModules(module));
    for (const [name, target] of own) {
      const key = prefix + name;
      if (key in this.state) this.#set(module, name, key, target);
      else if (this.strict) this.keys.missing_keys.push(key);
    }
    if (this.strict) {
      for (const key of Object.keys(this.state)) {
        if (!key.startsWith(prefix)) continue;
        const [head = "", ...rest] = key.slice(prefix.length).split(".");
        const known = rest.length > 0 ? children.has(head) : own.has(head);
        // A key below an unknown child of an unknown child was told by the ancestor.
        if (!known && !this.keys.unexpected_keys.includes(key)) this.keys.unexpected_keys.push(key);
      }
    }
    for (const [name, child] of children) this.load(child, `${prefix}${name}.`);
  }

  #set(module: Module, name: string, key: string, target: Tensor): void {
    let value: unknown = this.state[key];
    if (!(value instanceof Tensor)) {
      this.errors.push(
        `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object from checkpoint but received ${pythonTypeName(value)}`,
      );
      return;
    }
    let tensor = value;
    if (target._shape.length === 0 && sameShape(tensor._shape, [1])) tensor = tensor.select(0, 0);
    if (!sameShape(tensor._shape, target._shape)) {
      this.errors.push(
        `size mismatch for ${key}: copying a param with shape ${tensor._shape} from checkpoint, the shape in current model is ${target._shape}.`,
      );
      return;
    }
    if (this.assign) {
      if (target instanceof Parameter) {
        if (tensor instanceof Parameter) tensor.requires_grad_(target.requires_grad);
        else tensor = new Parameter(tensor, target.requires_grad);
      }
      value = tensor;
      (module as unknown as Record<string, unknown>)[name] = value;
    } else no_grad(() => target.copy_(tensor));
  }
}

export function loadState(module: Module, state: unknown, options: LoadOptions): IncompatibleKeys {
  if (typeof state !== "object" || state === null || Array.isArray(state)) {
    throw new PyTypeError(`Expected state_dict to be dict-like, got <class '${pythonTypeName(state)}'>.`);
  }
  const loader = new Loader(state as StateDict, options.strict ?? true, options.assign ?? false);
  loader.load(module, "");
  const { keys, errors } = loader;
  const quoted = (list: string[]): string => list.map((k) => `"${k}"`).join(", ");
  if (keys.unexpected_keys.length > 0) {
    errors.unshift(`Unexpected key(s) in state_dict: ${quoted(keys.unexpected_keys)}. `);
  }
  if (keys.missing_keys.length > 0) {
    errors.unshift(`Missing key(s) in state_dict: ${quoted(keys.missing_keys)}. `);
  }
  if (errors.length > 0) {
    throw new RuntimeError(
      `Error(s) in loading state_dict for ${module._get_name()}:\n\t${errors.join("\n\t")}`,
    );
  }
  return keys;
}
