/** @file What the transforms of `torch.func` share: inputs of their own, and results outside of their graph. */
import { needsGrad } from "../autograd/edges.js";
import { grad } from "../autograd/engine.js";
import { mode } from "../autograd/grad_mode.js";
import type { Node } from "../autograd/node.js";
import { RuntimeError, ValueError } from "../errors.js";
import { zerosOf } from "../ops/make.js";
import { Tensor } from "../tensor.js";
import { leavesOf, mapLeaves, typeText } from "./tree.js";

/** One run of a transform: the tensors it differentiates by, apart from the caller's own. */
export class Level {
  readonly inputs: Tensor[] = [];
  readonly #sinks = new Set<Tensor>();
  /** Whether the caller records: a transform inside `no_grad` still differentiates, but its result is plain. */
  readonly #outer = mode.grad;

  /** The same tree over tensors that this level differentiates by. */
  lift(tree: unknown): unknown {
    return mapLeaves(tree, (leaf) => {
      if (!(leaf instanceof Tensor)) {
        throw new ValueError(`Thing passed to transform API must be Tensor, got ${typeText(leaf)}`);
      }
      const own = needsGrad(leaf) ? leaf.view_as(leaf) : leaf.detach().requires_grad_(true);
      if (own._gradFn === null) this.#sinks.add(own);
      this.inputs.push(own);
      return own;
    });
  }

  /** Whether derivatives of `outputs` can be differentiated again by somebody outside. */
  #recorded(outputs: readonly Tensor[]): boolean {
    if (!this.#outer) return false;
    const seen = new Set<Node>();
    const stack = outputs.map((t) => t.grad_fn);
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (node === null || seen.has(node)) continue;
      seen.add(node);
      if (node.variable !== null && !this.#sinks.has(node.variable)) return true;
      stack.push(...node.edges);
    }
    return false;
  }

  /** vᵀJ by the level's inputs: zeros where nothing depends on one. */
  gradients(outputs: readonly Tensor[], vectors: readonly (Tensor | null)[], record = false): Tensor[] {
    const by = outputs.flatMap((t, i) => (t.requires_grad ? [i] : []));
    const zeros = (t: Tensor): Tensor => zerosOf(t._shape, t.dtype);
    if (by.length === 0) return this.inputs.map(zeros);
    const chosen = by.map((i) => outputs[i]!);
    const weights = by.map((i) => vectors[i] ?? null);
    const create = record || this.#recorded([...chosen, ...weights.filter((w) => w !== null)]);
    const found = grad(chosen, this.inputs, weights, {
      create_graph: create,
      retain_graph: true,
      allow_unused: true,
    }) as (Tensor | null)[];
    return found.map((g, i) => g ?? zeros(this.inputs[i]!));
  }

  /** The same tree without this level's graph; graphs of levels further out stay. */
  lower(tree: unknown): unknown {
    return mapLeaves(tree, (t) => (t instanceof Tensor && !this.#recorded([t]) ? t.detach() : t));
  }
}

/** The tensors of what a function returned. */
export function tensorsOnly(tree: unknown, message: (type: string) => string): Tensor[] {
  return leavesOf(tree).map((leaf) => {
    if (leaf instanceof Tensor) return leaf;
    throw new RuntimeError(message(typeText(leaf)));
  });
}
