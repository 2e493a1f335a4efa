/**
 * @file Call sites: one store of the site's id just before a call runs, after its arguments are evaluated.
 *
 * The store rides on the last argument, `w.mul(at(17, x))`, since V8 never quotes arguments in its errors. A
 * call without arguments takes a spread of nothing, `y.mean(...none(18))`, or the store stands before the whole
 * expression where nothing else runs in between and nobody can see it there.
 */

import ts from "typescript";
import { isArithmetic, PROPERTIES_THAT_RUN, runsCode } from "./running.js";
import { isInsideOptionalChain, isLoaderCall, isReference, isSimple, quotesSource } from "./shapes.js";
import { hasBareSuspension } from "./suspension.js";
import type { Walk } from "./walk.js";

export function call(w: Walk, node: ts.CallExpression): ts.Expression {
  const isPlain =
    node.expression.kind === ts.SyntaxKind.ImportKeyword || isLoaderCall(node) || isArithmetic(node);
  if (isPlain) return w.each(node);
  const site = w.callSite("call", node, node.expression);
  const updated = w.each(node);
  const wakes = w.mode === "task" && hasBareSuspension(node.expression);
  const isSuper = node.expression.kind === ts.SyntaxKind.SuperKeyword;
  if (!wakes && !isSuper && mayStoreBefore(node, node.expression, node.arguments))
    return w.stored(site, updated);
  const args = storing(w, site, node.arguments, updated.arguments, wakes);
  return ts.isCallChain(updated)
    ? w.f.updateCallChain(updated, updated.expression, updated.questionDotToken, updated.typeArguments, args)
    : w.f.updateCallExpression(updated, updated.expression, updated.typeArguments, args);
}

export function construct(w: Walk, node: ts.NewExpression): ts.Expression {
  const site = w.callSite("new", node, node.expression);
  const updated = w.each(node);
  const wakes = w.mode === "task" && hasBareSuspension(node.expression);
  const original = node.arguments ?? [];
  if (!wakes && mayStoreBefore(node, node.expression, original)) return w.stored(site, updated);
  const args = storing(w, site, original, updated.arguments ?? [], wakes);
  return w.f.updateNewExpression(updated, updated.expression, updated.typeArguments, args);
}

export function tagged(w: Walk, node: ts.TaggedTemplateExpression): ts.Expression {
  const { f } = w;
  const site = w.callSite("tag", node, node.tag);
  const updated = w.each(node);
  if (ts.isTemplateExpression(updated.template)) {
    const spans = [...updated.template.templateSpans];
    const last = spans[spans.length - 1]!;
    spans[spans.length - 1] = f.updateTemplateSpan(
      last,
      w.probe("at", w.id(site), last.expression),
      last.literal,
    );
    const template = f.updateTemplateExpression(updated.template, updated.template.head, spans);
    return f.updateTaggedTemplateExpression(updated, updated.tag, updated.typeArguments, template);
  }
  return mayStoreBefore(node, node.tag, []) ? w.stored(site, updated) : updated;
}

/** Reads of properties that run an operation, such as `.T`. */
export function property(w: Walk, node: ts.PropertyAccessExpression): ts.Expression {
  const isRead =
    PROPERTIES_THAT_RUN.has(node.name.text) &&
    node.expression.kind !== ts.SyntaxKind.SuperKeyword &&
    !isReference(node) &&
    !isInsideOptionalChain(node);
  if (!isRead) return w.each(node);
  if (quotesSource(node)) return quotedProperty(w, node);
  const site = w.callSite("property", node, node);
  const updated = w.each(node);
  if (isSimple(node.expression)) return w.stored(site, updated);
  if (ts.isPropertyAccessChain(updated)) return updated;
  return w.f.updatePropertyAccessExpression(
    updated,
    w.probe("at", w.id(site), updated.expression),
    updated.name,
  );
}

/**
 * `y.T` in `y.T.mul(x)`, which V8 may quote: the store stands before the whole chain. Where a call comes first in
 * the chain, as in `f(x).T.mul(x)`, the site of that call has to do.
 */
function quotedProperty(w: Walk, node: ts.PropertyAccessExpression): ts.Expression {
  let top: ts.Expression = node;
  while (isLink(top.parent) && top.parent.expression === top) top = top.parent;
  const isFree = isSimple(node.expression) && !isReference(top) && !quotesSource(top) && !w.early.has(top);
  if (isFree && (top.flags & ts.NodeFlags.OptionalChain) === 0)
    w.early.set(top, w.callSite("property", node, node));
  return w.each(node);
}

function isLink(node: ts.Node): node is ts.CallExpression | ts.AccessExpression | ts.NonNullExpression {
  return (
    ts.isCallExpression(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isNonNullExpression(node)
  );
}

function mayStoreBefore(node: ts.Expression, callee: ts.Expression, args: readonly ts.Expression[]): boolean {
  if (!isSimple(callee) || runsCode(callee) || isInsideOptionalChain(node) || quotesSource(node))
    return false;
  return args.every((each) => ts.isSpreadElement(each) && isSimple(each.expression));
}

/** The arguments with the store in the last of them that can carry it. */
function storing(
  w: Walk,
  site: number,
  original: readonly ts.Expression[],
  args: readonly ts.Expression[],
  wakes: boolean,
): ts.Expression[] {
  const wake = (value: ts.Expression): ts.Expression => (wakes ? w.back(value) : value);
  const result = [...args];
  const last = original.findLastIndex((each) => !ts.isSpreadElement(each));
  if (last >= 0) result[last] = wake(w.probe("at", w.id(site), result[last]!));
  // V8 quotes what is spread in ways that depend on where it stands, so spreads stay alone.
  else if (original.length === 0) result.push(w.f.createSpreadElement(wake(w.probe("none", w.id(site)))));
  return result;
}
