/** @file Checks the input and numbers its nodes, edges and groups. */
import { type LayoutGroup, type LayoutInput, LayoutInputError, type LayoutNode } from "./types.js";

/** Groups are numbered from 1; 0 is the whole drawing. */
export interface Indexed {
  readonly nodes: readonly LayoutNode[];
  readonly groups: readonly LayoutGroup[];
  readonly nodeIndex: ReadonlyMap<string, number>;
  /** Innermost group of each node, and the group around each group. */
  readonly groupOf: Int32Array;
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** Groups so that each follows the one around it. */
  readonly outerFirst: readonly number[];
  /** Ends of the edges, in the order of the input. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** @throws LayoutInputError naming the id that is unknown, given twice or without a size */
export function indexInput(input: LayoutInput): Indexed {
  const groups = input.groups ?? [];
  const groupIndex = numbered("group", groups);
  const nodeIndex = numbered("node", input.nodes);
  numbered("edge", input.edges);
  const find = (index: ReadonlyMap<string, number>, id: string, what: () => string): number => {
    const found = index.get(id);
    if (found === undefined)
      throw new LayoutInputError(`${what()} "${clip(id)}", which is not in the graph.`);
    return found;
  };
  const groupOf = new Int32Array(input.nodes.length);
  input.nodes.forEach((node, i) => {
    if (!isSize(node.width) || !isSize(node.height))
      throw new LayoutInputError(`Node "${clip(node.id)}" has the size ${node.width} × ${node.height}.`);
    if (node.group != null)
      groupOf[i] = 1 + find(groupIndex, node.group, () => `Node "${clip(node.id)}" is in group`);
  });
  const parent = new Int32Array(groups.length + 1);
  groups.forEach((group, i) => {
    if (group.parent !== null)
      parent[i + 1] = 1 + find(groupIndex, group.parent, () => `Group "${clip(group.id)}" is in`);
  });
  const { depth, outerFirst } = nesting(parent, groups);
  const end = (which: "from" | "to") => {
    const ends = new Int32Array(input.edges.length);
    input.edges.forEach((edge, i) => {
      ends[i] = find(nodeIndex, edge[which], () => `Edge "${clip(edge.id)}" joins node`);
    });
    return ends;
  };
  return {
    nodes: input.nodes,
    groups,
    nodeIndex,
    groupOf,
    parent,
    depth,
    outerFirst,
    from: end("from"),
    to: end("to"),
  };
}

function isSize(size: number): boolean {
  return Number.isFinite(size) && size >= 0;
}

function clip(id: string): string {
  return id.length > 80 ? `${id.slice(0, 79)}…` : id;
}

function numbered(what: string, list: readonly { readonly id: string }[]): Map<string, number> {
  const index = new Map<string, number>();
  list.forEach(({ id }, i) => {
    if (index.has(id)) throw new LayoutInputError(`The ${what} "${clip(id)}" is given twice.`);
    index.set(id, i);
  });
  return index;
}

function nesting(parent: Int32Array, groups: readonly LayoutGroup[]) {
  const children: number[][] = Array.from(parent, () => []);
  for (let g = 1; g < parent.length; g++) children[parent[g]!]!.push(g);
  const depth = new Int32Array(parent.length);
  const outerFirst = [0];
  for (let i = 0; i < outerFirst.length; i++) {
    const g = outerFirst[i]!;
    for (const child of children[g]!) {
      depth[child] = depth[g]! + 1;
      outerFirst.push(child);
    }
  }
  if (outerFirst.length < parent.length) {
    const reached = new Set(outerFirst);
    const lost = groups.find((_, i) => !reached.has(i + 1))!;
    throw new LayoutInputError(`The group "${clip(lost.id)}" is inside itself.`);
  }
  return { depth, outerFirst };
}
