/** @file What the cursor points at: a name that is bound to a tensor, or a call that made one. */
import * as vscode from "vscode";
import type { Session } from "../../session/session.js";
import type { BindingPlace, Expression } from "../../session/types.js";
import type { LineMap } from "../lineMap.js";

export type Subject =
  | { readonly kind: "binding"; readonly place: BindingPlace; readonly range: vscode.Range }
  | { readonly kind: "expression"; readonly expression: Expression; readonly range: vscode.Range };

export interface SubjectRequest {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  readonly session: Session;
  /** The document as the run knows it. */
  readonly path: string;
  readonly map: LineMap;
  /** The pass that is looked at; null for the last. */
  readonly pass: number | null;
}

/** null where the line is not what ran, or nothing on it made a tensor. */
export async function subjectAt(request: SubjectRequest): Promise<Subject | null> {
  const { document, position, map } = request;
  const line = map.toOriginal(position.line + 1);
  if (line === null || !isAsItRan(request, line)) return null;
  const word = document.getWordRangeAtPosition(position, /[\p{ID_Start}$_][\p{ID_Continue}$]*/u);
  const bound = bindingAt(request, line);
  if (bound) return bound;
  if (word && isName(document, word)) {
    const used = await usedBinding(request, word);
    if (used !== undefined) return used;
  }
  const { session, path, pass } = request;
  const expression = session.expressionAt(path, line, position.character + 1, pass);
  if (!expression) return null;
  const { location } = expression;
  const range = rangeNow(map, location.line, location.column, location.endLine!, location.endColumn!);
  return range && { kind: "expression", expression, range };
}

/** Columns count in the text that ran; a line that was edited since has others. */
function isAsItRan({ document, position, session, path }: SubjectRequest, line: number): boolean {
  const ran = session.line(path, line);
  return ran !== null && ran === document.lineAt(position.line).text;
}

function rangeNow(
  map: LineMap,
  line: number,
  column: number,
  endLine: number,
  endColumn: number,
): vscode.Range | null {
  const start = map.toCurrent(line);
  const end = map.toCurrent(endLine);
  if (start === null || end === null) return null;
  return new vscode.Range(start - 1, column - 1, end - 1, endColumn - 1);
}

function bindingAt({ session, path, position, map }: SubjectRequest, line: number): Subject | null {
  const column = position.character + 1;
  const place = session.variables
    .places(path)
    .find(
      (each) =>
        each.line === line && each.column <= column && column <= each.endColumn && each.endLine === line,
    );
  return place ? bindingSubject(place, map) : null;
}

function bindingSubject(place: BindingPlace, map: LineMap): Subject | null {
  const range = rangeNow(map, place.line, place.column, place.endLine, place.endColumn);
  return range && { kind: "binding", place, range };
}

/** Not a property's name, nor a function's that is called. */
function isName(document: vscode.TextDocument, word: vscode.Range): boolean {
  const { text } = document.lineAt(word.start.line);
  return text[word.start.character - 1] !== "." && !/^\s*[(`]/.test(text.slice(word.end.character));
}

/**
 * The binding that a name stands for where it is used. TypeScript knows which, shadowing and imports included.
 * @returns null where it is no binding of ours, so that nothing is said; undefined where TypeScript is silent
 */
async function usedBinding(
  { document, position, session, path, map }: SubjectRequest,
  word: vscode.Range,
): Promise<Subject | null | undefined> {
  const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
    "vscode.executeDefinitionProvider",
    document.uri,
    position,
  );
  const [definition, ...more] = found ?? [];
  if (!definition || more.length > 0) return undefined;
  const [uri, range] =
    "targetUri" in definition
      ? [definition.targetUri, definition.targetSelectionRange ?? definition.targetRange]
      : [definition.uri, definition.range];
  if (uri.toString() !== document.uri.toString()) return null;
  const line = map.toOriginal(range.start.line + 1);
  const column = range.start.character + 1;
  const name = document.getText(word);
  const place = session.variables
    .places(path)
    .find((each) => each.line === line && each.column === column && each.name === name);
  const subject = place && bindingSubject(place, map);
  return subject ? { ...subject, range: word } : null;
}
