/** @file Puts `name.retain_grad();` after the statement that binds a name, where that statement stands by itself. */
import * as vscode from "vscode";

const STATEMENT =
  /^(\s*)(?:export\s+)?(?:const|let|var)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*(?::[^=]+)?=\s/u;

/**
 * @param line 1-based line of the document, on which the statement begins
 * @returns null where it is not plain that the statement ends on its line
 */
export function retainGradEdit(
  document: vscode.TextDocument,
  name: string,
  line: number,
): vscode.TextEdit | null {
  if (line > document.lineCount) return null;
  const { text, range } = document.lineAt(line - 1);
  const match = STATEMENT.exec(text);
  if (match?.[2] !== name || !/;\s*(?:\/\/.*)?$/.test(text) || !isBalanced(text)) return null;
  const eol = document.eol === vscode.EndOfLine.CRLF ? "\r\n" : "\n";
  return vscode.TextEdit.insert(range.end, `${eol}${match[1]}${name}.retain_grad();`);
}

/** Brackets close where they were opened; one in a text counts too, which only makes this more careful. */
function isBalanced(text: string): boolean {
  let depth = 0;
  for (const letter of text) {
    if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
