/**
 * @file Whose memory a gradient's is.
 *
 * What the derivative of a table's op makes while nobody records or observes it is the engine's alone, as long as
 * it is not handed to hooks, to functions of the user's, or to `.grad`'s readers. PyTorch sees that by a use count
 * of one; here the engine counts the places where it holds such memory itself (`Storage.holders`). At the last one
 * gone the memory is used again; where there is one only, sums are made in place.
 */
import { addInto } from "../kernels/add_into.js";
import { B, binary } from "../kernels/binary.js";
import { POOLED_FROM, recycle, stopTracking, tracked } from "../pool.js";
import type { Storage } from "../storage.js";
import type { Tensor } from "../tensor.js";
import type { Gradients } from "./hooks.js";

type Floats = Float32Array | Float64Array;

/** After formulas ran under `track()`: what they made is ours; what is not in `out` of it is free again. */
export function claim(out: Gradients): void {
  const made = tracked();
  for (let i = 0; i < out.length; i++) {
    const storage = out[i]?._storage;
    if (storage === undefined) continue;
    if (storage.holders > 0) storage.holders++;
    else if (made.length > 0 && storage.holders === 0 && made.includes(storage.array as Floats)) {
      storage.holders = 1;
    }
  }
  if (made.length === 0) return;
  for (const array of made) {
    if (!out.some((t) => t?._storage.array?.buffer === array.buffer)) recycle(array);
  }
  stopTracking();
}

/** One place more holds `t`, if it is ours. */
export function hold(t: Tensor): void {
  if (t._storage.holders > 0) t._storage.holders++;
}

/** One place less holds it. */
export function drop(t: Tensor | null | undefined): void {
  if (t === null || t === undefined) return;
  const storage = t._storage;
  if (storage.holders > 0 && --storage.holders === 0) free(storage);
}

export function dropAll(grads: Gradients): void {
  for (let i = 0; i < grads.length; i++) drop(grads[i]);
}

function free(storage: Storage): void {
  recycle(storage.array as Floats);
  storage.array = null;
}

/** Somebody outside of the engine sees these from here on. */
export function disown(grads: Gradients): void {
  for (let i = 0; i < grads.length; i++) {
    const t = grads[i];
    if (t !== null && t !== undefined && t._storage.holders > 0) t._storage.holders = 0;
  }
}

/** A large tensor that was just made, and that nobody has seen, is ours. */
export function own(t: Tensor): Tensor {
  const storage = t._storage;
  if (storage.length >= POOLED_FROM && storage.holders === 0 && storage.array !== null) storage.holders = 1;
  return t;
}

/** `pending + grad`, in `pending`'s memory where that is ours alone. Takes over both holds and gives one. */
export function addOwned(pending: Tensor, grad: Tensor): Tensor {
  const storage = pending._storage;
  if (storage.holders === 1 && storage !== grad._storage && addInto(pending, grad)) {
    drop(grad);
    return pending;
  }
  const sum = own(binary(B.add, pending, grad));
  drop(pending);
  drop(grad);
  return sum;
}
