/** @file What is said of a program that was ended from outside. */
import type { LaunchRequest } from "../protocol/control.js";
import type { ExportProblem, ProgramError } from "../protocol/export.js";
import type { EndReason, RunEnd } from "./types.js";

export const LimitsText = {
  timeout: ({ timeout }: LaunchRequest): string =>
    `The program was stopped after ${timeout} ${timeout === 1 ? "second" : "seconds"}, its time limit`,
  memory: ({ memoryLimit }: LaunchRequest): ProgramError => ({
    name: "OutOfMemory",
    message:
      memoryLimit > 0
        ? `The program took more than ${memoryLimit} MB, its memory limit`
        : "The program ran out of memory",
    line: null,
    column: null,
  }),
};

/** The problem for the line that the program was on; null for ends that are no problem. */
export function endProblem(
  reason: EndReason,
  launch: LaunchRequest,
  where: RunEnd["where"],
): ExportProblem | null {
  const text = textOf(reason, launch);
  if (text === null) return null;
  const iteration = where?.iteration ?? null;
  const at = where === null ? "" : `; it was here${iteration === null ? "" : `, in iteration ${iteration}`}`;
  const { file = launch.program, line = 1, column = 1 } = where ?? {};
  const end =
    where?.endLine !== undefined && where.endColumn !== undefined
      ? { endLine: where.endLine, endColumn: where.endColumn }
      : {};
  return {
    severity: "error",
    code: reason,
    message: `${text}${at}.`,
    file,
    line,
    column,
    ...end,
    related: [],
  };
}

function textOf(reason: EndReason, launch: LaunchRequest): string | null {
  if (reason === "timeout") return LimitsText.timeout(launch);
  if (reason === "memory") return LimitsText.memory(launch).message;
  if (reason === "crashed") return "The program's process died";
  return null;
}
