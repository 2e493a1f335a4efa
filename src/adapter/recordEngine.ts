/** @file The engine's state as of a recorded step: what was ready, what waited, and for whom. */
import type { EngineState, PendingGradient } from "../protocol/debug.js";
import type { ExportEdge } from "../protocol/export.js";
import type { WireStep, WireTensor } from "../protocol/trace.js";
import type { Pass } from "../session/pass.js";
import { receiver } from "./receivers.js";
import { sumOf } from "./wireMath.js";

/** What the node of a recorded step had, which is no matter of the rest of the pass. */
export function nodeAt(pass: Pass, step: number): Pick<EngineState, "pending" | "preview" | "hooks"> {
  const own = pass.record.steps[step];
  if (own === undefined) return { pending: [], preview: null, hooks: [] };
  const pending = own.grad_in.map((value, input_nr) => ({
    node: own.node,
    input_nr,
    value,
    terms: own.terms.filter((term) => term.input_nr === input_nr),
    missing: [],
  }));
  return { pending, preview: own.grad_out, hooks: own.hooks ?? [] };
}

/**
 * Takes time in the size of the pass.
 * @param inProgress nodes that have no step are still to run, rather than never
 */
export function engineAt(pass: Pass, step: number, inProgress: boolean): EngineState {
  const { steps } = pass.record;
  const ran = new Set<number>();
  for (let i = 0; i < step; i++) ran.add(steps[i]!.node);
  const coming = steps.slice(step);
  const isReady = ({ terms }: WireStep): boolean => terms.every(({ from }) => from === null || ran.has(from));
  // The ready queue's order does not depend on what joins it later.
  const ready = coming.filter((one, i) => i === 0 || isReady(one)).map(({ node }) => node);
  const unrun = inProgress ? pendingUnrun(pass, step, ran) : [];
  const waits = new Set(unrun.filter(({ missing }) => missing.length > 0).map(({ node }) => node));
  return {
    pass: pass.index,
    ready: [...ready, ...new Set(unrun.map(({ node }) => node).filter((node) => !waits.has(node)))],
    pending: [...coming.flatMap((one) => pendingOf(one, ran)), ...unrun],
    preview: coming[0]?.grad_out ?? null,
    hooks: coming[0]?.hooks ?? [],
  };
}

/** What has come in for a node by the time that the nodes of `ran` have run; nothing where nothing has. */
function pendingOf({ node, grad_in, terms }: WireStep, ran: ReadonlySet<number>): PendingGradient[] {
  const hasCome = ({ from }: { readonly from: number | null }): boolean => from === null || ran.has(from);
  if (terms.length > 0 && !terms.some(hasCome)) return [];
  return grad_in.map((whole, input_nr): PendingGradient => {
    const own = terms.filter((term) => term.input_nr === input_nr);
    const come = own.filter(hasCome);
    const missing = own.filter((term) => !hasCome(term)).map(({ from }) => from!);
    const value: WireTensor | null = missing.length === 0 ? whole : sumOf(come.map((term) => term.value));
    return { node, input_nr, value, terms: come, missing };
  });
}

/** What nodes that have not run at all had been sent when `step` steps had run. */
function pendingUnrun(pass: Pass, step: number, ran: ReadonlySet<number>): PendingGradient[] {
  const { steps, roots } = pass.record;
  const takesPart = reachable(pass, roots);
  const hasStep = new Set(steps.map(({ node }) => node));
  const edgesOf = edgesByNode(pass);
  const gradients = new Map<
    string,
    { node: number; input_nr: number; terms: Term[]; missing: Set<number> }
  >();
  const gradientOf = ({ to: node, input_nr }: ExportEdge) => {
    const key = `${node} ${input_nr}`;
    const gradient = gradients.get(key) ?? { node, input_nr, terms: [], missing: new Set<number>() };
    gradients.set(key, gradient);
    return gradient;
  };
  for (const edge of pass.structure.edges) {
    if (hasStep.has(edge.to) || pass.structure.nodes[edge.to]!.kind === "constant") continue;
    const gradient = gradientOf(edge);
    if (takesPart.has(edge.from) && !ran.has(edge.from)) gradient.missing.add(edge.from);
  }
  for (const { node: from, grad_out } of steps.slice(0, step)) {
    grad_out.forEach((value, slot) => {
      const edge = value && receiver(pass, edgesOf.get(from) ?? [], grad_out, slot);
      if (edge && !hasStep.has(edge.to)) gradientOf(edge).terms.push({ from, value });
    });
  }
  return [...gradients.values()]
    .filter(({ terms }) => terms.length > 0)
    .map(({ missing, ...gradient }) => ({
      ...gradient,
      value: sumOf(gradient.terms.map(({ value }) => value)),
      missing: [...missing],
    }));
}

type Term = PendingGradient["terms"][number];

function reachable(pass: Pass, roots: readonly number[]): ReadonlySet<number> {
  const found = new Set(roots);
  const edges = edgesByNode(pass);
  // A set goes on over what is added to it.
  for (const node of found) for (const { to } of edges.get(node) ?? []) found.add(to);
  return found;
}

function edgesByNode(pass: Pass): ReadonlyMap<number, readonly ExportEdge[]> {
  const byNode = new Map<number, ExportEdge[]>();
  for (const edge of pass.structure.edges) {
    const edges = byNode.get(edge.from);
    if (edges) edges.push(edge);
    else byNode.set(edge.from, [edge]);
  }
  return byNode;
}
