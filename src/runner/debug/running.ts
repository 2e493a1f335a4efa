/** @file A backward pass in progress, as the debugger follows it. */
import type { _C, Tensor } from "../../core/index.js";
import type { Pass } from "../recorder/pass.js";

export interface Consumer {
  readonly node: _C.Node;
  /** Which output of the node consumed from. */
  readonly inputNr: number;
}

export class RunningPass {
  readonly task: _C.GraphTask;
  readonly pass: Pass;
  /** The node whose turn it is, or that runs. */
  node: _C.Node | null = null;
  /** The node was begun: what it sends can't be told beforehand any more. */
  inside = false;
  /** What had come in for the node when it was begun. */
  grads: readonly (Tensor | null)[] = [];
  readonly ran = new Set<_C.Node>();
  private uses: Map<_C.Node, Consumer[]> | null = null;

  constructor(task: _C.GraphTask, pass: Pass) {
    this.task = task;
    this.pass = pass;
  }

  /** It is this node's turn. */
  begin(node: _C.Node): void {
    this.node = node;
    this.inside = false;
  }

  /** The node runs now, after whatever a person did. */
  enter(): void {
    this.grads = this.incoming(this.node!);
    this.inside = true;
  }

  ranNode(node: _C.Node): void {
    this.ran.add(node);
    this.inside = false;
  }

  /** The gradients that have come in for a node so far. */
  incoming(node: _C.Node): (Tensor | null)[] {
    if (node === this.node && this.inside) return [...this.grads];
    const slots = node.outputs?.length ?? 1;
    return Array.from({ length: slots }, (_, i) => this.task.buffer(node, i));
  }

  /** Nodes that send gradients to `node`. */
  readonly consumers = (node: _C.Node): readonly Consumer[] => {
    this.uses ??= this.findUses();
    return this.uses.get(node) ?? [];
  };

  private findUses(): Map<_C.Node, Consumer[]> {
    const uses = new Map<_C.Node, Consumer[]>();
    for (const node of this.task.nodes) {
      node.edges.forEach((next, i) => {
        if (next === null || !node.needed) return;
        const list = uses.get(next) ?? [];
        list.push({ node, inputNr: node.edgeNumbers?.[i] ?? 0 });
        uses.set(next, list);
      });
    }
    return uses;
  }
}

/** Whether the node's derivative is code of the user's: a `torch.autograd.Function`. */
export function isCustom(node: _C.Node): boolean {
  return "owner" in node.kind;
}
