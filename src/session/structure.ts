/** @file A graph's structure, kept once for all the passes that share it. */
import type { ExportEdge } from "../protocol/export.js";
import type { StructureNode } from "../protocol/trace.js";
import { bySize, contains, type Site, type Sources } from "./sources.js";

export class Structure {
  readonly nodes: readonly StructureNode[];
  readonly edges: readonly ExportEdge[];
  #byLine: ReadonlyMap<string, readonly number[]> | null = null;

  /** @param edges from, to, input_nr, three numbers an edge */
  constructor(nodes: readonly StructureNode[], edges: readonly number[]) {
    this.nodes = nodes;
    const list: ExportEdge[] = [];
    for (let i = 0; i < edges.length; i += 3) {
      list.push({ from: edges[i]!, to: edges[i + 1]!, input_nr: edges[i + 2]! });
    }
    this.edges = list;
  }

  /**
   * Nodes whose call stands on this line; with a column, those whose text holds it, innermost first.
   * Where none holds it, all of the line's.
   */
  nodesAt(sources: Sources, file: string, line: number, column?: number): readonly number[] {
    const onLine = this.#lines(sources).get(key(file, line)) ?? [];
    if (column === undefined) return onLine;
    const hit = this.nodesAround(sources, file, line, column);
    return hit.length === 0 ? onLine : hit;
  }

  /** Nodes whose call holds this position, the innermost call's first. */
  nodesAround(sources: Sources, file: string, line: number, column: number): number[] {
    const site = (node: number): Site => sources.site(this.nodes[node]!.site)!;
    const onLine = this.#lines(sources).get(key(file, line)) ?? [];
    const hit = onLine.filter((node) => contains(site(node), line, column));
    return hit.sort((a, b) => bySize(site(a), site(b)));
  }

  #lines(sources: Sources): ReadonlyMap<string, readonly number[]> {
    if (this.#byLine) return this.#byLine;
    const index = new Map<string, number[]>();
    this.nodes.forEach((node, i) => {
      const site = sources.site(node.site);
      if (!site) return;
      // A call spread over lines belongs to each of them.
      for (let line = site.line; line <= site.endLine; line++) {
        const nodes = index.get(key(site.file, line));
        if (nodes) nodes.push(i);
        else index.set(key(site.file, line), [i]);
      }
    });
    this.#byLine = index;
    return index;
  }
}

const key = (file: string, line: number): string => `${line}:${file}`;
