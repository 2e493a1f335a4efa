/** @file The small changes of text that quick fixes are made of. */
import ts from "typescript";
import { unwrapped } from "../shapes.js";
import { type Edit, type ProgramText, statementOf } from "./text.js";

/** Calls a method on the value of an expression: `y` becomes `y.clone()`. */
export function callMethod(text: ProgramText, node: ts.Expression, method: string): Edit[] {
  const inner = unwrapped(node);
  const chains =
    ts.isIdentifier(inner) ||
    ts.isCallExpression(inner) ||
    ts.isPropertyAccessExpression(inner) ||
    ts.isElementAccessExpression(inner) ||
    inner.kind === ts.SyntaxKind.ThisKeyword ||
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node);
  if (chains) return [text.insert(node.end, `.${method}`)];
  return [text.insert(node.getStart(text.tree), "("), text.insert(node.end, `).${method}`)];
}

/** Gives an option to a call: into the object that ends its arguments, or as a new one. */
export function addOption(
  text: ProgramText,
  call: ts.CallExpression | ts.NewExpression,
  name: string,
  value: string,
): Edit[] {
  const args = call.arguments ?? [];
  const last = args.at(-1);
  if (last !== undefined && ts.isObjectLiteralExpression(last)) {
    const there = last.properties.find(
      (each) => ts.isPropertyAssignment(each) && each.name.getText(text.tree) === name,
    );
    if (there !== undefined) return [text.replace(there, `${name}: ${value}`)];
    const end = last.properties.at(-1)?.end;
    if (end !== undefined) return [text.insert(end, `, ${name}: ${value}`)];
    return [text.replace(last, `{ ${name}: ${value} }`)];
  }
  if (last !== undefined) return [text.insert(last.end, `, { ${name}: ${value} }`)];
  return [text.insert(call.end - 1, `{ ${name}: ${value} }`)];
}

/** The white space that a line starts with. */
export function indentOf(text: ProgramText, node: ts.Node): string {
  const start = node.getStart(text.tree);
  const lineStart = text.tree.text.lastIndexOf("\n", start - 1) + 1;
  return /^[ \t]*/.exec(text.tree.text.slice(lineStart, start))![0];
}

function lineBreak(text: ProgramText): string {
  return text.tree.text.includes("\r\n") ? "\r\n" : "\n";
}

/** New lines in front of a statement, indented as it is. */
export function insertBefore(text: ProgramText, statement: ts.Statement, lines: readonly string[]): Edit[] {
  const indent = indentOf(text, statement);
  const gap = lineBreak(text) + indent;
  return [text.insert(statement.getStart(text.tree), lines.join(gap) + gap)];
}

/** New lines after a statement, indented as it is. */
export function insertAfter(text: ProgramText, statement: ts.Statement, lines: readonly string[]): Edit[] {
  const gap = lineBreak(text) + indentOf(text, statement);
  return [text.insert(statement.end, lines.map((line) => gap + line).join(""))];
}

/** Runs the statement around a node, or the expression body that it is, without recording. */
export function underNoGrad(text: ProgramText, node: ts.Node): Edit[] | null {
  const { library } = text;
  if (library === null) return null;
  const statement = statementOf(node);
  if (statement === null || !ts.isExpressionStatement(statement)) return null;
  const body = text.textOf(statement).replace(/;$/, "");
  return [text.replace(statement, `${library}.no_grad(() => {${gapped(text, statement, body)}});`)];
}

function gapped(text: ProgramText, statement: ts.Statement, body: string): string {
  const gap = lineBreak(text) + indentOf(text, statement);
  return `${gap}  ${body};${gap}`;
}
