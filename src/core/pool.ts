/**
 * @file Memory of large tensors that is used again, where the library itself knows that nobody holds it any more.
 *
 * Fresh memory of some megabytes costs more than most operations on it: the system hands it out page by page and
 * clears it. What programs hold is never taken back (only the collector can know): see autograd/ownership.ts.
 */
import type { DType } from "./dtype.js";

type Floats = Float32Array | Float64Array;

/** Elements from which memory is pooled. */
export const POOLED_FROM = 1 << 14;
/** Bytes that a pool keeps at most; one that is full of sizes that nobody asks for begins anew. */
const MOST = 1 << 27;

class Pool {
  bytes = 0;
  readonly #single = new Map<number, Float32Array[]>();
  readonly #double = new Map<number, Float64Array[]>();

  take(single: boolean, length: number): Floats | undefined {
    const array = (single ? this.#single : this.#double).get(length)?.pop();
    if (array !== undefined) this.bytes -= array.byteLength;
    return array;
  }

  put(array: Floats): void {
    if (this.bytes + array.byteLength > MOST) {
      this.#single.clear();
      this.#double.clear();
      this.bytes = 0;
      if (array.byteLength > MOST) return;
    }
    this.bytes += array.byteLength;
    const lists: Map<number, Floats[]> = array instanceof Float32Array ? this.#single : this.#double;
    const list = lists.get(array.length);
    if (list === undefined) lists.set(array.length, [array]);
    else list.push(array);
  }
}

/** Held weakly, so that an idle program's collector gets it all: a loop that computes keeps it alive. */
let reference: WeakRef<Pool> | null = null;

/** Large arrays made since `track()`. */
const made: Floats[] = [];
let tracking = false;

/** Memory for a large tensor of floats; with `zero`, all zeros, else with anything in it. */
export function takeFloats(dtype: DType, length: number, zero: boolean): Floats {
  const single = dtype.name === "float32";
  let array = reference?.deref()?.take(single, length);
  if (array === undefined) array = single ? new Float32Array(length) : new Float64Array(length);
  else if (zero) array.fill(0);
  if (tracking) made.push(array);
  return array;
}

/** Takes back memory that nobody will read or write again. */
export function recycle(array: Floats): void {
  let pool = reference?.deref();
  if (pool === undefined) {
    pool = new Pool();
    reference = new WeakRef(pool);
  }
  pool.put(array);
}

/** From here on notes what is made. */
export function track(): void {
  // Setting a length costs, and there is seldom one to set.
  if (made.length > 0) made.length = 0;
  tracking = true;
}

/** Ends it: what was made, good until the next `track()`. */
export function tracked(): readonly Floats[] {
  tracking = false;
  return made;
}

/** Code of the program's own runs: what is made from here on, or was, may be held by it. */
export function stopTracking(): void {
  made.length = 0;
  tracking = false;
}
