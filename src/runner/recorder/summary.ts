/** @file What is told of every pass, kept or not. */
import type { PassSummary } from "../../protocol/trace.js";
import type { Sources } from "../sources.js";
import type { Origins } from "./origins.js";
import type { Pass } from "./pass.js";
import type { ScopeNode } from "./scopes.js";
import { normOf, scalarOf } from "./wire.js";

export function summaryOf(pass: Pass, sources: Sources, origins: Origins): PassSummary {
  const name = (site: number | undefined) =>
    site === undefined || site < 0 ? null : (sources.site(site)?.site.name ?? null);
  const [root] = pass.rootNodes;
  const op = root === undefined ? undefined : pass.ops[pass.nodes.indexOf(root)];
  const output = op?.output ?? root?.variable ?? null;
  const value = op?.copy?.data.length === 1 ? op.copy.data[0]! : output === null ? null : scalarOf(output);
  const label = root?.variable != null ? origins.get(root.variable)?.label : op?.label;
  const gradNorms: Record<string, number> = {};
  for (const { node, gradIn } of pass.steps) {
    const leaf = node.variable === null ? null : name(origins.get(node.variable)?.label);
    const grad = gradIn[0];
    if (leaf !== null && grad != null) gradNorms[leaf] = normOf(grad);
  }
  return {
    index: pass.index,
    call: pass.call,
    site: pass.site,
    root: pass.rootNodes.length === 1 ? value : null,
    rootName: name(label),
    nodes: pass.nodes.length + pass.constants.size,
    steps: pass.steps.length,
    ...innermostLoop(pass.scope, sources),
    gradNorms,
    ...(pass.within && { within: pass.within }),
  };
}

function innermostLoop(
  scope: ScopeNode | null,
  sources: Sources,
): Pick<PassSummary, "iteration" | "loopLine"> {
  for (let each = scope; each !== null; each = each.parent) {
    const found = sources.site(each.site);
    if (found?.site.kind === "loop" && each.count >= 0) {
      return { iteration: each.count, loopLine: found.site.line };
    }
  }
  return { iteration: null, loopLine: null };
}
