/** @file The passes of a run as curves: the loss, the norms of the leaves' gradients, and what is kept. */
import type { PassOutline } from "../../src/protocol/view.js";

/** The same for all passes of one backward() call. */
export function placeOf({ source, call, rootName }: PassOutline): string {
  return `${call} ${source?.file ?? ""}:${source?.line ?? rootName}:${source?.column ?? ""}`;
}

/** The passes of the same backward() call: the losses of different calls are no one curve. */
export function seriesOf(passes: readonly PassOutline[], pass: PassOutline | undefined): PassOutline[] {
  const place = pass && placeOf(pass);
  return passes.filter((other) => placeOf(other) === place);
}

/** Where a pass ran that a hook or a custom function's backward began: `inside step 3 of pass 1`. */
export function withinText({ within }: PassOutline): string | null {
  return within ? `inside step ${within.step + 1} of pass ${within.pass + 1}` : null;
}

export interface Mark {
  readonly index: number;
  readonly value: number;
}

/** Pieces of a curve, with gaps where a pass has no finite value. */
export function piecesOf(
  series: readonly PassOutline[],
  valueIn: (pass: PassOutline) => number | null,
): Mark[][] {
  const all: Mark[][] = [];
  let open: Mark[] | null = null;
  for (const pass of series) {
    const value = valueIn(pass);
    if (value === null || !Number.isFinite(value)) open = null;
    else if (open) open.push({ index: pass.index, value });
    else {
      open = [{ index: pass.index, value }];
      all.push(open);
    }
  }
  return all;
}

export function lossOf({ root }: PassOutline): number | null {
  return root;
}

/** Logarithm of the norm that a leaf's gradient had; null where it had none, or zero. */
export function logNormOf(leaf: string): (pass: PassOutline) => number | null {
  return ({ gradNorms }) => {
    const norm = gradNorms && Object.hasOwn(gradNorms, leaf) ? gradNorms[leaf]! : null;
    return norm === null || norm <= 0 ? null : Math.log10(norm);
  };
}

/** Labels of the leaves that got gradients in a series, those with the largest last norms first. */
export function leavesOf(series: readonly PassOutline[]): string[] {
  const last = new Map<string, number>();
  for (const { gradNorms } of series)
    for (const [leaf, norm] of Object.entries(gradNorms ?? {})) last.set(leaf, norm);
  const size = (norm: number) => (Number.isFinite(norm) ? norm : Number.POSITIVE_INFINITY);
  return [...last].sort(([, a], [, b]) => size(b) - size(a)).map(([leaf]) => leaf);
}

export interface Span {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
}

/** Runs of passes of which only a summary is kept. */
export function goneSpans(passes: readonly PassOutline[]): Span[] {
  const spans: Span[] = [];
  for (const { index, kept } of passes) {
    if (kept) continue;
    const last = spans[spans.length - 1];
    if (last?.to === index - 1) spans[spans.length - 1] = { from: last.from, to: index };
    else spans.push({ from: index, to: index });
  }
  return spans;
}

/** The next pass that is kept, in either direction; null beyond the last. */
export function nextKept(passes: readonly PassOutline[], index: number, by: 1 | -1): number | null {
  for (let i = index + by; i >= 0 && i < passes.length; i += by) if (passes[i]?.kept) return i;
  return null;
}
