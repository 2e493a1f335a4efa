/** @file The engine's state as of a recorded step: what was ready, what waited, and for whom. */
import type { EngineState, PendingGradient } from "../protocol/debug.js";
import type { WireStep, WireTensor } from "../protocol/trace.js";
import type { Pass } from "../session/pass.js";
import { sumOf } from "./wireMath.js";

/** Takes time in the number of the steps to come. */
export function engineAt(pass: Pass, step: number): EngineState {
  const { steps } = pass.record;
  const ran = new Set<number>();
  for (let i = 0; i < step; i++) ran.add(steps[i]!.node);
  const coming = steps.slice(step);
  const isReady = ({ terms }: WireStep): boolean => terms.every(({ from }) => from === null || ran.has(from));
  return {
    pass: pass.index,
    // The ready queue's order does not depend on what joins it later.
    ready: coming.filter((one, i) => i === 0 || isReady(one)).map(({ node }) => node),
    pending: coming.flatMap((one) => pendingOf(one, ran)),
    preview: coming[0]?.grad_out ?? null,
    hooks: [],
  };
}

/** What has come in for a node by the time that the nodes of `ran` have run; nothing where nothing has. */
function pendingOf({ node, grad_in, terms }: WireStep, ran: ReadonlySet<number>): PendingGradient[] {
  const hasCome = ({ from }: { readonly from: number | null }): boolean => from === null || ran.has(from);
  if (terms.length > 0 && !terms.some(hasCome)) return [];
  return grad_in.map((whole, input_nr): PendingGradient => {
    const own = terms.filter((term) => term.input_nr === input_nr);
    const come = own.filter(hasCome);
    const missing = own.filter((term) => !hasCome(term)).map(({ from }) => from!);
    const value: WireTensor | null = missing.length === 0 ? whole : sumOf(come.map((term) => term.value));
    return { node, input_nr, value, terms: come, missing };
  });
}
