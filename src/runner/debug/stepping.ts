/** @file Where a resumed program pauses next: the engine's order is followed, never changed. */
import type { _C } from "../../core/index.js";
import type { Resume } from "../../protocol/debug.js";
import type { ScopeNode } from "../recorder/scopes.js";
import { isCustom, type RunningPass, type ScopeOf } from "./running.js";

type Stepping =
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

type StepReason = "step" | "backward" | "goto";

export class Steps {
  private readonly running: readonly RunningPass[];
  private readonly scopeOf: ScopeOf;
  private stepping: Stepping = { mode: "continue" };

  /** @param scopeOf where a function was made in the forward pass */
  constructor(running: readonly RunningPass[], scopeOf: ScopeOf) {
    this.running = running;
    this.scopeOf = scopeOf;
  }

  get mode(): Stepping["mode"] {
    return this.stepping.mode;
  }

  /** @throws Error with a message for people */
  begin(resume: Resume): void {
    this.stepping = this.steppingFor(resume);
  }

  stop(): void {
    this.stepping = { mode: "continue" };
  }

  /** Whether the program pauses before the node whose turn it is in the innermost pass. */
  reasonToPause(): StepReason | null {
    return pausesAt(this.stepping, this.running, this.scopeOf);
  }

  /** Whether a step goes into the node that runs: code of the user's, or a derivative that is recorded. */
  goInside(current: RunningPass | undefined): boolean {
    const { stepping } = this;
    if (current === undefined || stepping.mode !== "in" || !current.inside) return false;
    if (this.running.length !== stepping.depth || current.node !== stepping.node) return false;
    return (current.node !== null && isCustom(current.node)) || current.pass.createGraph;
  }

  private steppingFor(resume: Resume): Stepping {
    const depth = Math.max(this.running.length, 1);
    const current = this.running.at(-1);
    switch (resume.mode) {
      case "continue":
      case "next":
        return { mode: resume.mode, depth };
      case "in":
        if (resume.node !== null && current !== undefined) {
          const node = this.nodeToReach(current, resume.node);
          if (node !== current.node) return { mode: "to", depth, task: current.task, node, reason: "step" };
        }
        return { mode: "in", depth, node: current?.node ?? null };
      case "out":
        // Out of the code inside a node is before the next one.
        if (current?.inside) return { mode: "next", depth };
        return { mode: "out", depth, task: current?.task ?? null, scope: this.currentScope(current) };
      case "to": {
        const running = this.running.find(({ pass }) => pass.index === resume.pass);
        if (running === undefined)
          throw new Error("This pass is not running, so it can't be run to a node of it.");
        const node = this.nodeToReach(running, resume.node);
        return { mode: "to", depth, task: running.task, node, reason: "goto" };
      }
    }
  }

  private nodeToReach(running: RunningPass, number: number): _C.Node {
    const entry = running.pass.layout?.entries[number];
    if (entry === undefined || entry.kind === "constant")
      throw new Error("The backward pass does not run this node.");
    if (running.ran.has(entry.node) || (entry.node === running.node && running.inside)) {
      throw new Error(`${entry.node.name()} has run already; step back to look at it.`);
    }
    return entry.node;
  }

  /** Of the node whose turn it is; a sink has none, there counts the function that ran last. */
  private currentScope(current: RunningPass | undefined): ScopeNode | null {
    if (current?.node == null) return null;
    if (current.node.variable === null) return this.scopeOf(current.node);
    const last = current.pass.steps.findLast(({ node }) => node.variable === null);
    return last === undefined ? null : this.scopeOf(last.node);
  }
}

/**
 * Whether the program pauses before the node of the innermost pass.
 *
 * @param scopeOf where a function was made in the forward pass
 */
function pausesAt(
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
    if (x === null || y === null) return false;
    if (x.site !== y.site || x.count !== y.count || x.module !== y.module) return false;
    x = x.parent;
    y = y.parent;
  }
  return true;
}
