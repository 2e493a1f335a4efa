/** @file Keeps what V8 compiled of the compiler, once it has compiled something and knows what is used of it. */

/** The global by which the compiler's file, a bundle of its own, says that there is something to keep. */
export const KEEP_CODE: unique symbol = Symbol.for("gradwalk.keepCode");

/** Does it where nobody has done it before; the program finds nothing of it. */
export function keepCode(): void {
  const host = globalThis as { [KEEP_CODE]?: () => void };
  const keep = host[KEEP_CODE];
  delete host[KEEP_CODE];
  keep?.();
}
