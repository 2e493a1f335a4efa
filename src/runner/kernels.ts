/** @file Gives the core its WebAssembly kernels, which lie beside the runner. */
import { readFileSync } from "node:fs";
import type * as library from "../core/index.js";

/** What is used of the global that Node's types leave to the browser's. */
declare const WebAssembly: {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean;
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/**
 * Without the file, or where the engine has no SIMD, the core computes with its plain loops. Compiling a few
 * kilobytes takes less than a round trip to another thread would.
 */
export function installKernels(core: typeof library, file: URL): void {
  const bytes = read(file);
  if (bytes === null || !WebAssembly.validate(bytes)) return;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  core._C.installKernels(exports as library._C.NativeKernels);
}

function read(file: URL): Uint8Array<ArrayBuffer> | null {
  try {
    return new Uint8Array(readFileSync(file));
  } catch {
    return null;
  }
}
