/** @file Which operation's derivative is wrong: each is compared with finite differences by itself. */
import { _C, type Tensor } from "../../../core/index.js";
import type { StepRecord } from "../pass.js";
import { compare, type Directions, measure, STEP } from "./differences.js";
import { elementsOf, weighed } from "./replay.js";

const TRIES = 4;

/** Whether what the step sent along one of its edges is not what its operation's slope says. */
export function isWrong(tape: _C.CallTape, step: StepRecord, directions: Directions): boolean {
  return step.node.edges.some((next, edge) => next !== null && edgeIsWrong(tape, step, edge, directions));
}

function edgeIsWrong(
  tape: _C.CallTape,
  { node, gradIn, gradOut }: StepRecord,
  edge: number,
  directions: Directions,
): boolean {
  const sent = gradOut[edge] ?? null;
  const gradient = sent === null ? null : elementsOf(sent);
  for (let i = 0; i < TRIES; i++) {
    let direction: Float64Array | null = null;
    const at = (by: number): number => {
      const values = _C.evaluateAlone(tape, node, (input, own) => {
        if (input !== edge) return own;
        direction ??= directions.next(own._numel);
        return _C.moved(own, direction, by);
      });
      return outputsWeighed(values, gradIn);
    };
    const here = at(0);
    const measured = measure(at, here, STEP);
    if (direction === null || Number.isNaN(here)) return false;
    const along: Float64Array = direction;
    // No gradient along an edge counts as zero.
    const analytic = gradient?.reduce((sum, value, k) => sum + value * along[k]!, 0) ?? 0;
    const scale = gradient === null ? 0 : Math.hypot(...gradient.subarray(0, 1024));
    if (compare(analytic, measured, scale) === "disagrees") return true;
  }
  return false;
}

function outputsWeighed(values: _C.Value | null, gradIn: readonly (Tensor | null)[]): number {
  if (values === null) return Number.NaN;
  return gradIn.reduce((sum, grad, i) => {
    const value = values[i];
    return grad == null || value === undefined ? sum : sum + weighed(value, grad);
  }, 0);
}
