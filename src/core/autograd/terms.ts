/** @file The single summands of pending gradients, for tools that ask for them. */
import type { Tensor } from "../tensor.js";
import type { Node } from "./node.js";
import { disown } from "./ownership.js";

/** One summand of a pending gradient. */
export interface Term {
  /** The node that sent it; null for the gradient the pass started with. */
  readonly from: Node | null;
  readonly grad: Tensor;
}

export class Terms {
  readonly #of = new Map<Node, Term[][]>();

  add(node: Node, outputNr: number, term: Term): void {
    disown([term.grad]);
    const slots = this.#of.get(node) ?? [];
    const list = slots[outputNr] ?? [];
    list.push(term);
    slots[outputNr] = list;
    this.#of.set(node, slots);
  }

  /** In order of arrival. */
  of(node: Node, outputNr: number): readonly Term[] {
    return this.#of.get(node)?.[outputNr] ?? [];
  }
}
