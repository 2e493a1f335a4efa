/**
 * @file What a module owns, read from its own properties.
 *
 * Registration is assignment: class fields define their properties without any setter being asked, so the
 * properties are looked through when somebody wants to know. Order of assignment is order of registration.
 */

import { Tensor } from "../../tensor.js";
import { Buffer, Parameter } from "../parameter.js";
import { ModuleBase } from "./base.js";
import type { Module } from "./module.js";

/** `[name, parameter]` of the module itself. */
export function* ownParameters(module: Module): Iterable<[string, Parameter]> {
  for (const [name, value] of Object.entries(module)) {
    if (value instanceof Parameter) yield [name, value];
  }
}

/** `[name, buffer]` of the module itself; `persistent` leaves out what `state_dict` leaves out. */
export function* ownBuffers(module: Module, persistent = false): Iterable<[string, Tensor]> {
  const registered = module._internal.buffers;
  for (const [name, value] of Object.entries(module)) {
    if (!(value instanceof Tensor) || value instanceof Parameter) continue;
    const kept = value instanceof Buffer ? value._persistent : registered.get(name);
    if (kept === true || (kept === false && !persistent)) yield [name, value];
  }
}

/** `[name, module]` of the direct sub-modules, shared ones as often as they stand there. */
export function* ownModules(module: Module): Iterable<[string, Module]> {
  for (const [name, value] of Object.entries(module)) {
    if (value instanceof ModuleBase) yield [name, value as Module];
  }
}

export const dotted = (prefix: string, name: string): string => (prefix === "" ? name : `${prefix}.${name}`);

/** The module and all below it, depth first, each once unless `duplicates`. */
export function* walk(
  module: Module,
  prefix = "",
  duplicates = false,
  seen: Set<Module> = new Set(),
): Iterable<[string, Module]> {
  if (seen.has(module)) return;
  if (!duplicates) seen.add(module);
  yield [prefix, module];
  for (const [name, child] of ownModules(module)) {
    yield* walk(child, dotted(prefix, name), duplicates, seen);
  }
}

/** Tensors of every module of the tree, by dotted name, each once unless `duplicates`. */
export function collect<T extends Tensor>(
  module: Module,
  members: (module: Module) => Iterable<[string, T]>,
  prefix: string,
  recurse: boolean,
  duplicates: boolean,
): [string, T][] {
  const found: [string, T][] = [];
  const seen = new Set<T>();
  const modules = recurse ? walk(module, prefix, duplicates) : [[prefix, module] as const];
  for (const [path, owner] of modules) {
    for (const [name, value] of members(owner)) {
      if (seen.has(value)) continue;
      if (!duplicates) seen.add(value);
      found.push([dotted(path, name), value]);
    }
  }
  return found;
}
