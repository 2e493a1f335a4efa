/** @file One pass's graph as a function of its leaves, in double precision. */
import { _C, type Tensor } from "../../../core/index.js";
import type { Pass } from "../pass.js";
import { savedOf } from "../saved.js";
import { visitElements } from "../wire.js";

type Values = Map<_C.Node, _C.Value>;

/** A leaf's value that is put in the place of its own. */
interface Change {
  readonly sink: _C.Node;
  readonly value: Tensor;
}

/**
 * The sum of the pass's roots, each element weighed by the gradient that the pass started with: the number whose
 * derivatives backward computes.
 */
export class Replay {
  /** Functions in the order in which they were recorded. */
  private readonly functions: readonly _C.Node[];
  private readonly base: Values = new Map();
  private readonly failures = new Map<_C.Node, string>();
  private readonly saved = new Map<_C.Node, ReadonlyMap<string, unknown>>();

  constructor(
    private readonly tape: _C.CallTape,
    private readonly pass: Pass,
  ) {
    const byOrder = (a: _C.Node, b: _C.Node) => a.sequence - b.sequence;
    this.functions = pass.nodes.filter(({ variable }) => variable === null).sort(byOrder);
    pass.nodes.forEach((node, at) => {
      const names = savedOf(node, pass.saved[at] ?? null);
      this.saved.set(node, new Map(names.map(({ name, value }) => [name, value])));
    });
    for (const { variable, node } of this.sinks()) this.base.set(node, [_C.moved(variable, [], 0)]);
    for (const node of this.functions) this.evaluate(node, this.base, this.base);
  }

  sinks(): { readonly node: _C.Node; readonly variable: Tensor }[] {
    return this.pass.nodes.flatMap((node) =>
      node.variable === null ? [] : [{ node, variable: node.variable }],
    );
  }

  /** Functions on the ways from a sink to the roots, in the order in which they were recorded. */
  above(sink: _C.Node): readonly _C.Node[] {
    const reached = new Set([sink]);
    return this.functions.filter((node) => {
      const hit = node.edges.some((next) => next !== null && reached.has(next));
      if (hit) reached.add(node);
      return hit;
    });
  }

  /** Why the value cannot be computed again from this leaf; null where it can. */
  obstacle(sink: _C.Node): string | null {
    for (const node of this.above(sink)) {
      const failure = this.failures.get(node);
      if (failure !== undefined) return `${node.name()} is not computed again: ${failure}`;
    }
    return null;
  }

  /** The weighed sum of the roots, with one leaf changed. */
  value(change: Change | null, above: readonly _C.Node[]): number {
    const values: Values = new Map();
    if (change !== null) {
      values.set(change.sink, [change.value]);
      for (const node of above) this.evaluate(node, values, this.base);
    }
    let sum = 0;
    for (const { node, outputNr, grad } of this.pass.roots) {
      const root = (values.get(node) ?? this.base.get(node))?.[outputNr];
      if (root !== undefined) sum += weighed(root, grad);
    }
    return sum;
  }

  private evaluate(node: _C.Node, values: Values, base: Values): void {
    const valueAt: _C.ValueOf = (next) => {
      const value = values.get(next) ?? base.get(next);
      if (value === undefined) throw new _C.NotReplayable(node, "what comes before it is not known");
      return value;
    };
    try {
      values.set(node, _C.evaluateNode(this.tape, node, valueAt, this.saved.get(node) ?? new Map()));
    } catch (error) {
      const reason =
        error instanceof _C.NotReplayable ? error.message : `it throws (${(error as Error).message})`;
      this.failures.set(node, reason);
    }
  }
}

/** Σ value · weight. */
export function weighed(value: Tensor, weight: Tensor): number {
  const weights = elementsOf(weight);
  let sum = 0;
  visitElements(value, (each, i) => {
    sum += each * weights[i]!;
  });
  return sum;
}

export function elementsOf(tensor: Tensor): Float64Array {
  const elements = new Float64Array(tensor._numel);
  visitElements(tensor, (value, i) => {
    elements[i] = value;
  });
  return elements;
}
