/** @file Whether code can run an operation, so that it needs probes and scopes. */

import ts from "typescript";
import { isLoop } from "./shapes.js";

/** Reading these properties of a tensor runs an operation, or may warn, both of which take the current site. */
export const PROPERTIES_THAT_RUN: ReadonlySet<string> = new Set([
  "T",
  "mT",
  "H",
  "mH",
  "data",
  "real",
  "imag",
  "grad",
]);

const running = new WeakMap<ts.Node, boolean>();

/** Whether an operation can run in `node`, functions inside of it aside, or its scope can change. */
export function runsCode(node: ts.Node): boolean {
  let answer = running.get(node);
  if (answer === undefined) {
    answer = isRunning(node) || (ts.forEachChild(node, childRuns) ?? false);
    running.set(node, answer);
  }
  return answer;
}

function childRuns(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (isLoop(node)) return runsCode(node);
  return isRunning(node) || (ts.forEachChild(node, childRuns) ?? false);
}

function isRunning(node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.CallExpression:
      return !isArithmetic(node as ts.CallExpression);
    case ts.SyntaxKind.NewExpression:
    case ts.SyntaxKind.TaggedTemplateExpression:
    case ts.SyntaxKind.AwaitExpression:
    case ts.SyntaxKind.YieldExpression:
    case ts.SyntaxKind.TryStatement:
    case ts.SyntaxKind.ForOfStatement:
    case ts.SyntaxKind.Decorator:
    case ts.SyntaxKind.JsxElement:
    case ts.SyntaxKind.JsxSelfClosingElement:
    case ts.SyntaxKind.JsxFragment:
      return true;
    case ts.SyntaxKind.VariableDeclarationList:
      return (node.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;
    case ts.SyntaxKind.PropertyAccessExpression:
      return PROPERTIES_THAT_RUN.has((node as ts.PropertyAccessExpression).name.text);
    default:
      return false;
  }
}

/** `Math.…(…)`: nothing of the person's and no operation runs in it, so hot scalar code goes without probes. */
export function isArithmetic(node: ts.CallExpression): boolean {
  const callee = node.expression;
  if (
    !ts.isPropertyAccessExpression(callee) ||
    !ts.isIdentifier(callee.expression) ||
    callee.expression.text !== "Math"
  ) {
    return false;
  }
  const file = node.getSourceFile();
  let answer = arithmetic.get(file);
  if (answer === undefined) {
    // Whoever declares or passes a `Math` of his own writes the name with no dot behind it.
    answer = !/\bMath\b(?!\s*\.)/.test(file.text);
    arithmetic.set(file, answer);
  }
  return answer;
}

const arithmetic = new WeakMap<ts.SourceFile, boolean>();
