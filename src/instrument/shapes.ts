/** @file Questions about expressions that decide which form a probe takes. */

import ts from "typescript";

/** The expression inside of parentheses and type-only wrappers. */
export function unwrapped(node: ts.Expression): ts.Expression {
  let inner = node;
  while (
    ts.isParenthesizedExpression(inner) ||
    ts.isAsExpression(inner) ||
    ts.isSatisfiesExpression(inner) ||
    ts.isNonNullExpression(inner) ||
    ts.isTypeAssertionExpression(inner)
  ) {
    inner = inner.expression;
  }
  return inner;
}

export function isAssignmentOperator(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** Whether evaluating the expression runs no call of the text: names, literals, `this`, and accesses to them. */
export function isSimple(node: ts.Expression): boolean {
  const inner = unwrapped(node);
  switch (inner.kind) {
    case ts.SyntaxKind.Identifier:
    case ts.SyntaxKind.ThisKeyword:
    case ts.SyntaxKind.SuperKeyword:
    case ts.SyntaxKind.NullKeyword:
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
    case ts.SyntaxKind.NumericLiteral:
    case ts.SyntaxKind.BigIntLiteral:
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
    case ts.SyntaxKind.MetaProperty:
      return true;
    case ts.SyntaxKind.PropertyAccessExpression:
      return isSimple((inner as ts.PropertyAccessExpression).expression);
    case ts.SyntaxKind.ElementAccessExpression: {
      const access = inner as ts.ElementAccessExpression;
      return isSimple(access.expression) && isSimple(access.argumentExpression);
    }
    default:
      return false;
  }
}

/**
 * Whether the value is surely no tensor, so that no binding needs to be reported. Anonymous functions and
 * classes take their name from where they stand, and must stay there as they are.
 */
export function isNeverTensor(node: ts.Expression): boolean {
  const inner = unwrapped(node);
  switch (inner.kind) {
    case ts.SyntaxKind.ArrowFunction:
    case ts.SyntaxKind.FunctionExpression:
    case ts.SyntaxKind.ClassExpression:
    case ts.SyntaxKind.ObjectLiteralExpression:
    case ts.SyntaxKind.ArrayLiteralExpression:
    case ts.SyntaxKind.NumericLiteral:
    case ts.SyntaxKind.BigIntLiteral:
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
    case ts.SyntaxKind.TemplateExpression:
    case ts.SyntaxKind.RegularExpressionLiteral:
    case ts.SyntaxKind.NullKeyword:
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
    case ts.SyntaxKind.PrefixUnaryExpression:
    case ts.SyntaxKind.PostfixUnaryExpression:
    case ts.SyntaxKind.TypeOfExpression:
    case ts.SyntaxKind.VoidExpression:
    case ts.SyntaxKind.DeleteExpression:
    case ts.SyntaxKind.MetaProperty:
      return true;
    case ts.SyntaxKind.CallExpression:
      return isLoaderCall(inner as ts.CallExpression);
    case ts.SyntaxKind.BinaryExpression:
      return isNeverTensorOperator((inner as ts.BinaryExpression).operatorToken.kind);
    default:
      return false;
  }
}

/** Operators other than these give back one of their operands. */
function isNeverTensorOperator(operator: ts.SyntaxKind): boolean {
  switch (operator) {
    case ts.SyntaxKind.EqualsToken:
    case ts.SyntaxKind.CommaToken:
    case ts.SyntaxKind.BarBarToken:
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.QuestionQuestionToken:
    case ts.SyntaxKind.BarBarEqualsToken:
    case ts.SyntaxKind.AmpersandAmpersandEqualsToken:
    case ts.SyntaxKind.QuestionQuestionEqualsToken:
      return false;
    default:
      return true;
  }
}

/** `this.weight`, `this.#w`, `params["two words"]`; `null` for a computed key. */
export function bindableName(owner: string, name: ts.PropertyName): string | null {
  if (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)) return `${owner}.${name.text}`;
  if (ts.isStringLiteralLike(name)) return `${owner}[${JSON.stringify(name.text)}]`;
  return ts.isNumericLiteral(name) ? `${owner}[${name.text}]` : null;
}

/**
 * Whether an error of V8 may quote the source of this expression: a callee (`w.foo is not a function`), what is
 * destructured, spread or iterated. Arguments are never quoted.
 */
export function quotesSource(node: ts.Expression): boolean {
  let child: ts.Node = node;
  for (;;) {
    const parent = child.parent;
    switch (parent.kind) {
      case ts.SyntaxKind.ParenthesizedExpression:
      case ts.SyntaxKind.AsExpression:
      case ts.SyntaxKind.SatisfiesExpression:
      case ts.SyntaxKind.NonNullExpression:
      case ts.SyntaxKind.TypeAssertionExpression:
      case ts.SyntaxKind.ExpressionWithTypeArguments:
      case ts.SyntaxKind.ConditionalExpression:
      case ts.SyntaxKind.AwaitExpression:
      case ts.SyntaxKind.PropertyAccessExpression:
      case ts.SyntaxKind.ElementAccessExpression:
      case ts.SyntaxKind.PrefixUnaryExpression:
      case ts.SyntaxKind.TemplateSpan:
      case ts.SyntaxKind.TemplateExpression:
        child = parent;
        continue;
      case ts.SyntaxKind.BinaryExpression: {
        const { left, right, operatorToken } = parent as ts.BinaryExpression;
        if (operatorToken.kind !== ts.SyntaxKind.EqualsToken) {
          child = parent;
          continue;
        }
        const target = unwrapped(left);
        return (
          right === child && (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target))
        );
      }
      case ts.SyntaxKind.CallExpression:
      case ts.SyntaxKind.NewExpression:
        return (parent as ts.CallExpression).expression === child;
      case ts.SyntaxKind.TaggedTemplateExpression:
        return (parent as ts.TaggedTemplateExpression).tag === child;
      case ts.SyntaxKind.VariableDeclaration:
      case ts.SyntaxKind.BindingElement:
      case ts.SyntaxKind.Parameter:
        return !ts.isIdentifier((parent as ts.VariableDeclaration).name);
      case ts.SyntaxKind.ForOfStatement:
        return (parent as ts.ForOfStatement).expression === child;
      case ts.SyntaxKind.YieldExpression:
        return (parent as ts.YieldExpression).asteriskToken !== undefined;
      case ts.SyntaxKind.SpreadElement:
      case ts.SyntaxKind.HeritageClause:
      case ts.SyntaxKind.Decorator:
        return true;
      default:
        return false;
    }
  }
}

export function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

/** `declare …`, and members without code. */
export function isAmbient(node: ts.Node): boolean {
  return (
    hasModifier(node, ts.SyntaxKind.DeclareKeyword) ||
    (!ts.isClassLike(node) && hasModifier(node, ts.SyntaxKind.AbstractKeyword))
  );
}

export function isStatic(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.StaticKeyword);
}

export function isAsync(node: ts.Node): boolean {
  return hasModifier(node, ts.SyntaxKind.AsyncKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (node.modifiers?.some((each) => each.kind === kind) ?? false);
}

export function isGenerator(node: ts.FunctionLikeDeclaration): boolean {
  return "asteriskToken" in node && node.asteriskToken !== undefined;
}

export function isFunctionBody(
  node: ts.Node,
  parent: ts.Node | undefined,
): parent is ts.FunctionLikeDeclaration {
  return (
    parent !== undefined && ts.isFunctionLike(parent) && (parent as ts.FunctionLikeDeclaration).body === node
  );
}

export function isLoop(node: ts.Node | undefined): node is ts.IterationStatement {
  return node !== undefined && ts.isIterationStatement(node, false);
}

export function isForAwait(node: ts.Node): boolean {
  return ts.isForOfStatement(node) && node.awaitModifier !== undefined;
}

export function isPattern(node: ts.Expression): boolean {
  const inner = unwrapped(node);
  return ts.isArrayLiteralExpression(inner) || ts.isObjectLiteralExpression(inner);
}

/** `require("x")` and `Object.defineProperty(exports, …)`, which tools that look for them must still find. */
export function isLoaderCall(node: ts.CallExpression): boolean {
  const [first] = node.arguments;
  if (first === undefined) return false;
  if (ts.isIdentifier(node.expression))
    return node.expression.text === "require" && ts.isStringLiteralLike(first);
  const isDefinition =
    ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "defineProperty";
  return isDefinition && ts.isIdentifier(first) && first.text === "exports";
}

/** Whether a further link of an optional chain hangs on the node. */
export function isInsideOptionalChain(node: ts.Node): boolean {
  let child = node;
  while (ts.isNonNullExpression(child.parent)) child = child.parent;
  const parent = child.parent;
  return (
    (parent.flags & ts.NodeFlags.OptionalChain) !== 0 &&
    (parent as { expression?: ts.Node }).expression === child
  );
}

/** Whether the access is used as a place rather than read: assigned, updated, deleted, or called. */
export function isReference(node: ts.Expression): boolean {
  let child: ts.Node = node;
  while (
    ts.isParenthesizedExpression(child.parent) ||
    ts.isNonNullExpression(child.parent) ||
    ts.isAsExpression(child.parent) ||
    ts.isSatisfiesExpression(child.parent)
  ) {
    child = child.parent;
  }
  const parent = child.parent;
  if (
    ts.isDeleteExpression(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isPostfixUnaryExpression(parent)
  )
    return true;
  if (ts.isBinaryExpression(parent))
    return parent.left === child && isAssignmentOperator(parent.operatorToken.kind);
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.initializer === child;
  return (ts.isCallExpression(parent) || ts.isNewExpression(parent)) && parent.expression === child;
}
