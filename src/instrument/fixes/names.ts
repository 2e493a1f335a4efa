/** @file Where names come from: declarations, the calls that make their values, `no_grad` around them. */
import ts from "typescript";
import { unwrapped } from "../shapes.js";
import { calledName, isCall, type ProgramText, receiverOf } from "./text.js";

/** Functions of the library that make a tensor of nothing but numbers, and take `requires_grad`. */
const FACTORIES = new Set(
  (
    "tensor zeros ones full empty rand randn randint normal arange linspace logspace eye " +
    "zeros_like ones_like full_like empty_like rand_like randn_like"
  ).split(" "),
);

export function isFactory(text: ProgramText, node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false;
  const receiver = receiverOf(node);
  return receiver !== null && text.isLibrary(receiver) && FACTORIES.has(calledName(node));
}

/** The declaration or the field that a name in the file stands for, nearest around `from`; null for none. */
export function declarationOf(from: ts.Node, name: string): ts.VariableDeclaration | null {
  for (let scope: ts.Node | undefined = from.parent; scope !== undefined; scope = scope.parent) {
    const found = declaredIn(scope, name);
    if (found !== null) return found;
  }
  return null;
}

/** Whether a name that is declared with `let`, `const` or `var` can be used at a place. */
export function isInScope(at: ts.Node, name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name) && declarationOf(at, name) !== null;
}

function declaredIn(scope: ts.Node, name: string): ts.VariableDeclaration | null {
  const statements =
    ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isCaseOrDefaultClause(scope) ? scope.statements : [];
  const lists = [...statements].flatMap((each) =>
    ts.isVariableStatement(each) ? [each.declarationList] : [],
  );
  if (
    (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) &&
    scope.initializer
  ) {
    if (ts.isVariableDeclarationList(scope.initializer)) lists.push(scope.initializer);
  }
  for (const { declarations } of lists) {
    const found = declarations.find((each) => ts.isIdentifier(each.name) && each.name.text === name);
    if (found !== undefined) return found;
  }
  return null;
}

/** The call of `no_grad` whose callback holds a node, or null. */
export function noGradAround(text: ProgramText, node: ts.Node): ts.CallExpression | null {
  for (let each = node.parent; each !== undefined; each = each.parent) {
    if (!isCall(each) || !ts.isCallExpression(each)) continue;
    const receiver = receiverOf(each);
    const quiet = calledName(each) === "no_grad" || calledName(each) === "inference_mode";
    if (quiet && receiver !== null && text.isLibrary(receiver)) return each;
  }
  return null;
}

/** Factories that an expression's value was computed from, through the names that it reads. */
export function factoriesBehind(text: ProgramText, expression: ts.Expression): ts.CallExpression[] {
  const found = new Set<ts.CallExpression>();
  const seen = new Set<ts.Node>();
  const visit = (node: ts.Node): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (isFactory(text, node)) {
      found.add(node);
      return;
    }
    if (ts.isIdentifier(node) && !isPropertyName(node)) {
      const initializer = declarationOf(node, node.text)?.initializer;
      if (initializer !== undefined) visit(initializer);
    }
    ts.forEachChild(node, visit);
  };
  visit(expression);
  return [...found].sort((a, b) => a.pos - b.pos);
}

function isPropertyName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

/** What a name is called to a reader: `w` for the declaration of `w`, else the text of the call. */
export function namedBy(text: ProgramText, call: ts.CallExpression): string {
  let node: ts.Node = call;
  while (ts.isPropertyAccessExpression(node.parent) || ts.isCallExpression(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return parent.name.text;
  if (ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent)) return text.textOf(parent.name);
  if (ts.isBinaryExpression(parent)) return text.textOf(parent.left);
  return text.textOf(call);
}

/** The assignment that a node is the value of: `w = w.sub(…)` for `w.sub(…)`; null where there is none. */
export function assignmentOf(node: ts.Node): ts.BinaryExpression | null {
  const { parent } = node;
  if (parent === undefined || !ts.isBinaryExpression(parent)) return null;
  const assigns = parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && unwrapped(parent.right) === node;
  return assigns ? parent : null;
}
