/** @file `saved_tensors_hooks`: what nodes keep can be put elsewhere, and is fetched when backward wants it. */
import { PyTypeError, RuntimeError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { gradEdge, gradFnOf } from "./edges.js";
import { mode, runGuarded } from "./grad_mode.js";
import type { Node } from "./node.js";
import { Packed, savedHooks, withHistory } from "./packed.js";

/**
 * Runs the innermost pack hook on `tensor`.
 *
 * @param origin the node that makes it, where it is a result whose history is not set yet
 */
export function pack(tensor: Tensor, origin: Node | null): Packed {
  const { pack: run, unpack } = savedHooks.top!;
  const gradFn = origin ?? gradFnOf(tensor);
  const sink = gradFn === null ? gradEdge(tensor) : null;
  const shown = gradFn === null ? tensor : withHistory(tensor, gradFn, tensor._outputNr, null);
  const version = tensor._storage.version;
  const before = mode.grad;
  mode.grad = false;
  try {
    const value = run(shown);
    if (tensor._storage.version !== version) {
      throw new RuntimeError(
        "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook cannot be modified by in-place operations as this can lead to unexpected side-effects. Please open an issue if you need to perform in-place operations on the input to a pack hook.",
      );
    }
    return new Packed(value, unpack, gradFn, tensor._outputNr, sink);
  } finally {
    mode.grad = before;
  }
}

class HooksGuard {
  readonly #before = { ...savedHooks };

  constructor(next: Partial<typeof savedHooks>) {
    Object.assign(savedHooks, next);
  }

  [Symbol.dispose](): void {
    Object.assign(savedHooks, this.#before);
  }
}

function refuseNoFunction(pack: unknown, unpack: unknown): void {
  if (typeof pack === "function" && typeof unpack === "function") return;
  throw new PyTypeError(
    "_push_saved_tensors_default_hooks(): incompatible function arguments. The following argument types are supported:\n    1. (arg0: collections.abc.Callable, arg1: collections.abc.Callable) -> None\n",
  );
}

/**
 * While it is active, every tensor that a node keeps goes through `pack_hook`, and backward gets what
 * `unpack_hook` makes of that: tensors can be kept elsewhere, smaller, or computed anew.
 */
export function saved_tensors_hooks<P>(
  pack_hook: (tensor: Tensor) => P,
  unpack_hook: (packed: P) => Tensor,
): Disposable;
export function saved_tensors_hooks<P, R>(
  pack_hook: (tensor: Tensor) => P,
  unpack_hook: (packed: P) => Tensor,
  fn: () => R,
): R;
export function saved_tensors_hooks<P, R>(
  pack_hook: (tensor: Tensor) => P,
  unpack_hook: (packed: P) => Tensor,
  fn?: () => R,
): R | Disposable {
  refuseNoFunction(pack_hook, unpack_hook);
  if (savedHooks.disabled !== null) throw new RuntimeError(savedHooks.disabled);
  const guard = new HooksGuard({ top: { pack: pack_hook, unpack: unpack_hook } });
  return fn === undefined ? guard : runGuarded(guard, fn);
}

/** Keeps copies of what nodes keep, as PyTorch does in main memory for other devices. */
export function save_on_cpu(): Disposable;
export function save_on_cpu<R>(fn: () => R): R;
export function save_on_cpu<R>(fn?: () => R): R | Disposable {
  const pack = (t: Tensor): Tensor => t.clone();
  const unpack = (t: Tensor): Tensor => t;
  return fn === undefined ? saved_tensors_hooks(pack, unpack) : saved_tensors_hooks(pack, unpack, fn);
}

/** Refuses `saved_tensors_hooks` inside, with the given message. */
export function disable_saved_tensors_hooks(error_message: string): Disposable;
export function disable_saved_tensors_hooks<R>(error_message: string, fn: () => R): R;
export function disable_saved_tensors_hooks<R>(error_message: string, fn?: () => R): R | Disposable {
  if (savedHooks.top !== null) throw new RuntimeError(error_message);
  const guard = new HooksGuard({ disabled: error_message });
  return fn === undefined ? guard : runGuarded(guard, fn);
}
