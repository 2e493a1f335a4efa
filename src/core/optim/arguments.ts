/** @file `new SGD(params, 0.1)` and `new SGD(params, { lr: 0.1 })`: settings by position or by name. */
import { PyTypeError } from "../errors.js";

/**
 * The defaults with what was given put over them.
 *
 * @throws TypeError for a name that the optimiser does not know
 */
export function withDefaults<O extends { lr: number }>(
  name: string,
  defaults: O,
  given: number | Partial<O> | undefined,
): O {
  if (given === undefined) return defaults;
  if (typeof given === "number") return { ...defaults, lr: given };
  const unknown = Object.keys(given).find((key) => !(key in defaults));
  if (unknown !== undefined) {
    throw new PyTypeError(`${name}.__init__() got an unexpected keyword argument '${unknown}'`);
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(set) as Partial<O>) };
}
