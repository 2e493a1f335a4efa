/** @file Answers to what a client asks about a stop. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Debuggee } from "./debuggee.js";
import { RequestErrors } from "./errors.js";
import type { Frame } from "./frames.js";
import type { Item } from "./items.js";
import type { ClientFormat } from "./paths.js";

export interface Inspected {
  readonly debuggee: Debuggee;
  readonly format: ClientFormat;
  readonly client: Partial<DebugProtocol.InitializeRequestArguments>;
}

export function stackTrace(
  { debuggee, format }: Inspected,
  { startFrame = 0, levels = 0 }: DebugProtocol.StackTraceArguments,
): DebugProtocol.StackTraceResponse["body"] {
  const { frames } = debuggee;
  const end = levels > 0 ? startFrame + levels : frames.length;
  return {
    stackFrames: frames
      .slice(startFrame, end)
      .map(({ id, frame }) => stackFrame(debuggee, format, id, frame)),
    totalFrames: frames.length,
  };
}

function stackFrame(
  { files }: Debuggee,
  format: ClientFormat,
  id: number,
  { of, name, file, line, column, endLine, endColumn }: Frame,
): DebugProtocol.StackFrame {
  if (file === null) {
    return { id, name, line: 0, column: 0, presentationHint: of === "label" ? "label" : "subtle" };
  }
  const place = { line: 0, column: 0, ...format.placeTo({ line, column, endLine, endColumn }) };
  return { id, name, source: files.source(file, format), ...place };
}

export function scopes(
  { debuggee }: Inspected,
  { frameId }: DebugProtocol.ScopesArguments,
): DebugProtocol.ScopesResponse["body"] {
  return {
    scopes: debuggee.scopes(frameId).map(({ name, items, expensive, hint }) => ({
      name,
      expensive,
      variablesReference: debuggee.handles.add({ named: items }),
      ...(hint && { presentationHint: hint }),
    })),
  };
}

export async function variables(
  { debuggee, client }: Inspected,
  { variablesReference, ...paging }: DebugProtocol.VariablesArguments,
  cancelled: AbortSignal,
): Promise<DebugProtocol.VariablesResponse["body"]> {
  const items = await debuggee.handles.items(variablesReference, paging, cancelled);
  return { variables: items.map((item) => variable(debuggee, item, client)) };
}

/** What the client does not know how to take is left out. */
function variable(
  { handles }: Debuggee,
  item: Item,
  client: Partial<DebugProtocol.InitializeRequestArguments>,
): DebugProtocol.Variable {
  const { type, memoryReference, ...rest } = handles.variable(item);
  return {
    ...rest,
    ...(client.supportsVariableType && type !== undefined && { type }),
    ...(client.supportsMemoryReferences && memoryReference !== undefined && { memoryReference }),
  };
}

export async function evaluate(
  { debuggee, client }: Inspected,
  { expression }: DebugProtocol.EvaluateArguments,
  cancelled: AbortSignal,
): Promise<DebugProtocol.EvaluateResponse["body"]> {
  const { item } = await debuggee.evaluate(expression, cancelled);
  const { name: _, value, evaluateName: __, ...rest } = variable(debuggee, item, client);
  return { result: value, ...rest };
}

export async function completions(
  { debuggee, format }: Inspected,
  { text, column, line }: DebugProtocol.CompletionsArguments,
): Promise<DebugProtocol.CompletionsResponse["body"]> {
  // Of several lines, the one that the cursor is in.
  const own = text.split("\n")[format.lineFrom(line ?? format.lineTo(1)) - 1] ?? text;
  const at = format.columnFrom(column);
  const found = await debuggee.complete(own, at);
  const begun = /[\p{ID_Continue}$]*$/u.exec(own.slice(0, at - 1))![0];
  return {
    targets: found.map(({ label, type }) => ({
      label,
      type: type === "function" || type === "property" || type === "variable" ? type : "value",
      start: own.slice(0, at - 1).length - begun.length,
      length: begun.length,
    })),
  };
}

/** What was changed, and whether memory that the client may show has changed with it. */
export interface Changed {
  readonly body: NonNullable<DebugProtocol.SetVariableResponse["body"]>;
  readonly memory: string | null;
}

export async function setVariable(
  inspected: Inspected,
  { variablesReference, name, value }: DebugProtocol.SetVariableArguments,
): Promise<Changed> {
  const { debuggee } = inspected;
  const items = await debuggee.handles.items(variablesReference, { filter: "named" });
  const item = items.find((one) => one.name === name);
  if (item === undefined) throw RequestErrors.notPossible(`There is no variable ${name} here to be changed.`);
  await debuggee.edit(item.edit ?? null, value);
  // What now stands in its place, marked as altered.
  const { edit } = item;
  const after = await debuggee.handles.items(variablesReference, { filter: "named" });
  const now = after.find((one) => JSON.stringify(one.edit) === JSON.stringify(edit)) ?? item;
  return changed(inspected, now);
}

export async function setExpression(
  inspected: Inspected,
  { expression, value }: DebugProtocol.SetExpressionArguments,
): Promise<Changed> {
  const { debuggee } = inspected;
  await debuggee.edit(await debuggee.targetOf(expression), value);
  const { item } = await debuggee.evaluate(expression);
  return changed(inspected, item);
}

function changed({ debuggee, client }: Inspected, item: Item): Changed {
  const { name: _, evaluateName: __, presentationHint: ___, ...body } = variable(debuggee, item, client);
  return { body, memory: item.memory ?? null };
}

export async function readMemory(
  { debuggee }: Inspected,
  { memoryReference, offset = 0, count }: DebugProtocol.ReadMemoryArguments,
): Promise<DebugProtocol.ReadMemoryResponse["body"]> {
  const bytes = await debuggee.tensors.read(memoryReference, offset, count);
  if (bytes === null) throw RequestErrors.staleReference("memory");
  return {
    address: `${offset}`,
    ...(bytes.length < count && { unreadableBytes: count - bytes.length }),
    data: Buffer.from(bytes).toString("base64"),
  };
}

export function exceptionInfo({ debuggee }: Inspected): DebugProtocol.ExceptionInfoResponse["body"] {
  const exception = debuggee.stop?.exception;
  if (!exception) throw RequestErrors.notPossible("The program did not stop because of an exception.");
  const { filter, message, origin, stack } = exception;
  const arose =
    origin && `It arose first at ${debuggee.files.path(origin.file)}:${origin.line}:${origin.column}.`;
  const description = [message, arose].filter(Boolean).join("\n");
  return {
    exceptionId: filter,
    description,
    breakMode: filter === "uncaught" ? "unhandled" : "always",
    details: { message: description, ...(stack !== null && { stackTrace: stack }) },
  };
}

export function source(
  { debuggee }: Inspected,
  { sourceReference }: DebugProtocol.SourceArguments,
): DebugProtocol.SourceResponse["body"] {
  const content = debuggee.files.text(sourceReference);
  if (content === null) throw RequestErrors.staleReference("source");
  return { content };
}

export function loadedSources({ debuggee, format }: Inspected): DebugProtocol.LoadedSourcesResponse["body"] {
  return { sources: debuggee.session.files().map((file) => debuggee.files.source(file, format)) };
}
