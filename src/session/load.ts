/**
 * @file A saved trace as the events that a runner would have sent, so that one reducer serves both. Node ids
 * of a document are only names: they are looked up, never used as positions.
 */
import type { TraceDocument } from "../protocol/export.js";
import { type BindingRecord, PROTOCOL_VERSION, type TraceBatch, type TraceEvent } from "../protocol/trace.js";
import { passesOf, wireGrad, wireTensor } from "./loadPass.js";
import { SiteTable, StructureTable } from "./tables.js";

export function documentEvents(document: TraceDocument): TraceBatch {
  const sites = new SiteTable();
  const structures = new StructureTable(sites);
  const positions = document.graphs.map((graph) => new Map(graph.nodes.map((node, i) => [node.id, i])));
  const passes = passesOf(document, structures, sites, positions);
  const passOfGraph = new Map<number, number>();
  passes.forEach(({ graph }, index) => {
    passOfGraph.set(graph, index);
  });
  const bindings = document.bindings.map((binding): BindingRecord => {
    const pass = binding.graph === null ? undefined : passOfGraph.get(binding.graph);
    const node =
      binding.graph === null || binding.node === null
        ? undefined
        : positions[binding.graph]?.get(binding.node);
    const known = pass !== undefined && node !== undefined;
    const { times, is_leaf, requires_grad, shape, dtype, grad, why_no_grad } = binding;
    return {
      times,
      is_leaf,
      requires_grad,
      why_no_grad,
      value: wireTensor(binding.value, shape, dtype),
      grad: grad && wireGrad(grad, shape, dtype),
      site: sites.binding(binding.file ?? document.program.file, binding.line, binding.column, binding.name),
      pass: known ? pass : -1,
      node: known ? node : -1,
      retains_grad: binding.retains_grad ?? false,
      grad_fn: binding.grad_fn ?? null,
    };
  });
  return {
    version: PROTOCOL_VERSION,
    events: [
      { type: "program", file: document.program.file, time: 0 },
      ...sites.modules(document),
      ...structures.events,
      ...passes.flatMap(({ summary, record }): TraceEvent[] => [
        { type: "summary", summary },
        { type: "pass", pass: record },
      ]),
      { type: "bindings", bindings },
      ...document.problems.map((problem): TraceEvent => ({ type: "problem", problem })),
      ...(document.dropped ? [{ type: "dropped", dropped: document.dropped, keptFrom: 0 } as const] : []),
      { type: "end", exit: document.program.exit ?? 0, error: document.program.error, duration: 0 },
    ],
  };
}
