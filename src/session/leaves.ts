/** @file The leaves that a pass reached, with the modules that they belong to. */
import type { GradSummary, Scope } from "../protocol/export.js";
import { gradSummary } from "../protocol/wire.js";
import type { Pass } from "./pass.js";
import type { Sources } from "./sources.js";

export interface Leaf {
  readonly node: number;
  /** The variable's name; null for one that only a module holds. */
  readonly name: string | null;
  /** The call that takes it first, for what has no name of its own. */
  readonly user: string | null;
  /** The dotted name of the module in whose call it is used; null outside of modules. */
  readonly module: string | null;
  readonly shape: readonly number[];
  readonly grad: GradSummary | null;
}

/** In the order in which they were made. */
export function leavesOf(pass: Pass, sources: Sources): Leaf[] {
  const { nodes, edges } = pass.structure;
  const users = new Map<number, number>();
  for (const { from, to } of edges) {
    const known = users.get(to);
    if (known === undefined || from < known) users.set(to, from);
  }
  return nodes.flatMap(({ kind, label, shape }, node): Leaf[] => {
    if (kind !== "accumulate") return [];
    const grad = pass.record.grads[node];
    const user = users.get(node);
    return [
      {
        node,
        name: label,
        user: user === undefined ? null : (sources.site(nodes[user]!.site)?.text ?? null),
        module: user === undefined ? null : moduleOf(pass.record.scopes[user]!),
        shape,
        grad: grad ? gradSummary(grad) : null,
      },
    ];
  });
}

function moduleOf(scopes: readonly Scope[]): string | null {
  return scopes.findLast(({ kind }) => kind === "module")?.name ?? null;
}
