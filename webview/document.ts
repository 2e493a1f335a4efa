/** @file Answers the page's questions from a trace document that stands in the page itself. */

import {
  type ExportBackward,
  type ExportGraph,
  type ExportNode,
  type TensorSummary,
  TRACE_FORMAT,
  TRACE_VERSION,
  type TraceDocument,
  type ValueSummary,
} from "../src/protocol/export.js";
import { leafKeys } from "../src/protocol/leafKeys.js";
import {
  CARD_DATA,
  type NodeDetail,
  type Outline,
  type PassOutline,
  type PassView,
  type ViewNode,
  type ViewStep,
} from "../src/protocol/view.js";
import { toNumber } from "./model/numbers.js";
import { tensorText } from "./model/tensor.js";

/** The document cannot be shown; the message says why and what to do. */
export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** @throws TraceError where the text is cut off, no trace, or of a newer version. */
export function parseTrace(text: string): TraceDocument {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new TraceError("This trace is cut off or damaged: it is not valid JSON. Export it again.");
  }
  const { format, version, graphs, backwards, program } = (parsed ?? {}) as Partial<
    Record<keyof TraceDocument, unknown>
  >;
  if (format !== TRACE_FORMAT)
    throw new TraceError(`This file is no trace: its format is not “${TRACE_FORMAT}”.`);
  if (version !== TRACE_VERSION)
    throw new TraceError(
      `This trace has version ${String(version)}, and this page reads version ${TRACE_VERSION}. Open it with a newer Gradwalk.`,
    );
  if (!Array.isArray(graphs) || !Array.isArray(backwards) || typeof program !== "object" || program === null)
    throw new TraceError(
      "This trace is incomplete: it lacks its graphs, passes or program. Export it again.",
    );
  return parsed as TraceDocument;
}

/** A pass of the panel: a backward pass, or a graph that none ran through. */
interface Pass {
  readonly graph: ExportGraph;
  readonly backward: ExportBackward | null;
  readonly graphIndex: number;
}

const EMPTY: ExportGraph = { nodes: [], edges: [] };

function passesOf(trace: TraceDocument): Pass[] {
  const used = new Set(trace.backwards.map((backward) => backward.graph));
  const ran = trace.backwards.map((backward) => ({
    graph: trace.graphs[backward.graph] ?? EMPTY,
    backward,
    graphIndex: backward.graph,
  }));
  const live = trace.graphs.flatMap((graph, graphIndex) =>
    used.has(graphIndex) ? [] : [{ graph, backward: null, graphIndex }],
  );
  return [...ran, ...live].filter((pass) => pass.graph.nodes.length > 0);
}

function cut<T extends ValueSummary>(summary: T): T {
  if (summary.data.length <= CARD_DATA) return summary;
  return { ...summary, data: summary.data.slice(0, CARD_DATA), truncated: true };
}

function cutOrNull<T extends ValueSummary>(summary: T | null): T | null {
  return summary === null ? null : cut(summary);
}

function viewNode({ saved, derivative: _, ...node }: ExportNode): ViewNode {
  return {
    ...node,
    value: cutOrNull(node.value),
    grad: cutOrNull(node.grad),
    freed: saved?.some((value) => value.freed) ?? false,
    clash: saved?.some((value) => !value.freed && value.savedVersion !== value.version) ?? false,
  };
}

function viewSteps(backward: ExportBackward | null): ViewStep[] {
  return (backward?.steps ?? []).map((step) => ({
    ...step,
    grad_in: step.grad_in.map(cutOrNull),
    grad_out: step.grad_out.map(cutOrNull),
    accumulated: step.accumulated && {
      before: cutOrNull(step.accumulated.before),
      after: cut(step.accumulated.after),
    },
    ...(step.terms && { terms: step.terms.map((term) => ({ ...term, value: cut(term.value) })) }),
  }));
}

/** Nodes that nothing uses: where a graph without a backward pass ends. */
function sinks(graph: ExportGraph): number[] {
  const used = new Set(graph.edges.map((edge) => edge.to));
  return graph.nodes.filter((node) => node.kind === "function" && !used.has(node.id)).map((node) => node.id);
}

export class EmbeddedTrace {
  private readonly passes: readonly Pass[];

  constructor(private readonly trace: TraceDocument) {
    this.passes = passesOf(trace);
  }

  outline(): Outline {
    const { program, problems, dropped } = this.trace;
    return {
      run: "embedded",
      state: program.error ? "failed" : "done",
      stale: false,
      program,
      duration: null,
      passes: this.passes.map((pass, index) => this.passOutline(pass, index)),
      problems: problems ?? [],
      dropped: dropped ?? null,
    };
  }

  pass(index: number): PassView | null {
    const pass = this.passes[index];
    if (!pass) return null;
    const { graph, backward } = pass;
    return {
      run: "embedded",
      index,
      nodes: graph.nodes.map(viewNode),
      edges: graph.edges,
      roots: backward?.roots ?? sinks(graph),
      source: backward?.source ?? null,
      call: callOf(backward),
      retain_graph: backward?.retain_graph ?? false,
      create_graph: backward?.create_graph ?? false,
      steps: viewSteps(backward),
      error: backward?.error ?? null,
    };
  }

  node(index: number, id: number): NodeDetail | null {
    const pass = this.passes[index];
    const node = pass?.graph.nodes.find((candidate) => candidate.id === id);
    if (!pass || !node) return null;
    const text = (summary: ValueSummary | null) =>
      summary === null
        ? null
        : tensorText({ ...summary, shape: node.shape, dtype: node.dtype } as TensorSummary);
    return { node, valueText: text(node.value), gradText: text(node.grad), steps: this.stepsOf(pass, id) };
  }

  private stepsOf(pass: Pass, id: number): NodeDetail["steps"] {
    return this.passes.flatMap((other, index) => {
      if (other.graphIndex !== pass.graphIndex) return [];
      const at = other.backward?.steps.findIndex((step) => step.node === id) ?? -1;
      const step = other.backward?.steps[at];
      return step ? [{ pass: index, index: at, step }] : [];
    });
  }

  private passOutline({ graph, backward }: Pass, index: number): PassOutline {
    const root = graph.nodes.find((node) => node.id === backward?.roots[0]);
    const backwardLine = backward?.source?.line;
    const loop = root?.scope?.findLast((scope) => scope.kind === "loop");
    const outer = this.passes.findIndex(({ graphIndex }) => graphIndex === backward?.within?.graph);
    const value = root?.value?.data.length === 1 ? toNumber(root.value.data[0] ?? "NaN") : null;
    return {
      index,
      kept: true,
      source: backward?.source ?? null,
      call: callOf(backward),
      root: value,
      rootName: root?.label ?? null,
      nodes: graph.nodes.length,
      steps: backward?.steps.length ?? 0,
      iteration: loop && backwardLine !== undefined ? loop.iteration : null,
      loopLine: loop?.line ?? null,
      gradNorms: gradNorms(graph, backward),
      ...(backward?.within && outer >= 0 && { within: { pass: outer, step: backward.within.step } }),
    };
  }
}

function callOf(backward: ExportBackward | null): PassView["call"] {
  return backward ? (backward.call ?? "backward") : "live";
}

/** Norm of what each leaf got in this pass. */
function gradNorms(graph: ExportGraph, backward: ExportBackward | null): Record<string, number> {
  const nodes = new Map(graph.nodes.map((node, i) => [node.id, { label: node.label, order: i }]));
  const leaves = (backward?.steps ?? []).flatMap(({ node, accumulated, grad_in: [grad] }) => {
    const { label, order = 0 } = nodes.get(node) ?? {};
    return accumulated && label && grad?.norm != null ? [{ label, order, norm: grad.norm }] : [];
  });
  leaves.sort((a, b) => a.order - b.order);
  const keys = leafKeys(leaves.map(({ label }) => label));
  return Object.fromEntries(leaves.map(({ norm }, i) => [keys[i]!, norm]));
}
