/** @file Opens the text of a saved trace, or says in one sentence why it can't be opened. */
import { TRACE_FORMAT, TRACE_VERSION, type TraceDocument } from "../protocol/export.js";
import { count, fields, flag, is, list, nullable, oneOf, optional, ordinal, text } from "./check.js";
import * as shape from "./shapes.js";

/** Its message is for the person who opened the file. */
export class UnreadableTrace extends Error {
  override readonly name = "UnreadableTrace";
}

const node = fields({
  id: count,
  kind: shape.nodeKind,
  name: nullable(text),
  label: nullable(text),
  is_leaf: flag,
  requires_grad: flag,
  retains_grad: flag,
  shape: shape.sizes,
  dtype: shape.dtype,
  value: nullable(shape.valueSummary),
  grad: nullable(shape.gradSummary),
  source: nullable(shape.sourceLocation),
  scope: list(shape.scope),
  text: optional(nullable(text)),
  derivative: optional(shape.derivative),
  saved: optional(list(shape.savedValue)),
  custom: optional(flag),
  why_no_grad: optional(nullable(shape.whyNoGrad)),
});

const backward = fields({
  graph: count,
  roots: list(count),
  source: nullable(shape.sourceLocation),
  retain_graph: flag,
  create_graph: flag,
  steps: list(shape.step),
  call: optional(oneOf("backward", "grad")),
  error: optional(nullable(shape.programError)),
  within: optional(fields({ graph: count, step: count })),
});

const binding = fields({
  name: text,
  file: optional(text),
  line: ordinal,
  column: ordinal,
  times: count,
  node: nullable(count),
  graph: nullable(count),
  is_leaf: flag,
  requires_grad: flag,
  retains_grad: optional(flag),
  shape: shape.sizes,
  dtype: shape.dtype,
  value: shape.valueSummary,
  grad: nullable(shape.gradSummary),
  why_no_grad: nullable(shape.whyNoGrad),
  grad_fn: optional(nullable(text)),
});

const document = fields({
  format: oneOf(TRACE_FORMAT),
  version: is((v) => v === TRACE_VERSION, `${TRACE_VERSION}`),
  program: fields({
    file: text,
    exit: nullable(is(Number.isSafeInteger, "a whole number")),
    error: nullable(shape.programError),
  }),
  graphs: list(
    fields({ nodes: list(node), edges: list(fields({ from: count, to: count, input_nr: count })) }),
  ),
  backwards: list(backward),
  bindings: list(binding),
  problems: list(shape.problem),
  dropped: optional(shape.dropped),
  text: optional(text),
});

/**
 * A trace from the text of its file.
 * @throws UnreadableTrace with one sentence: no trace, cut off, of a newer version, or broken and where
 */
export function parseTraceDocument(json: string): TraceDocument {
  const value = parseJson(json);
  const { format, version } = (value ?? {}) as { readonly format?: unknown; readonly version?: unknown };
  if (format !== TRACE_FORMAT) {
    throw new UnreadableTrace(`This is no Gradwalk trace: its "format" is not "${TRACE_FORMAT}".`);
  }
  if (typeof version === "number" && version > TRACE_VERSION) {
    throw new UnreadableTrace(
      `This trace has version ${version} and this Gradwalk reads version ${TRACE_VERSION}: update Gradwalk to open it.`,
    );
  }
  const failure = document(value) ?? strayReference(value as TraceDocument);
  if (failure !== null) {
    throw new UnreadableTrace(`This trace is broken: ${failure.replace(/^\./, "")}.`);
  }
  return value as TraceDocument;
}

function parseJson(json: string): unknown {
  const trimmed = json.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") throw new UnreadableTrace("This file is empty: it holds no Gradwalk trace.");
  try {
    return JSON.parse(trimmed);
  } catch {
    const cut = trimmed.startsWith("{") && trimmed.includes(TRACE_FORMAT);
    throw new UnreadableTrace(
      cut
        ? "This trace is cut off or damaged: its text is not whole JSON. Export it again."
        : "This file is not JSON, so it holds no Gradwalk trace.",
    );
  }
}

/** Ids are names within a graph; each must be given once, and each that is used must be given. */
function strayReference(trace: TraceDocument): string | null {
  const ids: ReadonlySet<number>[] = [];
  for (const [g, { nodes, edges }] of trace.graphs.entries()) {
    const known = new Set(nodes.map((n) => n.id));
    if (known.size !== nodes.length) return `graphs[${g}] has two nodes of one id`;
    const edge = edges.findIndex(({ from, to }) => !known.has(from) || !known.has(to));
    if (edge >= 0) return `graphs[${g}].edges[${edge}] leads to no node`;
    ids.push(known);
  }
  for (const [b, { graph, roots, steps }] of trace.backwards.entries()) {
    const known = ids[graph];
    if (!known) return `backwards[${b}].graph is no graph's number`;
    if (roots.some((root) => !known.has(root))) return `backwards[${b}].roots names no node`;
    const step = steps.findIndex(
      (s) => !known.has(s.node) || s.terms?.some((term) => term.from !== null && !known.has(term.from)),
    );
    if (step >= 0) return `backwards[${b}].steps[${step}] names no node`;
  }
  for (const [b, { graph, node: id }] of trace.bindings.entries()) {
    if (graph === null || id === null) continue;
    if (!ids[graph]?.has(id)) return `bindings[${b}] names no node`;
  }
  return null;
}
