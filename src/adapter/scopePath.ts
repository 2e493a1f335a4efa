/** @file The dynamic scopes of a node: calls, modules and iterations, and when a walk has left one. */
import type { Scope } from "../protocol/export.js";
import type { Pass } from "../session/pass.js";

/** One call, or one iteration. */
function isSameScope(a: Scope, b: Scope | undefined): boolean {
  if (a.kind !== b?.kind || a.name !== b.name || a.line !== b.line || a.file !== b.file) return false;
  return a.kind === "loop"
    ? b.kind === "loop" && a.iteration === b.iteration
    : b.kind !== "loop" && a.call === b.call;
}

/** Whether this step's node was made outside of the innermost scope of `node`; a pass's end leaves all. */
export function leavesScope(from: Pass | null, node: number | null, pass: Pass, step: number): boolean {
  if (from === null || node === null || pass.index !== from.index) return true;
  const next = pass.record.steps[step];
  if (!next) return true;
  const scopes = pass.record.scopes[next.node]!;
  const own = from.record.scopes[node]!;
  // A sink was made before the pass's calls were: it is no way out of them.
  if (pass.structure.nodes[next.node]!.kind === "accumulate") return false;
  return own.length === 0 ? false : !own.every((scope, depth) => isSameScope(scope, scopes[depth]));
}

/** Whether a pass ran inside a step of this other one. */
export function isInside(pass: Pass, outer: Pass | null, passAt: (index: number) => Pass | null): boolean {
  for (let at = pass.record.within; at; at = passAt(at.pass)?.record.within) {
    if (at.pass === outer?.index) return true;
  }
  return false;
}

/** Whether the scopes lie in these others, which are outermost first. */
export function sharesScope(scopes: readonly Scope[], outer: readonly Scope[]): boolean {
  return outer.every((scope, depth) => isSameScope(scope, scopes[depth]));
}
