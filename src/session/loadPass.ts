/** @file The passes of a saved trace as records over numbered structures. */

import type {
  DType,
  ExportBackward,
  ExportGraph,
  ExportHook,
  ExportStep,
  GradSummary,
  SavedValue,
  Scope,
  TensorSummary,
  TraceDocument,
  ValueSummary,
} from "../protocol/export.js";
import { leafKeys } from "../protocol/leafKeys.js";
import type {
  PassRecord,
  PassSummary,
  WireGrad,
  WireHook,
  WireSaved,
  WireStep,
  WireTensor,
} from "../protocol/trace.js";
import type { SiteTable, StructureTable } from "./tables.js";

export interface LoadedPass {
  readonly graph: number;
  readonly record: PassRecord;
  readonly summary: PassSummary;
}

type Position = ReadonlyMap<number, number>;

/** In the order of their graphs; a graph that no backward pass ran through is a pass of its own. */
export function passesOf(
  document: TraceDocument,
  structures: StructureTable,
  sites: SiteTable,
  positions: readonly Position[],
): LoadedPass[] {
  const walked = new Set(document.backwards.map((backward) => backward.graph));
  const passes: { graph: number; backward: ExportBackward | null }[] = document.backwards.map((backward) => ({
    graph: backward.graph,
    backward,
  }));
  document.graphs.forEach((_, graph) => {
    if (!walked.has(graph)) passes.push({ graph, backward: null });
  });
  passes.sort((a, b) => a.graph - b.graph);
  const indexOf = new Map(passes.map(({ graph }, index) => [graph, index]));
  return passes.map(({ graph: number, backward }, index) => {
    const graph = document.graphs[number]!;
    const site = backward?.source ? sites.call(backward.source, "") : -1;
    const structure = structures.add(graph);
    const record = passRecord({ index, structure, site, graph, backward, position: positions[number]! });
    const outer = backward?.within && indexOf.get(backward.within.graph);
    const within = outer === undefined ? {} : { within: { pass: outer, step: backward!.within!.step } };
    return {
      graph: number,
      record: { ...record, ...within },
      summary: { ...summaryOf(record, graph), ...within },
    };
  });
}

interface PassParts {
  readonly index: number;
  readonly structure: number;
  readonly site: number;
  readonly graph: ExportGraph;
  readonly backward: ExportBackward | null;
  readonly position: Position;
}

function passRecord({ index, structure, site, graph, backward, position }: PassParts): PassRecord {
  const { nodes } = graph;
  return {
    index,
    structure,
    call: backward ? (backward.call ?? "backward") : "live",
    roots: (backward?.roots ?? sinks(graph)).map((id) => position.get(id)!),
    site,
    retain_graph: backward?.retain_graph ?? false,
    create_graph: backward?.create_graph ?? false,
    values: nodes.map(({ value, shape, dtype }) => value && wireTensor(value, shape, dtype)),
    grads: nodes.map(({ grad, shape, dtype }) => grad && wireGrad(grad, shape, dtype)),
    retains: nodes.map((node) => node.retains_grad),
    why: nodes.map((node) => node.why_no_grad ?? null),
    scopes: nodes.map((node) => node.scope),
    saved: nodes.map((node) => (node.saved ?? []).map(wireSaved)),
    steps: (backward?.steps ?? []).map((step) => wireStep(step, position)),
    error: backward?.error ?? null,
  };
}

/** Functions whose result nothing uses: where a graph ends that no backward pass ran through. */
function sinks({ nodes, edges }: ExportGraph): number[] {
  const used = new Set(edges.map((edge) => edge.to));
  return nodes.filter((node) => node.kind === "function" && !used.has(node.id)).map((node) => node.id);
}

function summaryOf(record: PassRecord, { nodes }: ExportGraph): PassSummary {
  const { index, call, site, roots, steps, values, scopes } = record;
  const root = roots[0];
  const value = root === undefined ? null : values[root]!;
  const loop = root === undefined ? null : innermostLoop(scopes[root]!);
  const scalar = value?.data.length === 1 ? value.data[0]! : Number.NaN;
  return {
    index,
    call,
    site,
    root: Number.isFinite(scalar) ? scalar : null,
    rootName: root === undefined ? null : nodes[root]!.label,
    nodes: nodes.length,
    steps: steps.length,
    iteration: loop?.iteration ?? null,
    loopLine: loop?.line ?? null,
    gradNorms: gradNorms(record, nodes),
  };
}

/** Norm of what each leaf got in this pass, not of what it has accumulated. */
function gradNorms({ steps }: PassRecord, nodes: ExportGraph["nodes"]): Readonly<Record<string, number>> {
  const leaves = steps.flatMap(({ node, grad_in: [grad] }) => {
    const { kind, label } = nodes[node]!;
    const norm = grad?.norm;
    return kind === "accumulate" && label !== null && typeof norm === "number" ? [{ node, label, norm }] : [];
  });
  leaves.sort((a, b) => a.node - b.node);
  const keys = leafKeys(leaves.map(({ label }) => label));
  return Object.fromEntries(leaves.map(({ norm }, i) => [keys[i]!, norm]));
}

function innermostLoop(
  scopes: readonly Scope[],
): { readonly iteration: number; readonly line: number } | null {
  for (let i = scopes.length - 1; i >= 0; i--) {
    const scope = scopes[i]!;
    if (scope.kind === "loop") return scope;
  }
  return null;
}

export function wireTensor(summary: ValueSummary, shape: readonly number[], dtype: DType): WireTensor {
  const { min, max, mean, norm = null, nan, inf } = summary;
  const numbers = summary.data.map(Number);
  const data = dtype === "float32" ? Float32Array.from(numbers) : Float64Array.from(numbers);
  return { shape, dtype, data, min, max, mean, norm, nan, inf };
}

export function wireGrad(summary: GradSummary, shape: readonly number[], dtype: DType): WireGrad {
  return { tensor: wireTensor(summary, shape, dtype), updates: summary.updates };
}

function wireSaved(saved: SavedValue): WireSaved {
  return typeof saved.value === "string"
    ? { ...saved, value: saved.value }
    : { ...saved, value: tensor(saved.value) };
}

const tensor = (summary: TensorSummary): WireTensor => wireTensor(summary, summary.shape, summary.dtype);
const tensorOrNull = (summary: TensorSummary | null): WireTensor | null => summary && tensor(summary);

function wireHook({ before, after, ...hook }: ExportHook): WireHook {
  return { ...hook, before: before.map(tensorOrNull), after: after?.map(tensorOrNull) ?? null };
}

function wireStep(step: ExportStep, position: Position): WireStep {
  const { accumulated } = step;
  return {
    node: position.get(step.node)!,
    grad_in: step.grad_in.map(tensorOrNull),
    grad_out: step.grad_out.map(tensorOrNull),
    accumulated: accumulated && {
      before: tensorOrNull(accumulated.before),
      after: tensor(accumulated.after),
    },
    terms: (step.terms ?? []).map(({ from, input_nr, value }) => ({
      from: from === null ? null : position.get(from)!,
      input_nr,
      value: tensor(value),
    })),
    altered: step.altered ?? false,
    ...(step.hooks && { hooks: step.hooks.map(wireHook) }),
  };
}
