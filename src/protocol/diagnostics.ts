/** @file The diagnostics that Gradwalk knows by code; each has a page of that name in docs/diagnostics. */
import type { Severity } from "./export.js";

interface Diagnostic {
  readonly severity: Severity;
  /** What it says, in a few words. */
  readonly title: string;
}

/** Severities are those of a person who has set none. */
export const DIAGNOSTICS = {
  "why-no-grad": { severity: "warning", title: "a gradient that is asked for is null" },
  "accumulated-without-zero": {
    severity: "warning",
    title: "a gradient is added to that of the step before",
  },
  "second-backward": { severity: "error", title: "a graph is walked backward again after it was freed" },
  "implicit-non-scalar": { severity: "error", title: "backward() of several elements without a gradient" },
  "inplace-on-leaf": { severity: "error", title: "a leaf that requires grad is changed in place" },
  "inplace-modified-saved": { severity: "error", title: "a tensor that backward needs was changed in place" },
  "graph-retained-in-list": { severity: "warning", title: "losses are kept together with their graphs" },
  "nan-origin": { severity: "warning", title: "the operation that made the first NaN" },
  "inf-origin": { severity: "warning", title: "the operation that made the first infinite value" },
  "vanishing-gradient": { severity: "information", title: "gradients shrink from layer to layer" },
  "exploding-gradient": { severity: "information", title: "gradients grow from layer to layer" },
  "dead-relu": { severity: "information", title: "a ReLU lets nothing through any more" },
  "gradient-mismatch": { severity: "error", title: "a gradient disagrees with finite differences" },
  "unused-parameter": { severity: "information", title: "a parameter that no loss depends on" },
  "broadcast-surprise": { severity: "warning", title: "[n] meets [n, 1] and becomes [n, n]" },
  "requires-grad-on-input": {
    severity: "information",
    title: "a gradient is computed for data and never read",
  },
} as const satisfies Readonly<Record<string, Diagnostic>>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

export function isDiagnosticCode(code: string): code is DiagnosticCode {
  return Object.hasOwn(DIAGNOSTICS, code);
}
