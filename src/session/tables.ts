/** @file The tables that a run's events number places and structures by, built up from a saved trace. */
import type { ExportGraph, ExportNode, SourceLocation, TraceDocument } from "../protocol/export.js";
import type { SiteRecord, StructureNode, TraceEvent } from "../protocol/trace.js";

/** Numbers places in the source in the order in which they are met. */
export class SiteTable {
  readonly #ids = new Map<string, number>();
  readonly #sites: (SiteRecord & { readonly file: string })[] = [];

  call(source: SourceLocation, text: string): number {
    const { file, line, column, endLine = line, endColumn = column } = source;
    return this.#id({ file, line, column, endLine, endColumn, text, name: null });
  }

  binding(file: string, line: number, column: number, name: string): number {
    return this.#id({ file, line, column, endLine: line, endColumn: column + name.length, text: name, name });
  }

  #id(site: SiteRecord & { readonly file: string }): number {
    const key = JSON.stringify(site);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#sites.push(site) - 1;
      this.#ids.set(key, id);
    }
    return id;
  }

  /** One module event for each run of sites in one file. */
  modules(document: TraceDocument): TraceEvent[] {
    const program = document.program.file;
    const events: TraceEvent[] = [];
    const text = (file: string): string => (file === program ? (document.text ?? "") : "");
    if (document.text !== undefined) {
      events.push({ type: "module", file: program, text: document.text, first: 0, sites: [] });
    }
    for (let first = 0; first < this.#sites.length; ) {
      const { file } = this.#sites[first]!;
      let end = first + 1;
      while (this.#sites[end]?.file === file) end++;
      const sites = this.#sites.slice(first, end).map(({ file: _, ...site }) => site);
      events.push({ type: "module", file, text: text(file), first, sites });
      first = end;
    }
    return events;
  }
}

/** Finds graphs of one structure again, so that a node's history spans the passes over it. */
export class StructureTable {
  readonly events: TraceEvent[] = [];
  readonly #ids = new Map<string, number>();
  readonly #sites: SiteTable;

  constructor(sites: SiteTable) {
    this.#sites = sites;
  }

  add(graph: ExportGraph): number {
    const position = new Map(graph.nodes.map((node, i) => [node.id, i]));
    const nodes = graph.nodes.map((node) => this.#node(node));
    const edges = graph.edges.flatMap(({ from, to, input_nr }) => [
      position.get(from)!,
      position.get(to)!,
      input_nr,
    ]);
    const key = JSON.stringify([nodes, edges]);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.events.length;
      this.#ids.set(key, id);
      this.events.push({ type: "structure", id, nodes, edges });
    }
    return id;
  }

  #node(node: ExportNode): StructureNode {
    const { kind, name, label, is_leaf, requires_grad, shape, dtype } = node;
    return {
      kind,
      name,
      label,
      is_leaf,
      requires_grad,
      shape,
      dtype,
      site: node.source ? this.#sites.call(node.source, node.text ?? "") : -1,
      custom: node.custom ?? false,
      derivative: node.derivative ?? [],
    };
  }
}
