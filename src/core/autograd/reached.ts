/** @file The nodes that a backward pass reaches, which carry its counters while it lives. */
import type { Tensor } from "../tensor.js";
import type { GraphTask } from "./graph_task.js";
import type { Gradients } from "./hooks.js";
import type { Node } from "./node.js";
import { topological } from "./traverse.js";

/** What an outer pass left in a node that it shares with an inner one. */
interface Displaced {
  readonly node: Node;
  readonly task: GraphTask;
  readonly dependencies: number;
  readonly buffer: Tensor | null;
  readonly bufferOwned: boolean;
  readonly buffers: Gradients | null;
  readonly needed: boolean;
}

export class Reached {
  readonly nodes: Node[] = [];
  readonly #displaced: Displaced[] = [];

  /** Takes over every node under the roots, and counts on how many terms each waits. */
  constructor(
    readonly task: GraphTask,
    roots: readonly { readonly node: Node }[],
  ) {
    const stack: Node[] = [];
    for (const { node } of roots) {
      if (this.#own(node)) stack.push(node);
      node.dependencies++;
    }
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const edges = node.edges;
      for (let i = 0; i < edges.length; i++) {
        const next = edges[i]!;
        if (next === null) continue;
        if (this.#own(next)) stack.push(next);
        next.dependencies++;
      }
    }
  }

  /** Takes a node over; false where it was ours already. */
  #own(node: Node): boolean {
    if (node.task === this.task) return false;
    if (node.task !== null) {
      const { task, dependencies, buffer, bufferOwned, buffers, needed } = node;
      this.#displaced.push({ node, task, dependencies, buffer, bufferOwned, buffers, needed });
    }
    node.task = this.task;
    node.dependencies = 0;
    node.buffer = null;
    node.bufferOwned = false;
    node.buffers = null;
    node.needed = true;
    this.nodes.push(node);
    return true;
  }

  /** Only nodes on a way to one of `targets` run (PyTorch's `exec_info`). */
  restrict(roots: readonly { readonly node: Node }[], targets: ReadonlySet<Node>): void {
    const wanted = new Set<Node>();
    for (const node of topological(roots)) {
      const onWay = targets.has(node) || node.edges.some((e) => e !== null && wanted.has(e));
      if (onWay) wanted.add(node);
      node.needed = onWay;
    }
  }

  /** Lets the nodes go; an outer pass finds its own as it left them. */
  restore(): void {
    for (const node of this.nodes) {
      node.task = null;
      node.buffer = null;
      node.buffers = null;
      node.needed = true;
    }
    for (const d of this.#displaced) {
      d.node.task = d.task;
      d.node.dependencies = d.dependencies;
      d.node.buffer = d.buffer;
      d.node.bufferOwned = d.bufferOwned;
      d.node.buffers = d.buffers;
      d.node.needed = d.needed;
    }
  }
}
