/**
 * @file Ranks with the least Σ weight · length: the network simplex method of Gansner, Koutsofios, North and Vo,
 * "A Technique for Drawing Directed Graphs" (1993). It begins with ranks that are good already and is given a
 * limited number of steps, each O(V + E), so that large graphs keep what they came with.
 */
import { incidence } from "./graph.js";

/** Steps times vertices. */
const effort = 1_500_000;
const largest = 3_000;

/** Improves `rank` in place; `use` is 1 for the edges that count. Ranks may become negative. */
export function simplexRanks(
  vertices: number,
  from: Int32Array,
  to: Int32Array,
  span: Int32Array,
  use: Uint8Array,
  weight: Float64Array,
  rank: Int32Array,
): void {
  if (vertices > largest) return;
  const simplex = new Simplex(vertices, from, to, span, use, weight, rank);
  const steps = Math.floor(effort / (vertices + 1));
  for (let i = 0; i < steps && simplex.step(); i++);
}

class Simplex {
  private readonly out;
  private readonly into;
  /** The edge to the parent in the spanning tree of tight edges; -1 at roots. */
  private readonly parentEdge: Int32Array;
  /** Vertices so that parents come before their children, and subtrees are contiguous. */
  private readonly preorder: Int32Array;
  private readonly place: Int32Array;
  private readonly size: Int32Array;
  /** Weight of edges that leave a vertex, or a subtree, less that of edges that enter it: how much it wants down. */
  private readonly supply: Float64Array;
  private readonly pull: Float64Array;

  constructor(
    private readonly vertices: number,
    private readonly from: Int32Array,
    private readonly to: Int32Array,
    private readonly span: Int32Array,
    private readonly use: Uint8Array,
    weight: Float64Array,
    private readonly rank: Int32Array,
  ) {
    this.out = incidence(vertices, from);
    this.into = incidence(vertices, to);
    this.parentEdge = new Int32Array(vertices).fill(-1);
    this.preorder = new Int32Array(vertices);
    this.place = new Int32Array(vertices);
    this.size = new Int32Array(vertices);
    this.pull = new Float64Array(vertices);
    this.supply = new Float64Array(vertices);
    for (let e = 0; e < from.length; e++) {
      if (use[e] === 0) continue;
      this.supply[from[e]!]! += weight[e]!;
      this.supply[to[e]!]! -= weight[e]!;
    }
    this.growTree();
    this.number();
  }

  /** Exchanges the tree edge that gains most for another. @returns false once none gains */
  step(): boolean {
    const { parentEdge, pull, to } = this;
    let worst = -1;
    let most = 1e-9;
    for (let v = 0; v < this.vertices; v++) {
      const e = parentEdge[v]!;
      if (e < 0) continue;
      // A subtree below its parent gains by moving down, one above its parent by moving up.
      const gain = to[e] === v ? pull[v]! : -pull[v]!;
      if (gain > most) {
        most = gain;
        worst = v;
      }
    }
    if (worst < 0) return false;
    const down = to[parentEdge[worst]!] === worst;
    const entering = this.nearestEdge(worst, down);
    if (entering < 0) return false;
    const shift = this.slack(entering) * (down ? 1 : -1);
    const first = this.place[worst]!;
    for (let i = first; i < first + this.size[worst]!; i++) this.rank[this.preorder[i]!]! += shift;
    this.rehang(worst, entering, down ? this.from[entering]! : this.to[entering]!);
    this.number();
    return true;
  }

  private slack(e: number): number {
    return this.rank[this.to[e]!]! - this.rank[this.from[e]!]! - this.span[e]!;
  }

  private other(e: number, v: number): number {
    return this.from[e] === v ? this.to[e]! : this.from[e]!;
  }

  /** The edge with the least slack that leaves the subtree of `v` (downwards) or enters it. */
  private nearestEdge(v: number, down: boolean): number {
    const { start, list } = down ? this.out : this.into;
    const end = down ? this.to : this.from;
    const first = this.place[v]!;
    const last = first + this.size[v]!;
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = first; i < last; i++) {
      const u = this.preorder[i]!;
      for (let k = start[u]!; k < start[u + 1]!; k++) {
        const e = list[k]!;
        if (this.use[e] === 0) continue;
        const at = this.place[end[e]!]!;
        if (at >= first && at < last) continue;
        const slack = this.slack(e);
        if (slack < least) {
          least = slack;
          nearest = e;
        }
      }
    }
    return nearest;
  }

  /** Hangs the subtree of `root` on the edge `entering` at its vertex `inside`, turning the path between round. */
  private rehang(root: number, entering: number, inside: number): void {
    let v = inside;
    let edge = entering;
    for (;;) {
      const next = this.parentEdge[v]!;
      this.parentEdge[v] = edge;
      if (v === root) return;
      v = this.other(next, v);
      edge = next;
    }
  }

  /** A spanning tree of tight edges: parts are moved until they touch the tree. One tree for each component. */
  private growTree(): void {
    const inTree = new Uint8Array(this.vertices);
    const tree: number[] = [];
    for (let root = 0; root < this.vertices; root++) {
      if (inTree[root] === 1) continue;
      tree.length = 0;
      tree.push(root);
      inTree[root] = 1;
      let searched = 0;
      for (;;) {
        while (searched < tree.length) this.takeTight(tree[searched++]!, tree, inTree);
        const bridge = this.nearestBridge(tree, inTree);
        if (bridge < 0) break;
        const outside = inTree[this.from[bridge]!] === 1 ? this.to[bridge]! : this.from[bridge]!;
        const shift = this.slack(bridge) * (outside === this.to[bridge] ? 1 : -1);
        for (const v of tree) this.rank[v]! += shift;
        this.parentEdge[outside] = bridge;
        inTree[outside] = 1;
        tree.push(outside);
      }
    }
  }

  private takeTight(v: number, tree: number[], inTree: Uint8Array): void {
    for (const side of [this.out, this.into]) {
      for (let k = side.start[v]!; k < side.start[v + 1]!; k++) {
        const e = side.list[k]!;
        const w = this.other(e, v);
        if (this.use[e] === 0 || inTree[w] === 1 || this.slack(e) !== 0) continue;
        inTree[w] = 1;
        this.parentEdge[w] = e;
        tree.push(w);
      }
    }
  }

  private nearestBridge(tree: readonly number[], inTree: Uint8Array): number {
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const v of tree) {
      for (const side of [this.out, this.into]) {
        for (let k = side.start[v]!; k < side.start[v + 1]!; k++) {
          const e = side.list[k]!;
          if (this.use[e] === 0 || inTree[this.other(e, v)] === 1) continue;
          const slack = this.slack(e);
          if (slack < least) {
            least = slack;
            nearest = e;
          }
        }
      }
    }
    return nearest;
  }

  /** Numbers the tree and sums up what its subtrees want. */
  private number(): void {
    const { vertices, parentEdge, preorder, place, size, pull } = this;
    const firstChild = new Int32Array(vertices).fill(-1);
    const sibling = new Int32Array(vertices).fill(-1);
    const stack: number[] = [];
    for (let v = vertices - 1; v >= 0; v--) {
      if (parentEdge[v]! < 0) {
        stack.push(v);
        continue;
      }
      const parent = this.other(parentEdge[v]!, v);
      sibling[v] = firstChild[parent]!;
      firstChild[parent] = v;
    }
    let filled = 0;
    while (stack.length > 0) {
      const v = stack.pop()!;
      place[v] = filled;
      preorder[filled++] = v;
      for (let child = firstChild[v]!; child >= 0; child = sibling[child]!) stack.push(child);
    }
    size.fill(1);
    pull.set(this.supply);
    for (let i = vertices - 1; i >= 0; i--) {
      const v = preorder[i]!;
      if (parentEdge[v]! < 0) continue;
      const parent = this.other(parentEdge[v]!, v);
      size[parent]! += size[v]!;
      pull[parent]! += pull[v]!;
    }
  }
}
