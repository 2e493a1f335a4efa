/**
 * @file A pass that a debugger has stopped in, as the graph draws it: the steps that ran, the one that runs next
 * with what the engine has for it, and those to come as far as they can be foreseen.
 */
import type { EngineState, PendingGradient } from "../../protocol/debug.js";
import type { ExportEdge, TensorSummary } from "../../protocol/export.js";
import {
  CARD_DATA,
  type PassView,
  type ViewNode,
  type ViewStep,
  type ViewTerm,
} from "../../protocol/view.js";
import { tensorSummary } from "../../protocol/wire.js";
import type { Pass } from "../../session/pass.js";

/**
 * @param former an earlier pass over the same structure, whose order this one will keep
 * @param engine null where it can't say: then only the order is foreseen
 * @param altered a person has changed a tensor before: the record marks every step from there on
 */
export function foreseen(
  view: PassView,
  next: number,
  engine: EngineState | null,
  former: Pass | null,
  altered: boolean,
): PassView {
  const order = former === null ? simulate(view, next, engine) : orderOf(former, view, next);
  const ran = new Set(view.steps.map(({ node }) => node));
  const coming = order.filter((node) => !ran.has(node));
  const consumers = consumersOf(view.edges, new Set([...ran, ...coming]));
  const leaving = previewed(view, next, engine?.preview ?? null);
  const pending = new Map<number, PendingGradient[]>();
  for (const one of engine?.pending ?? []) {
    const list = pending.get(one.node);
    if (list) list.push(one);
    else pending.set(one.node, [one]);
  }
  const steps = coming.map((node): ViewStep => {
    const own = pending.get(node) ?? [];
    const terms = termsOf(own, consumers.get(node) ?? [], leaving);
    const mark = altered ? { altered } : {};
    if (node !== next) return { node, grad_in: [], grad_out: [], accumulated: null, terms, ...mark };
    const gradients = [...own].sort((a, b) => a.input_nr - b.input_nr);
    return {
      node,
      grad_in: gradients.map(({ value }) => value && summary(value)),
      grad_out: (engine?.preview ?? []).map((value) => value && summary(value)),
      accumulated: null,
      terms,
      ...mark,
    };
  });
  return { ...view, steps: [...view.steps, ...steps] };
}

function orderOf({ record }: Pass, view: PassView, next: number): number[] {
  const order = record.steps.map(({ node }) => node);
  const at = order.indexOf(next);
  // A hook or an edit may have taken this pass another way.
  return at === view.steps.length ? order.slice(at) : simulate(view, next, null);
}

const summary = (value: Parameters<typeof tensorSummary>[0]) => tensorSummary(value, CARD_DATA);

/** What has come for a node, and what is still to come, by whom. */
function termsOf(
  pending: readonly PendingGradient[],
  consumers: readonly ExportEdge[],
  leaving: ReadonlyMap<ExportEdge, TensorSummary>,
): ViewTerm[] {
  const come = pending.flatMap(({ input_nr, terms }) =>
    terms.map(({ from, value }): ViewTerm => ({ from, input_nr, value: summary(value) })),
  );
  const missing = consumers
    .filter(({ from, input_nr }) => !come.some((term) => term.from === from && term.input_nr === input_nr))
    .map(
      (edge): ViewTerm => ({ from: edge.from, input_nr: edge.input_nr, value: leaving.get(edge) ?? null }),
    );
  return [...come, ...missing];
}

/** What the next node will send along each of its edges. */
function previewed(
  view: PassView,
  next: number,
  preview: EngineState["preview"],
): Map<ExportEdge, TensorSummary> {
  const edges = view.edges.filter(({ from }) => from === next);
  const constants = new Set(view.nodes.filter(({ kind }) => kind === "constant").map(({ id }) => id));
  // Slots stand as next_functions do; where some have no edge here, those that hold a gradient pair up.
  const paired = edges.length === preview?.length;
  const slots = paired ? preview : (preview ?? []).filter((value) => value !== null);
  const takers = paired ? edges : edges.filter(({ to }) => !constants.has(to));
  const sent = new Map<ExportEdge, TensorSummary>();
  if (takers.length !== slots.length) return sent;
  takers.forEach((edge, i) => {
    const value = slots[i];
    if (value) sent.set(edge, summary(value));
  });
  return sent;
}

/** The edges that bring each node its gradient, from nodes that run. */
function consumersOf(edges: readonly ExportEdge[], running: ReadonlySet<number>): Map<number, ExportEdge[]> {
  const consumers = new Map<number, ExportEdge[]>();
  for (const edge of edges) {
    if (!running.has(edge.from)) continue;
    const list = consumers.get(edge.to);
    if (list) list.push(edge);
    else consumers.set(edge.to, [edge]);
  }
  return consumers;
}

/**
 * The engine's order as PyTorch's: of the nodes whose gradients are complete, sinks first, then the one that
 * was made last.
 */
function simulate(view: PassView, next: number, engine: EngineState | null): number[] {
  const nodes = new Map(view.nodes.map((node) => [node.id, node]));
  const { reached, waits } = dependencies(view, nodes);
  const ready = new Set([next, ...(engine?.ready ?? [])]);
  for (const node of reached) if (waits.get(node) === 0) ready.add(node);
  const order: number[] = [];
  const done = new Set(view.steps.map(({ node }) => node));
  const run = (node: number) => {
    done.add(node);
    ready.delete(node);
    for (const to of targetsOf(view, nodes).get(node) ?? []) {
      const left = (waits.get(to) ?? 1) - 1;
      waits.set(to, left);
      if (left <= 0) ready.add(to);
    }
  };
  for (const node of done) run(node);
  for (let node: number | undefined = next; node !== undefined; node = first(ready, done, nodes)) {
    order.push(node);
    run(node);
  }
  return order;
}

function first(
  ready: ReadonlySet<number>,
  done: ReadonlySet<number>,
  nodes: ReadonlyMap<number, ViewNode>,
): number | undefined {
  let best: number | undefined;
  for (const node of ready) {
    if (done.has(node)) continue;
    if (best === undefined || rank(nodes, node) > rank(nodes, best)) best = node;
  }
  return best;
}

const rank = (nodes: ReadonlyMap<number, ViewNode>, node: number): number =>
  nodes.get(node)?.kind === "accumulate" ? Number.POSITIVE_INFINITY : node;

const targets = new WeakMap<PassView, ReadonlyMap<number, readonly number[]>>();

/** Where each node sends gradients: constants take none. */
function targetsOf(view: PassView, nodes: ReadonlyMap<number, ViewNode>) {
  const known = targets.get(view);
  if (known) return known;
  const found = new Map<number, number[]>();
  for (const { from, to } of view.edges) {
    if (nodes.get(to)?.kind === "constant") continue;
    const list = found.get(from);
    if (list) list.push(to);
    else found.set(from, [to]);
  }
  targets.set(view, found);
  return found;
}

/** What the roots reach, and how many gradients each of it waits for. */
function dependencies(view: PassView, nodes: ReadonlyMap<number, ViewNode>) {
  const all = targetsOf(view, nodes);
  const reached = new Set(view.roots);
  const waits = new Map<number, number>(view.roots.map((root) => [root, 0]));
  for (const node of reached) {
    for (const to of all.get(node) ?? []) {
      reached.add(to);
      waits.set(to, (waits.get(to) ?? 0) + 1);
    }
  }
  return { reached, waits };
}
