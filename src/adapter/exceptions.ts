/** @file Gradients that went bad: what to look for, whether a recorded step shows it, and where it began. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { ExceptionBreakpoint, ExceptionFilter, PauseException } from "../protocol/debug.js";
import type { WireTensor } from "../protocol/trace.js";
import type { Pass } from "../session/pass.js";
import { nodeTitle } from "./names.js";

const EXPLODING = 1e3;
const VANISHING = 1e-7;

export const EXCEPTION_FILTERS: readonly DebugProtocol.ExceptionBreakpointsFilter[] = [
  {
    filter: "nan",
    label: "NaN",
    description: "A gradient, or a value on its way forward, became NaN.",
    default: true,
  },
  { filter: "inf", label: "Infinity", description: "A gradient became infinite.", default: false },
  {
    filter: "exploding",
    label: "Exploding gradient",
    description: "A gradient's norm is above a threshold.",
    default: false,
    supportsCondition: true,
    conditionDescription: `Threshold of the norm, such as > 100 (${EXPLODING} by default)`,
  },
  {
    filter: "vanishing",
    label: "Vanishing gradient",
    description: "A gradient's norm is below a threshold.",
    default: false,
    supportsCondition: true,
    conditionDescription: `Threshold of the norm, such as < 1e-5 (${VANISHING} by default)`,
  },
  {
    filter: "version",
    label: "Version clash",
    description: "A saved tensor was modified in place before its backward pass.",
    default: true,
  },
  { filter: "uncaught", label: "Uncaught error", description: "The program throws.", default: true },
];

const NAMES: ReadonlySet<string> = new Set(EXCEPTION_FILTERS.map(({ filter }) => filter));

export function isExceptionFilter(name: string): name is ExceptionFilter {
  return NAMES.has(name);
}

/** The threshold in `> 100`, `< 1e-6` or `100`; undefined where the text is none. */
export function parseThreshold(text: string): number | undefined {
  const match = /^\s*[<>]?=?\s*(\d*\.?\d+(?:e[+-]?\d+)?)\s*$/i.exec(text);
  return match ? Number(match[1]) : undefined;
}

type Test = (gradient: WireTensor, threshold: number | null) => boolean;

const TESTS: Partial<Record<ExceptionFilter, Test>> = {
  nan: ({ nan }) => nan > 0,
  inf: ({ inf }) => inf > 0,
  exploding: ({ norm }, threshold) => norm !== null && norm > (threshold ?? EXPLODING),
  vanishing: ({ norm }, threshold) => norm !== null && norm < (threshold ?? VANISHING),
};

const SEEN: Partial<Record<ExceptionFilter, string>> = {
  nan: "is NaN",
  inf: "is infinite",
  exploding: "explodes",
  vanishing: "vanishes",
};

/**
 * What a filter sees in the gradients that come into a step. Only where it shows first is told: not at nodes
 * whose gradient is bad because the sender's was.
 */
export function exceptionAt(
  pass: Pass,
  step: number,
  filters: readonly ExceptionBreakpoint[],
): PauseException | null {
  const { node, grad_in, terms } = pass.record.steps[step]!;
  for (const { filter, threshold } of filters) {
    const test = TESTS[filter];
    if (test === undefined) continue;
    const bad = (gradient: WireTensor | null): boolean => gradient !== null && test(gradient, threshold);
    const found = grad_in.find(bad);
    if (!found) continue;
    const inherited = terms.some(({ from }) => {
      const sender = from === null ? -1 : pass.stepOf(from);
      return sender >= 0 && pass.record.steps[sender]!.grad_in.some(bad);
    });
    if (inherited) continue;
    const norm = filter === "nan" || filter === "inf" ? "" : ` (norm ${found.norm})`;
    return {
      filter,
      message: `The gradient of ${nodeTitle(pass, node)} ${SEEN[filter]}${norm}.`,
      origin: originOf(pass, step, filter),
      stack: null,
    };
  }
  return null;
}

/**
 * The forward call where the bad value arose: of a NaN or an infinity the first operation whose own value has
 * one, else the node whose derivative sent it.
 */
function originOf(pass: Pass, step: number, filter: ExceptionFilter): PauseException["origin"] {
  const test = TESTS[filter];
  const { values, steps } = pass.record;
  if (filter === "nan" || filter === "inf") {
    const first = values.findIndex((value) => value !== null && test!(value, null));
    if (first >= 0) return pass.location(first);
  }
  const sender = steps[step]!.terms.findLast(({ value }) => test?.(value, null))?.from ?? null;
  return pass.location(sender ?? steps[step]!.node);
}
