/** @file Structures: what passes over the same graph have in common, sent once. */
import type { StructureNode, TraceEvent } from "../../protocol/trace.js";

export interface Structure {
  readonly nodes: readonly StructureNode[];
  /** from, to, input_nr, three numbers an edge. */
  readonly edges: readonly number[];
}

export class Structures {
  private readonly ids = new Map<string, number>();

  /** The structure's id; `announce` gets it the first time. */
  id(structure: Structure, announce: (event: TraceEvent) => void): number {
    const key = keyOf(structure);
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.ids.size;
      this.ids.set(key, id);
      announce({ type: "structure", id, ...structure });
    }
    return id;
  }
}

/** Derivatives follow from names. */
function keyOf({ nodes, edges }: Structure): string {
  const parts: (string | number)[] = [edges.join()];
  for (const { kind, name, label, requires_grad, shape, dtype, site } of nodes) {
    parts.push(kind, name ?? "", label ?? "", requires_grad ? 1 : 0, shape.join(), dtype, site);
  }
  return parts.join("|");
}
