/** @file Tells the observer which module is running, by its path from the outermost one. */
import type { Observer } from "../../observe.js";
import type { Module } from "./module.js";
import { walk } from "./tree.js";

/** Paths within the outermost running module; null where none runs. */
let paths: Map<Module, string> | null = null;

/** Runs a module's call between `onModuleEnter` and `onModuleExit`. */
export function runObserved(module: Module, observer: Observer, run: () => unknown): unknown {
  if (observer.onModuleEnter === undefined && observer.onModuleExit === undefined) return run();
  const outer = paths;
  paths ??= new Map([...walk(module)].map(([path, m]) => [m, path]));
  observer.onModuleEnter?.(module, paths.get(module) ?? module._get_name());
  try {
    return run();
  } finally {
    paths = outer;
    observer.onModuleExit?.(module);
  }
}
