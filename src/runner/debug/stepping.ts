/** @file Where a resumed program pauses next: the engine's order is followed, never changed. */
import type { _C } from "../../core/index.js";
import type { ScopeNode } from "../recorder/scopes.js";
import type { RunningPass } from "./running.js";

export type Stepping =
  | { readonly mode: "continue" }
  /** Before the next node of a pass that is no deeper than `depth`. */
  | { readonly mode: "next"; readonly depth: number }
  /** Before the next node at all, or inside `node`. */
  | { readonly mode: "in"; readonly depth: number; readonly node: _C.Node | null }
  /** Before the first function that was not made in `scope`. */
  | {
      readonly mode: "out";
      readonly depth: number;
      readonly task: _C.GraphTask | null;
      readonly scope: ScopeNode | null;
    }
  | {
      readonly mode: "to";
      readonly depth: number;
      readonly task: _C.GraphTask;
      readonly node: _C.Node;
      readonly reason: "goto" | "step";
    };

export type StepReason = "step" | "backward" | "goto";

/**
 * Whether the program pauses before the node of the innermost pass.
 *
 * @param scopeOf where a function was made in the forward pass
 */
export function pausesAt(
  stepping: Stepping,
  running: readonly RunningPass[],
  scopeOf: (node: _C.Node) => ScopeNode | null,
): StepReason | null {
  if (stepping.mode === "continue") return null;
  const { task, node, pass } = running.at(-1)!;
  const depth = running.length;
  const reason = pass.steps.length === 0 && depth <= stepping.depth ? "backward" : "step";
  switch (stepping.mode) {
    case "in":
      return reason;
    case "next":
      return depth <= stepping.depth ? reason : null;
    case "out": {
      if (depth > stepping.depth) return null;
      if (depth < stepping.depth || task !== stepping.task) return reason;
      // A leaf's sink runs as soon as it can, wherever the leaf was made: it says nothing of scopes.
      if (stepping.scope === null || node!.variable !== null) return null;
      return isWithin(scopeOf(node!), stepping.scope) ? null : reason;
    }
    case "to":
      if (task === stepping.task) return node === stepping.node ? stepping.reason : null;
      // The pass ended without it.
      return depth <= stepping.depth && running.every((each) => each.task !== stepping.task) ? reason : null;
  }
}

/** Whether `scope` is `outer` or lies in it: the same call or iteration, not only the same place. */
function isWithin(scope: ScopeNode | null, outer: ScopeNode): boolean {
  for (let at = scope; at !== null; at = at.parent) if (same(at, outer)) return true;
  return false;
}

function same(a: ScopeNode | null, b: ScopeNode | null): boolean {
  let x = a;
  let y = b;
  while (x !== y) {
    if (x === null || y === null || x.site !== y.site || x.count !== y.count) return false;
    x = x.parent;
    y = y.parent;
  }
  return true;
}
