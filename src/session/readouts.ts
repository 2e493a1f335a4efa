/** @file What the editor reads out on the lines: bindings, and the calls that walk a graph backward. */
import { type ExportBinding, MAX_DATA } from "../protocol/export.js";
import type { BindingRecord, PassSummary } from "../protocol/trace.js";
import { gradSummary, valueSummary } from "../protocol/wire.js";
import type { Pass } from "./pass.js";
import type { Site, Sources } from "./sources.js";
import type { BackwardReadout, Readout } from "./types.js";

/**
 * A binding with what it held last.
 * @param graphOf number of a kept pass as the reader counts them; undefined when it was let go
 */
export function bindingOf(
  record: BindingRecord,
  site: Site,
  graphOf: (pass: number) => number | undefined,
): ExportBinding & { readonly file: string } {
  const graph = record.pass < 0 || record.node < 0 ? undefined : graphOf(record.pass);
  return {
    name: site.name ?? site.text,
    file: site.file,
    line: site.line,
    column: site.column,
    times: record.times,
    node: graph === undefined ? null : record.node,
    graph: graph ?? null,
    is_leaf: record.is_leaf,
    requires_grad: record.requires_grad,
    retains_grad: record.retains_grad,
    shape: record.value.shape,
    dtype: record.value.dtype,
    value: valueSummary(record.value, MAX_DATA),
    grad: record.grad && gradSummary(record.grad, MAX_DATA),
    why_no_grad: record.grad ? null : record.why_no_grad,
    grad_fn: record.grad_fn,
  };
}

export function readout(record: BindingRecord, site: Site, pass: Pass | undefined): Readout {
  const { endLine, endColumn } = site;
  const binding = bindingOf(record, site, (index) => (pass ? index : undefined));
  return { ...binding, endLine, endColumn, scope: pass?.record.scopes[record.node] ?? [] };
}

export function byPosition(
  a: { readonly line: number; readonly column: number },
  b: { readonly line: number; readonly column: number },
): number {
  return a.line - b.line || a.column - b.column;
}

/** One readout for each call site in the file; a graph that no backward pass ran through has none. */
export function backwardReadouts(
  passes: Iterable<PassSummary>,
  sources: Sources,
  file: string,
): BackwardReadout[] {
  const bySite = new Map<number, PassSummary[]>();
  for (const pass of passes) {
    if (pass.call === "live" || sources.site(pass.site)?.file !== file) continue;
    const group = bySite.get(pass.site);
    if (group) group.push(pass);
    else bySite.set(pass.site, [pass]);
  }
  const readouts = [...bySite].map(([site, group]): BackwardReadout => {
    const last = group.at(-1)!;
    return {
      source: sources.location(site)!,
      times: group.length,
      pass: last.index,
      rootName: last.rootName,
      root: last.root,
      steps: last.steps,
      leaves: Object.keys(last.gradNorms).length,
      roots: group.map((pass) => pass.root),
      passes: group.map((pass) => pass.index),
    };
  });
  return readouts.sort((a, b) => byPosition(a.source, b.source));
}
