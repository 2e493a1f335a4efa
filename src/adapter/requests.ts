/** @file What a request must bring, checked before its handler runs. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import { RequestErrors } from "./errors.js";

type Kind = "number" | "string" | "boolean" | "list" | "object";

/** Fields of `arguments` that a handler relies on; a question mark: where they are given. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, Kind | `${Kind}?`>>>> = {
  cancel: { requestId: "number?" },
  breakpointLocations: {
    source: "object",
    line: "number",
    column: "number?",
    endLine: "number?",
    endColumn: "number?",
  },
  setBreakpoints: { source: "object", breakpoints: "list?" },
  setFunctionBreakpoints: { breakpoints: "list" },
  setDataBreakpoints: { breakpoints: "list" },
  setExceptionBreakpoints: { filters: "list", filterOptions: "list?" },
  dataBreakpointInfo: { name: "string", variablesReference: "number?" },
  stackTrace: { startFrame: "number?", levels: "number?" },
  scopes: { frameId: "number" },
  variables: { variablesReference: "number", start: "number?", count: "number?", filter: "string?" },
  evaluate: { expression: "string" },
  completions: { text: "string", column: "number" },
  setVariable: { variablesReference: "number", name: "string", value: "string" },
  setExpression: { expression: "string", value: "string" },
  stepIn: { targetId: "number?" },
  gotoTargets: { source: "object", line: "number", column: "number?" },
  goto: { targetId: "number" },
  readMemory: { memoryReference: "string", offset: "number?", count: "number" },
  source: { sourceReference: "number" },
};

/** Elements of lists. */
const ELEMENTS: Readonly<Record<string, Readonly<Record<string, Kind | `${Kind}?`>>>> = {
  setBreakpoints: {
    line: "number",
    column: "number?",
    condition: "string?",
    hitCondition: "string?",
    logMessage: "string?",
  },
  setFunctionBreakpoints: { name: "string", condition: "string?", hitCondition: "string?" },
  setDataBreakpoints: { dataId: "string", condition: "string?", hitCondition: "string?" },
};

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isRequest(message: unknown): message is DebugProtocol.Request {
  return (
    isFields(message) &&
    message.type === "request" &&
    typeof message.command === "string" &&
    Number.isInteger(message.seq)
  );
}

/** @throws RequestError that names what is missing or wrong */
export function checkArguments({ command, arguments: given }: DebugProtocol.Request): void {
  const fields = Object.hasOwn(FIELDS, command) ? FIELDS[command] : undefined;
  if (fields === undefined) return;
  checkFields(command, given ?? {}, fields);
  const elements = ELEMENTS[command];
  if (elements === undefined) return;
  for (const one of ((given as Fields).breakpoints ?? []) as unknown[]) checkFields(command, one, elements);
}

function checkFields(
  command: string,
  value: unknown,
  fields: Readonly<Record<string, Kind | `${Kind}?`>>,
): void {
  if (!isFields(value)) throw RequestErrors.malformed(command, "its arguments are no object");
  for (const [name, wanted] of Object.entries(fields)) {
    const kind = wanted.replace("?", "");
    const field = value[name];
    if (field === undefined || field === null) {
      if (kind === wanted) throw RequestErrors.malformed(command, `"${name}" is missing`);
    } else if (!is(field, kind as Kind)) {
      throw RequestErrors.malformed(command, `"${name}" is no ${kind}`);
    }
  }
}

function is(value: unknown, kind: Kind): boolean {
  if (kind === "list") return Array.isArray(value);
  if (kind === "object") return isFields(value);
  return typeof value === kind && (kind !== "number" || Number.isFinite(value));
}
