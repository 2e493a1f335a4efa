/** @file The transformer that adds probes to a parsed file before TypeScript lowers it. */

import ts from "typescript";
import { assign, destructure, field, propertyAssignment, target, variable, variables } from "./bindings.js";
import { call, construct, property, tagged } from "./calls.js";
import { functionBody } from "./functions.js";
import { labeled, loop, loopBody } from "./loops.js";
import { isAmbient, isAssignmentOperator, isDirective, isFunctionBody, isLoop, isPattern } from "./shapes.js";
import type { InstrumentOptions, Site } from "./sites.js";
import {
  awaited,
  catchClause,
  expressionStatement,
  generatedAwaits,
  hasAwaitUsing,
  hasTopLevelAwait,
  tryStatement,
  yielded,
} from "./suspension.js";
import { Walk } from "./walk.js";

/** Fills `sites` as it goes. */
export function probeTransformers(options: InstrumentOptions, sites: Site[]): ts.CustomTransformers {
  let walk: Walk | null = null;
  const before: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
    const w: Walk = new Walk(
      context,
      file,
      options,
      sites,
      (node) => visit(w, node),
      hasTopLevelAwait(file) ? "task" : "plain",
    );
    walk = w;
    if (hasAwaitUsing(file)) w.expectAwaits();
    const updated = w.each(file);
    const statements = [...updated.statements];
    const first = statements.findIndex((each) => !isDirective(each));
    statements.splice(first < 0 ? statements.length : first, 0, ...w.prologue());
    const list = ts.setTextRange(context.factory.createNodeArray(statements), updated.statements);
    return context.factory.updateSourceFile(updated, list);
  };
  const after: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
    if (walk === null || !hasAwaitUsing(file)) return file;
    return generatedAwaits(walk, context, file);
  };
  return { before: [before], after: [after] };
}

function visit(w: Walk, node: ts.Node): ts.VisitResult<ts.Node> {
  const parent = node.parent;
  if (isFunctionBody(node, parent))
    return functionBody(w, node as ts.Block | ts.Expression, parent, (each) => visitKind(w, each));
  if (isLoop(parent) && parent.statement === node) return loopBody(w, parent, (each) => visitKind(w, each));
  const result = visitKind(w, node);
  const site = w.early.get(node);
  return site === undefined ? result : w.stored(site, result as ts.Expression);
}

function visitKind(w: Walk, node: ts.Node): ts.VisitResult<ts.Node> {
  switch (node.kind) {
    case ts.SyntaxKind.InterfaceDeclaration:
    case ts.SyntaxKind.TypeAliasDeclaration:
    case ts.SyntaxKind.ImportDeclaration:
    case ts.SyntaxKind.ImportEqualsDeclaration:
    case ts.SyntaxKind.ExportDeclaration:
      return node;
    case ts.SyntaxKind.CallExpression:
      return call(w, node as ts.CallExpression);
    case ts.SyntaxKind.NewExpression:
      return construct(w, node as ts.NewExpression);
    case ts.SyntaxKind.TaggedTemplateExpression:
      return tagged(w, node as ts.TaggedTemplateExpression);
    case ts.SyntaxKind.PropertyAccessExpression:
    case ts.SyntaxKind.ElementAccessExpression: {
      const access = node as ts.PropertyAccessExpression | ts.ElementAccessExpression;
      if (w.targets.has(access)) return target(w, access);
      return ts.isPropertyAccessExpression(access) ? property(w, access) : w.each(access);
    }
    case ts.SyntaxKind.BinaryExpression:
      return binary(w, node as ts.BinaryExpression);
    case ts.SyntaxKind.ExpressionStatement:
      return expressionStatement(w, node as ts.ExpressionStatement);
    case ts.SyntaxKind.VariableStatement:
      return variables(w, node as ts.VariableStatement);
    case ts.SyntaxKind.VariableDeclaration:
      return variable(w, node as ts.VariableDeclaration);
    case ts.SyntaxKind.PropertyDeclaration:
      return field(w, node as ts.PropertyDeclaration);
    case ts.SyntaxKind.PropertyAssignment:
      return propertyAssignment(w, node as ts.PropertyAssignment);
    case ts.SyntaxKind.AwaitExpression:
      return awaited(w, node as ts.AwaitExpression);
    case ts.SyntaxKind.YieldExpression:
      return yielded(w, node as ts.YieldExpression);
    case ts.SyntaxKind.CatchClause:
      return catchClause(w, node as ts.CatchClause);
    case ts.SyntaxKind.TryStatement:
      return tryStatement(w, node as ts.TryStatement);
    case ts.SyntaxKind.LabeledStatement:
      return labeled(w, node as ts.LabeledStatement);
    case ts.SyntaxKind.ForStatement:
    case ts.SyntaxKind.ForInStatement:
    case ts.SyntaxKind.ForOfStatement:
    case ts.SyntaxKind.WhileStatement:
    case ts.SyntaxKind.DoStatement:
      return loop(w, node as ts.IterationStatement);
    case ts.SyntaxKind.ExpressionWithTypeArguments:
      return w.each(node);
    // Types alone; of half-written classes also without the type that TypeScript's own visitor counts on.
    case ts.SyntaxKind.IndexSignature:
      return node;
    default:
      return ts.isTypeNode(node) || isAmbient(node) ? node : w.each(node);
  }
}

function binary(w: Walk, node: ts.BinaryExpression): ts.Expression {
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.EqualsToken:
      return isPattern(node.left) ? destructure(w, node) : assign(w, node);
    // Of the compound assignments only these can assign a tensor.
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
    case ts.SyntaxKind.BarBarEqualsToken:
    case ts.SyntaxKind.AmpersandAmpersandEqualsToken:
      return assign(w, node);
    default:
      return isAssignmentOperator(node.operatorToken.kind) ? w.each(node) : operands(w, node);
  }
}

/** A chain of operators is a deep tree to the left; it is walked without recursion, as TypeScript itself does. */
function operands(w: Walk, node: ts.BinaryExpression): ts.Expression {
  const chain: ts.BinaryExpression[] = [];
  let left: ts.Expression = node;
  while (ts.isBinaryExpression(left) && !isAssignmentOperator(left.operatorToken.kind)) {
    chain.push(left);
    left = left.left;
  }
  let result = w.expression(left);
  for (const each of chain.reverse()) {
    result = w.f.updateBinaryExpression(each, result, each.operatorToken, w.expression(each.right));
  }
  return result;
}
