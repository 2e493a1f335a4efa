/** @file Bindings: the names that values get, in declarations, assignments, patterns, fields and properties. */

import ts from "typescript";
import { bindableName, isAmbient, isNeverTensor, isStatic, quotesSource, unwrapped } from "./shapes.js";
import { hasBareSuspension } from "./suspension.js";
import type { Declares, Walk } from "./walk.js";

export function variables(w: Walk, node: ts.VariableStatement): ts.VisitResult<ts.Statement> {
  if (isAmbient(node)) return node;
  const updated = w.each(node);
  const after: ts.Statement[] = [];
  if (w.mode === "task" && hasBareSuspension(node)) after.push(w.statement(w.back()));
  for (const { name } of node.declarationList.declarations) {
    if (ts.isIdentifier(name)) continue;
    for (const bind of bindNames(w, name, declarationKind(node.declarationList)))
      after.push(w.statement(bind));
  }
  return after.length === 0 ? updated : [updated, ...after];
}

export function variable(w: Walk, node: ts.VariableDeclaration): ts.VisitResult<ts.Node> {
  const { f } = w;
  const list = node.parent;
  if (!ts.isVariableDeclarationList(list)) return w.each(node);
  if (!ts.isIdentifier(node.name)) {
    const updated = w.each(node);
    if (!ts.isForStatement(list.parent)) return updated;
    // The head of a for statement has room for no statement: the names are reported in one more declaration.
    const binds = bindNames(w, node.name, declarationKind(list));
    if (binds.length === 0) return updated;
    return [
      updated,
      f.createVariableDeclaration(w.local("names"), undefined, undefined, w.probe("first", ...binds)),
    ];
  }
  const { initializer } = node;
  if (initializer === undefined) return w.each(node);
  nameProperties(w, initializer, node.name.text);
  if (isNeverTensor(initializer)) return w.each(node);
  const site = w.bindingSite(node.name, node.name.text, declarationKind(list), initializer);
  const updated = w.each(node);
  const bound = w.bind(site, updated.initializer!);
  return f.updateVariableDeclaration(updated, updated.name, updated.exclamationToken, updated.type, bound);
}

/** One `bind` for every name of a declaration, to stand after it. */
export function bindNames(w: Walk, name: ts.BindingName, declares: Declares): ts.Expression[] {
  if (ts.isIdentifier(name)) return [w.bind(w.bindingSite(name, name.text, declares), w.reading(name))];
  return name.elements.flatMap((each) =>
    ts.isBindingElement(each) ? bindNames(w, each.name, declares) : [],
  );
}

export function declarationKind(list: ts.VariableDeclarationList): Declares {
  // `using` and `await using` are combinations of the bits of `let` and `const`.
  switch (list.flags & ts.NodeFlags.BlockScoped) {
    case ts.NodeFlags.Const:
      return "const";
    case ts.NodeFlags.Let:
      return "let";
    case 0:
      return "var";
    default:
      return "using";
  }
}

export function field(w: Walk, node: ts.PropertyDeclaration): ts.Node {
  const { initializer } = node;
  if (initializer === undefined || isAmbient(node)) return w.each(node);
  const owner = isStatic(node) ? (node.parent.name?.text ?? "this") : "this";
  const name = bindableName(owner, node.name);
  if (name === null) return w.each(node);
  nameProperties(w, initializer, name);
  if (isNeverTensor(initializer)) return w.each(node);
  const site = w.bindingSite(node.name, name, "field", initializer);
  const updated = w.each(node);
  return w.f.updatePropertyDeclaration(
    updated,
    updated.modifiers,
    updated.name,
    updated.questionToken ?? updated.exclamationToken,
    updated.type,
    w.bind(site, updated.initializer!),
  );
}

export function propertyAssignment(w: Walk, node: ts.PropertyAssignment): ts.Node {
  const path = w.paths.get(node.parent);
  const name = path === undefined ? null : bindableName(path, node.name);
  if (name === null) return w.each(node);
  nameProperties(w, node.initializer, name);
  if (isNeverTensor(node.initializer)) return w.each(node);
  const site = w.bindingSite(node.name, name, "property", node.initializer);
  const updated = w.each(node);
  return w.f.updatePropertyAssignment(updated, updated.name, w.bind(site, updated.initializer));
}

export function assign(w: Walk, node: ts.BinaryExpression): ts.Expression {
  const left = unwrapped(node.left);
  const name = w.textOf(left);
  nameProperties(w, node.right, name);
  if (isNeverTensor(node.right)) return w.each(node);
  const site = w.bindingSite(left, name, "assignment", node.right);
  const updated = w.each(node);
  return w.f.updateBinaryExpression(
    updated,
    updated.left,
    updated.operatorToken,
    w.bind(site, updated.right),
  );
}

/** `[a, b] = rhs` becomes `first([a, b] = rhs, bind(4, a), bind(5, b))`. */
export function destructure(w: Walk, node: ts.BinaryExpression): ts.Expression {
  // Where V8 may quote the assignment itself, `([a] = f())[0].missing()`, it stays as it is.
  const names = quotesSource(node) ? [] : assignedNames(w, node.left);
  const updated = w.each(node);
  const binds = names.map((name) => w.bind(w.bindingSite(name, name.text, "assignment"), w.reading(name)));
  if (w.mode === "task" && hasBareSuspension(node.right)) binds.unshift(w.back());
  return binds.length === 0 ? updated : w.probe("first", updated, ...binds);
}

/**
 * The plain names that an assignment pattern assigns. Its properties, which can't be read again without running
 * getters, are noted as targets on the way, and report themselves as they are set.
 */
export function assignedNames(w: Walk, pattern: ts.Expression): ts.Identifier[] {
  const target = unwrapped(pattern);
  if (ts.isIdentifier(target)) return [target];
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
    const reachable = ts.isElementAccessExpression(target) || !ts.isPrivateIdentifier(target.name);
    if (reachable && target.expression.kind !== ts.SyntaxKind.SuperKeyword) w.targets.add(target);
    return [];
  }
  if (ts.isBinaryExpression(target)) return assignedNames(w, target.left);
  if (ts.isSpreadElement(target)) return assignedNames(w, target.expression);
  if (ts.isArrayLiteralExpression(target)) return target.elements.flatMap((each) => assignedNames(w, each));
  if (!ts.isObjectLiteralExpression(target)) return [];
  return target.properties.flatMap((each) => {
    if (ts.isShorthandPropertyAssignment(each)) return [each.name];
    if (ts.isPropertyAssignment(each)) return assignedNames(w, each.initializer);
    return ts.isSpreadAssignment(each) ? assignedNames(w, each.expression) : [];
  });
}

export function target(
  w: Walk,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): ts.Expression {
  const site = w.bindingSite(node, w.textOf(node), "assignment");
  const object = w.expression(node.expression);
  const key = ts.isPropertyAccessExpression(node)
    ? w.f.createStringLiteral(node.name.text)
    : w.expression(node.argumentExpression);
  return w.f.createPropertyAccessExpression(w.probe("target", w.id(site), object, key), "value");
}

function nameProperties(w: Walk, value: ts.Expression, name: string): void {
  const literal = unwrapped(value);
  if (ts.isObjectLiteralExpression(literal)) w.paths.set(literal, name);
}
