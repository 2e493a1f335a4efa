/** @file Where code is suspended or thrown out of, and takes its scope again: await, yield, catch, finally. */

import ts from "typescript";
import { isForAwait, quotesSource } from "./shapes.js";
import type { Walk } from "./walk.js";

/** `resume(scope, await suspend(scope, e))`; where V8 may quote the result, what follows takes the scope back. */
export function awaited(w: Walk, node: ts.AwaitExpression): ts.Expression {
  const updated = w.each(node);
  const waiting = w.f.updateAwaitExpression(updated, w.probe("suspend", w.scope(), updated.expression));
  return quotesSource(node) ? waiting : w.probe("resume", w.scope(), waiting);
}

export function yielded(w: Walk, node: ts.YieldExpression): ts.Expression {
  const { f } = w;
  const updated = w.each(node);
  if (node.asteriskToken !== undefined) {
    // What is delegated to may be quoted, so the task leaves the stack before it is evaluated.
    const handOver = f.createComma(w.probe("yielding", w.scope()), updated);
    return w.probe("resume", w.scope(), f.createParenthesizedExpression(handOver));
  }
  const value = w.probe(
    "yielding",
    w.scope(),
    ...(updated.expression === undefined ? [] : [updated.expression]),
  );
  const waiting = f.updateYieldExpression(updated, undefined, value);
  return quotesSource(node) ? waiting : w.probe("resume", w.scope(), waiting);
}

/** A statement whose await could not be wrapped takes the scope back when it is done. */
export function expressionStatement(w: Walk, node: ts.ExpressionStatement): ts.VisitResult<ts.Statement> {
  const updated = w.each(node);
  return w.mode === "task" && hasBareSuspension(node) ? [updated, w.statement(w.back())] : updated;
}

export function catchClause(w: Walk, node: ts.CatchClause): ts.Node {
  const updated = w.each(node);
  return w.f.updateCatchClause(updated, updated.variableDeclaration, handling(w, updated.block));
}

export function tryStatement(w: Walk, node: ts.TryStatement): ts.Node {
  const updated = w.each(node);
  if (updated.finallyBlock === undefined) return updated;
  const last = handling(w, updated.finallyBlock);
  return w.f.updateTryStatement(updated, updated.tryBlock, updated.catchClause, last);
}

function handling(w: Walk, block: ts.Block): ts.Block {
  return w.f.updateBlock(block, [w.statement(w.back()), ...block.statements]);
}

/** Whether the expression has an await or yield whose result could not be wrapped. */
export function hasBareSuspension(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || (ts.isYieldExpression(node) && node.asteriskToken === undefined)) {
    if (quotesSource(node)) return true;
  }
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, hasBareSuspension) ?? false;
}

/** Whether the module itself, outside of all functions, can be suspended. */
export function hasTopLevelAwait(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  if (ts.isAwaitExpression(node) || isForAwait(node)) return true;
  if (
    ts.isVariableDeclarationList(node) &&
    (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
  )
    return true;
  return ts.forEachChild(node, hasTopLevelAwait) ?? false;
}

/** Whether the file has an `await using`, whose disposal TypeScript lowers to an await of its own making. */
export function hasAwaitUsing(file: ts.SourceFile): boolean {
  return /\bawait\s+using\b/.test(file.text);
}

/**
 * After TypeScript has lowered `await using`: wraps the awaits that it made. Those of the text have been wrapped
 * before, and an await that is not is one of these.
 */
export function generatedAwaits(
  w: Walk,
  context: ts.TransformationContext,
  file: ts.SourceFile,
): ts.SourceFile {
  const visit = (node: ts.Node): ts.Node => {
    const updated = ts.visitEachChild(node, visit, context);
    if (!ts.isAwaitExpression(updated) || w.isProbe(updated.expression, "suspend")) return updated;
    const waiting = w.f.updateAwaitExpression(updated, w.probe("suspend", w.scope(), updated.expression));
    return w.probe("resume", w.scope(), waiting);
  };
  return ts.visitEachChild(file, visit, context);
}
