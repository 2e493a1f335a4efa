/** @file What a check of gradients finds: one leaf of one backward pass, against finite differences. */
import type { SourceLocation } from "./export.js";

export type Verdict =
  /** Within the tolerances. */
  | "agrees"
  /** The gradient is wrong. */
  | "disagrees"
  /** They differ, but each operation on the way agrees by itself: the loss of digits of float32. */
  | "rounding"
  /** It could not be compared; `reason` says why. */
  | "unchecked";

export interface GradientCheck {
  /** Index of the pass. */
  readonly pass: number;
  /** The call that walked back. */
  readonly source: SourceLocation | null;
  /** The leaf's name, or null where it has none. */
  readonly leaf: string | null;
  /** Where the leaf was bound, else where it was made. */
  readonly place: SourceLocation | null;
  readonly shape: readonly number[];
  readonly verdict: Verdict;
  /** Elements that were moved one by one. */
  readonly elements: number;
  /** Random directions along which all elements were moved at once. */
  readonly directions: number;
  /** Comparisons at a point where the loss has a kink, which say nothing. */
  readonly kinks: number;
  /** Largest difference, in units of the largest element of the gradient that backward computed. */
  readonly difference: number;
  /** Of the comparison with that difference: what backward computed, and what was measured. */
  readonly analytic: number | null;
  readonly numeric: number | null;
  /** Where it disagrees: the operation whose derivative is wrong. Where it is unchecked: why. */
  readonly reason: string | null;
}
