/** @file By which variables a breakpoint can name a node. */
import type { _C } from "../../core/index.js";
import type { Insight } from "../recorder/insight.js";
import type { Sources } from "../sources.js";

/** Names of the variable that holds the node's result; of a leaf, all that it has. */
export function namesOf(
  node: _C.Node,
  { insight, sources }: { readonly insight: Insight; readonly sources: Sources },
): string[] {
  const { origins, bindings, ops } = insight;
  const leaf = node.variable;
  const sites =
    leaf === null
      ? [ops.get(node)?.label ?? -1]
      : [origins.get(leaf)?.label ?? -1, ...bindings.sitesOf(leaf)];
  return [...new Set(sites.map((site) => sources.site(site)?.site.name ?? null))].filter(
    (name) => name !== null,
  );
}
