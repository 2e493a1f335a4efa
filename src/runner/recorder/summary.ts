/** @file What is told of every pass, kept or not. */
import { leafKeys } from "../../protocol/leafKeys.js";
import type { PassSummary } from "../../protocol/trace.js";
import type { Sources } from "../sources.js";
import type { Origins } from "./origins.js";
import type { Parameters } from "./parameters.js";
import type { Pass } from "./pass.js";
import type { ScopeNode } from "./scopes.js";
import { normOf, scalarOf } from "./wire.js";

export interface Names {
  readonly sources: Sources;
  readonly origins: Origins;
  readonly parameters: Parameters;
}

export function summaryOf(pass: Pass, names: Names): PassSummary {
  const { sources, origins } = names;
  const name = (site: number | undefined) =>
    site === undefined || site < 0 ? null : (sources.site(site)?.site.name ?? null);
  const [root] = pass.rootNodes;
  const op = root === undefined ? undefined : pass.ops[pass.nodes.indexOf(root)];
  const output = op?.output ?? root?.variable ?? null;
  const value = op?.copy?.data.length === 1 ? op.copy.data[0]! : output === null ? null : scalarOf(output);
  const label = root?.variable != null ? origins.get(root.variable)?.label : op?.label;
  return {
    index: pass.index,
    call: pass.call,
    site: pass.site,
    root: pass.rootNodes.length === 1 ? value : null,
    rootName: name(label),
    nodes: pass.nodes.length + pass.constants.size,
    steps: pass.steps.length,
    ...innermostLoop(pass.scope, sources),
    gradNorms: gradNorms(pass, name, names),
    ...(pass.within && { within: pass.within }),
  };
}

/** Norm of what each leaf that has a name got in this pass. */
function gradNorms(
  { steps }: Pass,
  nameAt: (site: number | undefined) => string | null,
  { origins, parameters }: Names,
): Readonly<Record<string, number>> {
  const leaves = steps.flatMap(({ node: { variable }, gradIn: [grad] }) => {
    if (variable === null || grad == null) return [];
    const { label, order } = origins.of(variable);
    const name = nameAt(label) ?? parameters.nameOf(variable);
    return name === null ? [] : [{ name, order, norm: normOf(grad) }];
  });
  // Backwards, since gradients reach last what was used first; sorting keeps that where nobody saw the leaf being made.
  leaves.reverse();
  leaves.sort((a, b) => (a.order === b.order ? 0 : a.order - b.order));
  const keys = leafKeys(leaves.map(({ name }) => name));
  return Object.fromEntries(leaves.map(({ norm }, i) => [keys[i]!, norm]));
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
