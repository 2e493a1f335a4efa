/** @file Functions: entered before their first statement, left in a `finally`, so that the scope is always right. */

import ts from "typescript";
import { runsCode } from "./running.js";
import { isAsync, isDirective, isGenerator, quotesSource } from "./shapes.js";
import type { Mode, Walk } from "./walk.js";

type Visit = (node: ts.Node) => ts.VisitResult<ts.Node>;

/** A function in which nothing can be recorded has no frame, so small scalar functions cost nothing. */
export function functionBody(
  w: Walk,
  body: ts.Block | ts.Expression,
  owner: ts.FunctionLikeDeclaration,
  visit: Visit,
): ts.Node {
  const suspends = isAsync(owner) || isGenerator(owner);
  const { within, mode } = w;
  w.mode = suspends ? "task" : "plain";
  try {
    if (!runsCode(body) || redeclares(w.file, body)) return inside(w, body, visit);
    const site = functionSite(w, owner, body);
    w.within = site;
    return framed(w, site, owner, inside(w, body, visit), w.mode);
  } finally {
    w.within = within;
    w.mode = mode;
  }
}

const REDECLARATIONS = new Set([2300, 2451]);

/**
 * Whether a name is declared twice in the body: an error for V8 to report, which it would not where a block came
 * between a parameter and a `let` of the same name.
 */
function redeclares(file: ts.SourceFile, body: ts.Node): boolean {
  // The binder has run before any transformer; what it found is not part of TypeScript's public interface.
  const found = (file as { bindDiagnostics?: readonly ts.Diagnostic[] }).bindDiagnostics ?? [];
  return found.some(
    ({ code, start }) =>
      REDECLARATIONS.has(code) && start !== undefined && start >= body.pos && start < body.end,
  );
}

function inside(w: Walk, body: ts.Block | ts.Expression, visit: Visit): ts.Block | ts.Expression {
  return ts.isBlock(body) ? w.each(body) : (visit(body) as ts.Expression);
}

function framed(
  w: Walk,
  site: number,
  owner: ts.FunctionLikeDeclaration,
  body: ts.Block | ts.Expression,
  mode: Mode,
): ts.Block {
  const { f } = w;
  const enter = isAsync(owner) ? "enterAsync" : isGenerator(owner) ? "enterGenerator" : "enter";
  const inner = ts.isBlock(body)
    ? [...body.statements]
    : [ts.setTextRange(f.createReturnStatement(body), body)];
  const first = inner.findIndex((each) => !isDirective(each));
  const directives = inner.splice(0, first < 0 ? inner.length : first);
  const exit = w.statement(w.probe(mode === "task" ? "exitTask" : "exit", w.scope()));
  const entry = w.probe(enter, w.id(site));
  const run = f.createTryStatement(f.createBlock(inner, ts.isBlock(body)), undefined, f.createBlock([exit]));
  const statements = isQuoted(owner)
    ? [...directives, declaredUnseen(w, entry, run)]
    : [...directives, w.declare("scope", entry), run];
  return ts.isBlock(body) ? f.updateBlock(body, statements) : f.createBlock(statements, false);
}

/** Whether the function is called where it stands and the result is called on: `(() => { … })().foo()`. */
function isQuoted(owner: ts.Node): boolean {
  if (!ts.isFunctionExpression(owner) && !ts.isArrowFunction(owner)) return false;
  let child: ts.Node = owner;
  while (ts.isParenthesizedExpression(child.parent)) child = child.parent;
  return ts.isCallExpression(child.parent) && child.parent.expression === child && quotesSource(child.parent);
}

/** `for (const scope of [enter(3)]) …`: V8's errors show an "(intermediate value)" for a declaration, not for this. */
function declaredUnseen(w: Walk, entry: ts.Expression, run: ts.Statement): ts.Statement {
  const { f } = w;
  const scope = f.createVariableDeclaration(w.local("scope"));
  const head = f.createVariableDeclarationList([scope], ts.NodeFlags.Const);
  return f.createForOfStatement(undefined, head, f.createArrayLiteralExpression([entry]), run);
}

function functionSite(w: Walk, owner: ts.FunctionLikeDeclaration, body: ts.Node): number {
  const start = w.start(owner.name ?? owner);
  const range = w.positions.range(start, owner.name?.end ?? start + 1);
  const text = w.positions.text(w.start(owner), body.pos);
  return w.site("function", range, text, functionName(owner), { extent: w.rangeOf(owner) });
}

/** The name that JavaScript gives the function, `new C` for a constructor of C, `null` where there is none. */
function functionName(owner: ts.FunctionLikeDeclaration): string | null {
  if (ts.isConstructorDeclaration(owner))
    return owner.parent.name === undefined ? "constructor" : `new ${owner.parent.name.text}`;
  if (owner.name !== undefined) return textOfName(owner.name);
  let child: ts.Node = owner;
  while (
    ts.isParenthesizedExpression(child.parent) ||
    ts.isAsExpression(child.parent) ||
    ts.isSatisfiesExpression(child.parent)
  ) {
    child = child.parent;
  }
  const parent = child.parent;
  if (ts.isBinaryExpression(parent) && parent.right === child) {
    if (ts.isIdentifier(parent.left)) return parent.left.text;
    return ts.isPropertyAccessExpression(parent.left) ? parent.left.name.text : null;
  }
  const takesName =
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent);
  return takesName ? textOfName(parent.name) : null;
}

/** A computed name as it is written, as `[Symbol.iterator]` shows in a stack trace. */
function textOfName(name: ts.PropertyName | ts.BindingName): string | null {
  if (ts.isComputedPropertyName(name)) return name.getText();
  const isText =
    ts.isIdentifier(name) ||
    ts.isPrivateIdentifier(name) ||
    ts.isStringLiteralLike(name) ||
    ts.isNumericLiteral(name);
  return isText ? name.text : null;
}
