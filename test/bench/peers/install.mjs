/** @file Installs the WebAssembly kernels as the runner does; GRADWALK_KERNELS=plain measures without them. */
import { readFile } from "node:fs/promises";

export async function install(torch) {
  if (process.env.GRADWALK_KERNELS === "plain") return;
  const bytes = await readFile(new URL("../../../dist/kernels.wasm", import.meta.url));
  const { instance } = await WebAssembly.instantiate(bytes);
  torch._C.installKernels(instance.exports);
}
