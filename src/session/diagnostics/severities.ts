/** @file Which problems a person wants to be told, and how loudly: the setting `gradwalk.diagnostics`. */
import type { Severity } from "../../protocol/export.js";

const SEVERITIES: readonly unknown[] = ["error", "warning", "information", "hint"] satisfies Severity[];

interface Coded {
  readonly code: string;
  readonly severity: Severity;
}

/**
 * Problems as the setting wants them: with another severity, or not at all.
 * @param setting a severity or "off" by code; what is neither counts as not set
 */
export function configured<P extends Coded>(problems: readonly P[], setting: unknown): P[] {
  const table =
    typeof setting === "object" && setting !== null ? (setting as Readonly<Record<string, unknown>>) : {};
  return problems.flatMap((problem) => {
    const wanted = Object.hasOwn(table, problem.code) ? table[problem.code] : undefined;
    if (wanted === "off") return [];
    return [SEVERITIES.includes(wanted) ? { ...problem, severity: wanted as Severity } : problem];
  });
}
