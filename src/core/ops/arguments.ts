/** @file `f(a, b, { key: v })`: positional arguments, then one plain object naming any of the rest. */
import { PyTypeError } from "../errors.js";
import { isOptions } from "./check.js";

/**
 * Sorts arguments into `names` order; left-out ones are undefined.
 *
 * @throws TypeError for an unknown or doubly given keyword, as Python's own
 */
export function named(fn: string, names: readonly string[], args: readonly unknown[]): unknown[] {
  const last = args.at(-1);
  if (!isOptions(last)) return args.slice();
  const out = args.slice(0, -1);
  for (const [key, value] of Object.entries(last)) {
    const at = names.indexOf(key);
    if (at < 0) throw new PyTypeError(`${fn}() got an unexpected keyword argument '${key}'`);
    if (at < args.length - 1) throw new PyTypeError(`${fn}() got multiple values for argument '${key}'`);
    out[at] = value;
  }
  return out;
}
