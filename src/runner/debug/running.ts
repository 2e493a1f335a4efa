/** @file A backward pass in progress, as the debugger follows it. */
import type { _C, Tensor } from "../../core/index.js";
import type { Pass } from "../recorder/pass.js";
import type { ScopeNode } from "../recorder/scopes.js";

export interface Consumer {
  readonly node: _C.Node;
  /** Which output of the node consumed from. */
  readonly inputNr: number;
}

export type ScopeOf = (node: _C.Node) => ScopeNode | null;

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
  /** Forward calls that the steps so far have come to, and how many of the steps were looked at. */
  private readonly begun = new Set<ScopeNode>();
  private readonly begunNames = new Set<string>();
  private looked = 0;

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

  /**
   * Sites of the calls that made `node` and no node that ran before it in this pass: a call's backward begins
   * with its last operation, and is entered once.
   */
  entered(node: _C.Node, scopeOf: ScopeOf): readonly number[] {
    const { steps } = this.pass;
    for (; this.looked < steps.length; this.looked++) {
      const ran = steps[this.looked]!.node;
      if (ran.variable === null) this.comeTo(scopeOf(ran), null);
    }
    const sites: number[] = [];
    if (node.variable === null) this.comeTo(scopeOf(node), sites);
    return sites;
  }

  private comeTo(scope: ScopeNode | null, sites: number[] | null): void {
    for (let at = scope; at !== null && !this.begun.has(at); at = at.parent) {
      this.begun.add(at);
      // An async function's scope is made anew whenever it goes on; site and count name the call.
      const name = `${at.site} ${at.count}`;
      if (at.caller < 0 || at.module !== null || this.begunNames.has(name)) continue;
      this.begunNames.add(name);
      sites?.push(at.caller);
    }
  }

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
