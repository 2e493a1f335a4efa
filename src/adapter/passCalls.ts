/** @file Calls of the forward pass as a backward pass comes to them: each is entered once, by its last operation. */
import type { FunctionScope } from "../protocol/export.js";
import type { Pass } from "../session/pass.js";

/** The same for all that one call made. */
export function callId({ file, line, name, call, from }: FunctionScope): string {
  return [file, line, name, call, from?.line, from?.column].join(" ");
}

const NONE: readonly FunctionScope[] = [];

export class PassCalls {
  /** By pass: the calls that each step enters, for the steps looked at so far, and all of their names. */
  readonly #known = new WeakMap<
    Pass,
    { readonly entered: (readonly FunctionScope[])[]; readonly names: Set<string> }
  >();

  /** The calls that made this step's node and none of an earlier step's, outermost first. */
  enteredAt(pass: Pass, step: number): readonly FunctionScope[] {
    let known = this.#known.get(pass);
    if (known === undefined) {
      known = { entered: [], names: new Set() };
      this.#known.set(pass, known);
    }
    const { entered, names } = known;
    while (entered.length <= step) entered.push(enter(pass, entered.length, names));
    return entered[step]!;
  }
}

function enter(pass: Pass, step: number, names: Set<string>): readonly FunctionScope[] {
  const node = pass.record.steps[step]?.node;
  // A sink's leaf was made by some call, but its step is no part of that call's backward.
  if (node === undefined || pass.structure.nodes[node]!.kind === "accumulate") return NONE;
  return pass.record.scopes[node]!.filter((scope): scope is FunctionScope => {
    if (scope.kind !== "function") return false;
    const id = callId(scope);
    return !names.has(id) && names.add(id) !== undefined;
  });
}
