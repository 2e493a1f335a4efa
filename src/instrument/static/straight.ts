/**
 * @file The part of a program that is sure to run in the order in which it is written: its top-level statements,
 * with the blocks, branches and loops among them; no function's body, since nobody knows when it is called.
 */
import ts from "typescript";
import { numberOf } from "./literals.js";
import type { Names } from "./names.js";

/** Statements that stand one after another. */
export interface Stretch {
  readonly statements: readonly ts.Statement[];
  /** The innermost loop around them, or null. */
  readonly loop: ts.IterationStatement | null;
  /** That loop is sure to run its body more than once, all of it. */
  readonly repeated: boolean;
  readonly within: Stretch | null;
}

/** Calls `visit` with each stretch, outer ones and earlier ones first, and `each` statement in its turn. */
export function walkStraight(
  tree: ts.SourceFile,
  names: Names,
  visit: (statement: ts.Statement, stretch: Stretch) => void,
): void {
  const walk = (stretch: Stretch): void => {
    for (const statement of stretch.statements) {
      visit(statement, stretch);
      for (const inner of stretchesOf(statement, stretch, names)) walk(inner);
      if (endsHere(statement)) return;
    }
  };
  walk({ statements: tree.statements, loop: null, repeated: false, within: null });
}

function stretchesOf(statement: ts.Statement, within: Stretch, names: Names): Stretch[] {
  const part = (body: ts.Statement | undefined, more: Partial<Stretch> = {}): Stretch[] => {
    if (body === undefined) return [];
    const statements = ts.isBlock(body) ? body.statements : [body];
    return [{ statements, loop: within.loop, repeated: within.repeated, within, ...more }];
  };
  if (ts.isBlock(statement)) return part(statement);
  // Whether a branch is taken again in the next iteration is not known.
  if (ts.isIfStatement(statement)) {
    const once = { repeated: false };
    return [...part(statement.thenStatement, once), ...part(statement.elseStatement, once)];
  }
  if (!ts.isIterationStatement(statement, false)) return [];
  return part(statement.statement, { loop: statement, repeated: isRepeated(statement, names) });
}

/** `for (let i = 0; i < 5; i++)`, which nothing leaves early. */
function isRepeated(loop: ts.IterationStatement, names: Names): boolean {
  if (!ts.isForStatement(loop) || leavesEarly(loop.statement)) return false;
  const { initializer, condition, incrementor } = loop;
  if (!initializer || !ts.isVariableDeclarationList(initializer) || initializer.declarations.length !== 1)
    return false;
  const [counter] = initializer.declarations;
  const name = counter?.name;
  if (!name || !ts.isIdentifier(name) || !counter.initializer || !condition || !incrementor) return false;
  const first = numberOf(counter.initializer, names);
  const steps = ts.isPostfixUnaryExpression(incrementor) || ts.isPrefixUnaryExpression(incrementor);
  const counts =
    steps && incrementor.operator === ts.SyntaxKind.PlusPlusToken && isName(incrementor.operand, name.text);
  if (first === null || !counts || !ts.isBinaryExpression(condition) || !isName(condition.left, name.text))
    return false;
  // Nothing but the incrementor moves the counter of this loop, nor one of the same name.
  if (
    names
      .assignmentsTo(name.text)
      .some((each) => each.pos >= loop.statement.pos && each.end <= loop.statement.end)
  )
    return false;
  const last = numberOf(condition.right, names);
  if (last === null) return false;
  const { kind } = condition.operatorToken;
  if (kind === ts.SyntaxKind.LessThanToken) return last - first > 1;
  return kind === ts.SyntaxKind.LessThanEqualsToken && last - first >= 1;
}

const isName = (node: ts.Expression, name: string) => ts.isIdentifier(node) && node.text === name;

function leavesEarly(body: ts.Statement): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    found ||=
      ts.isBreakOrContinueStatement(node) ||
      ts.isReturnStatement(node) ||
      ts.isThrowStatement(node) ||
      ts.isTryStatement(node) ||
      isExit(node);
    ts.forEachChild(node, visit);
  };
  visit(body);
  return found;
}

function endsHere(statement: ts.Statement): boolean {
  if (ts.isThrowStatement(statement) || ts.isReturnStatement(statement)) return true;
  return (
    ts.isBreakOrContinueStatement(statement) ||
    (ts.isExpressionStatement(statement) && isExit(statement.expression))
  );
}

const isExit = (node: ts.Node) =>
  ts.isCallExpression(node) && /^process\s*\.\s*(exit|abort|kill)$/.test(node.expression.getText());

/** Visits the expressions that a statement evaluates itself: not its blocks', not those of functions in it. */
export function expressionsOf(statement: ts.Statement, visit: (node: ts.Expression) => void): void {
  const walk = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isStatement(node)) return;
    if (ts.isExpression(node)) visit(node);
    ts.forEachChild(node, walk);
  };
  if (ts.isTryStatement(statement)) return;
  ts.forEachChild(statement, walk);
}

/** The call that a statement consists of, or null. */
export function callStatement(statement: ts.Statement): ts.CallExpression | null {
  if (!ts.isExpressionStatement(statement)) return null;
  const { expression } = statement;
  return ts.isCallExpression(expression) ? expression : null;
}
