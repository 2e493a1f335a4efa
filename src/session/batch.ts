/** @file Checks a batch of trace events before any of it is taken. */
import {
  type PassRecord,
  PROTOCOL_VERSION,
  type StructureNode,
  type TraceBatch,
  type TraceEvent,
  type WireStep,
} from "../protocol/trace.js";
import {
  type Check,
  count,
  either,
  fields,
  flag,
  integer,
  is,
  list,
  nullable,
  number,
  oneOf,
  optional,
  ordinal,
  table,
  text,
} from "./check.js";
import * as shape from "./shapes.js";

/** A runner sent what this version can't take. The message is for the log; nothing was changed. */
export class MalformedBatch extends Error {
  override readonly name = "MalformedBatch";
}

/** What the session already knows, as far as new events refer to it. */
export interface Known {
  hasSite(id: number): boolean;
  structureSize(id: number): number | undefined;
  /** Nodes and steps of a pass that is kept. */
  passSize(index: number): { readonly nodes: number; readonly steps: number } | undefined;
}

const site = fields({
  line: ordinal,
  column: ordinal,
  endLine: ordinal,
  endColumn: ordinal,
  text,
  name: nullable(text),
});

const structureNode = fields({
  kind: shape.nodeKind,
  name: nullable(text),
  label: nullable(text),
  is_leaf: flag,
  requires_grad: flag,
  shape: shape.sizes,
  dtype: shape.dtype,
  site: integer,
  custom: flag,
  derivative: shape.derivative,
});

const elements = is((v) => v instanceof Float32Array || v instanceof Float64Array, "an array of floats");

const tensor = fields({
  shape: shape.sizes,
  dtype: shape.dtype,
  data: elements,
  min: nullable(number),
  max: nullable(number),
  mean: nullable(number),
  norm: nullable(number),
  nan: count,
  inf: count,
});

const grad = fields({ tensor, updates: count });

const saved = fields({
  name: text,
  value: nullable(either(text, tensor)),
  savedVersion: nullable(count),
  version: nullable(count),
  freed: flag,
});

const step = fields({
  node: count,
  grad_in: list(nullable(tensor)),
  grad_out: list(nullable(tensor)),
  accumulated: nullable(fields({ before: nullable(tensor), after: tensor })),
  terms: list(fields({ from: nullable(count), input_nr: count, value: tensor })),
  altered: flag,
  time: optional(number),
  hooks: optional(list(fields(shape.hookFields(tensor)))),
});

const call = oneOf("backward", "grad", "live");
const within = fields({ pass: count, step: count });

const pass = fields({
  index: count,
  structure: integer,
  call,
  roots: list(count),
  site: integer,
  retain_graph: flag,
  create_graph: flag,
  values: list(nullable(tensor)),
  grads: list(nullable(grad)),
  retains: list(flag),
  why: list(nullable(shape.whyNoGrad)),
  scopes: list(list(shape.scope)),
  saved: list(list(saved)),
  steps: list(step),
  error: nullable(shape.programError),
  within: optional(within),
});

const summary = fields({
  index: count,
  call,
  site: integer,
  root: nullable(number),
  rootName: nullable(text),
  nodes: count,
  steps: count,
  iteration: nullable(count),
  loopLine: nullable(ordinal),
  gradNorms: table(number),
  within: optional(within),
});

const binding = fields({
  site: integer,
  times: count,
  pass: integer,
  node: integer,
  is_leaf: flag,
  requires_grad: flag,
  retains_grad: flag,
  value: tensor,
  grad: nullable(grad),
  why_no_grad: nullable(shape.whyNoGrad),
  grad_fn: nullable(text),
});

const gradientCheck = fields({
  pass: count,
  source: nullable(shape.sourceLocation),
  leaf: nullable(text),
  place: nullable(shape.sourceLocation),
  shape: shape.sizes,
  verdict: oneOf("agrees", "disagrees", "rounding", "unchecked"),
  elements: count,
  directions: count,
  kinks: count,
  difference: number,
  analytic: nullable(number),
  numeric: nullable(number),
  reason: nullable(text),
});

const events: Readonly<Record<TraceEvent["type"], Check>> = {
  program: fields({ file: text, time: number }),
  module: fields({ file: text, text, first: count, sites: list(site) }),
  structure: fields({ id: integer, nodes: list(structureNode), edges: list(count) }),
  summary: fields({ summary }),
  pass: fields({ pass }),
  steps: fields({ pass: count, from: count, steps: list(step) }),
  bindings: fields({ bindings: list(binding) }),
  problem: fields({ problem: shape.problem }),
  check: fields({ check: gradientCheck }),
  dropped: fields({ dropped: shape.dropped, keptFrom: count }),
  end: fields({
    exit: integer,
    error: nullable(shape.programError),
    duration: number,
  }),
};

/** @throws MalformedBatch saying which event is wrong and how */
export function checkBatch(batch: unknown, known: Known): asserts batch is TraceBatch {
  const { version, events: list } = (batch ?? {}) as Partial<TraceBatch>;
  if (version !== PROTOCOL_VERSION) {
    throw new MalformedBatch(
      `The runner speaks trace version ${version}, this is version ${PROTOCOL_VERSION}.`,
    );
  }
  if (!Array.isArray(list)) throw new MalformedBatch("A trace batch without a list of events.");
  const context = new Context(known);
  list.forEach((event: TraceEvent, i) => {
    const check = events[event?.type];
    const failure = check ? (check(event) ?? context.take(event)) : ".type is no event's type";
    if (failure !== null) throw new MalformedBatch(`Trace event ${i} (${event?.type})${failure}.`);
  });
}

/** Follows the references from event to event, in the order of the batch. */
class Context {
  readonly #known: Known;
  readonly #sites = new Set<number>();
  readonly #structures = new Map<number, number>();
  readonly #passes = new Map<number, { readonly nodes: number; readonly steps: number }>();

  constructor(known: Known) {
    this.#known = known;
  }

  take(event: TraceEvent): string | null {
    switch (event.type) {
      case "module":
        for (let i = 0; i < event.sites.length; i++) {
          if (this.#hasSite(event.first + i)) return `.sites[${i}] takes a site id that is in use`;
          this.#sites.add(event.first + i);
        }
        return null;
      case "structure":
        return this.#structure(event.id, event.nodes, event.edges);
      case "pass":
        return this.#pass(event.pass);
      case "steps":
        return this.#steps(event.pass, event.from, event.steps);
      case "summary":
        return this.#hasSite(event.summary.site, true) ? null : ".summary.site is unknown";
      case "bindings": {
        const wrong = event.bindings.findIndex((b) => !this.#hasSite(b.site));
        return wrong < 0 ? null : `.bindings[${wrong}].site is unknown`;
      }
      default:
        return null;
    }
  }

  #structure(id: number, nodes: readonly StructureNode[], edges: readonly number[]): string | null {
    if (this.#size(id) !== undefined) return ".id is in use";
    const stray = nodes.findIndex((node) => !this.#hasSite(node.site, true));
    if (stray >= 0) return `.nodes[${stray}].site is unknown`;
    if (edges.length % 3 !== 0) return ".edges is not three numbers an edge";
    for (let i = 0; i < edges.length; i += 3) {
      if (edges[i]! >= nodes.length || edges[i + 1]! >= nodes.length) return `.edges[${i}] leads nowhere`;
    }
    this.#structures.set(id, nodes.length);
    return null;
  }

  #pass(record: PassRecord): string | null {
    const size = this.#size(record.structure);
    if (size === undefined) return ".pass.structure is unknown";
    for (const column of ["values", "grads", "retains", "why", "scopes", "saved"] as const) {
      if (record[column].length !== size) return `.pass.${column} has not one entry a node`;
    }
    if (!this.#hasSite(record.site, true)) return ".pass.site is unknown";
    if (record.roots.some((root) => root >= size)) return ".pass.roots holds no node's number";
    this.#passes.set(record.index, { nodes: size, steps: record.steps.length });
    const stray = strayStep(record.steps, size);
    return stray < 0 ? null : `.pass.steps[${stray}] speaks of a node that is not there`;
  }

  #steps(index: number, from: number, steps: readonly WireStep[]): string | null {
    const pass = this.#passes.get(index) ?? this.#known.passSize(index);
    if (pass === undefined) return ".pass is unknown";
    if (from !== pass.steps) return `.from is not ${pass.steps}, the number of steps known`;
    this.#passes.set(index, { nodes: pass.nodes, steps: from + steps.length });
    const stray = strayStep(steps, pass.nodes);
    return stray < 0 ? null : `.steps[${stray}] speaks of a node that is not there`;
  }

  #hasSite(id: number, orNone = false): boolean {
    return (orNone && id === -1) || this.#sites.has(id) || this.#known.hasSite(id);
  }

  #size(id: number): number | undefined {
    return this.#structures.get(id) ?? this.#known.structureSize(id);
  }
}

/** The first step that speaks of a node which a graph of `size` nodes has not, or -1. */
function strayStep(steps: readonly WireStep[], size: number): number {
  return steps.findIndex(
    (step) => step.node >= size || step.terms.some((term) => term.from !== null && term.from >= size),
  );
}
