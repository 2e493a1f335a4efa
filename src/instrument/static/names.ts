/** @file What the names of a file stand for, where the text leaves no doubt: declared once in reach, never rebound. */
import ts from "typescript";
import { calledName, type ProgramText, receiverOf } from "../fixes/text.js";
import { isAssignmentOperator, unwrapped } from "../shapes.js";

interface Declared {
  readonly scope: ts.Node;
  /** null for what is no plain variable: parameters, patterns, functions, imports. */
  readonly variable: ts.VariableDeclaration | null;
}

export class Names {
  private readonly declared = new Map<string, Declared[]>();
  private readonly assigned = new Map<string, ts.Expression[]>();
  /** Calls of methods, by the method's name. */
  private readonly calls = new Map<string, ts.CallExpression[]>();
  /** The file takes code of the user's from another one, which may do anything to what it is given. */
  readonly importsOthers: boolean;

  constructor(private readonly text: ProgramText) {
    this.importsOthers = text.tree.statements.some(
      (each) =>
        ts.isImportDeclaration(each) &&
        ts.isStringLiteral(each.moduleSpecifier) &&
        !/^(gradwalk$|node:)/.test(each.moduleSpecifier.text),
    );
    this.visit(text.tree);
  }

  /** The variable that a name stands for; null where there is doubt, also about when it was bound. */
  variable(name: ts.Identifier): ts.VariableDeclaration | null {
    const found = this.declaration(name);
    const variable = found?.variable ?? null;
    if (variable === null || variable.pos > name.pos) return null;
    return this.assigned.has(name.text) ? null : variable;
  }

  /** The same for a variable that may be assigned to. */
  rebindable(name: ts.Identifier): ts.VariableDeclaration | null {
    return this.declaration(name)?.variable ?? null;
  }

  /** Expressions that assign to a name, of whichever scope. */
  assignmentsTo(name: string): readonly ts.Expression[] {
    return this.assigned.get(name) ?? [];
  }

  callsOf(method: string): readonly ts.CallExpression[] {
    return this.calls.get(method) ?? [];
  }

  get methods(): Iterable<string> {
    return this.calls.keys();
  }

  private declaration(name: ts.Identifier): Declared | null {
    const all = this.declared.get(name.text) ?? [];
    for (let scope: ts.Node | undefined = name.parent; scope !== undefined; scope = scope.parent) {
      const here = all.filter((each) => each.scope === scope);
      if (here.length > 0) return here.length === 1 ? here[0]! : null;
    }
    return null;
  }

  private visit(node: ts.Node): void {
    if (ts.isVariableDeclaration(node)) this.declareVariable(node);
    else if (ts.isParameter(node)) this.declarePattern(node.name, node.parent);
    else if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node)) {
      if (node.name !== undefined) this.declare(node.name.text, scopeOf(node), null);
    } else if (ts.isImportClause(node) || ts.isImportSpecifier(node) || ts.isNamespaceImport(node)) {
      if (node.name !== undefined) this.declare(node.name.text, this.text.tree, null);
    } else if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      this.assign(node.left, node);
    } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
      const steps = [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken];
      if (steps.includes(node.operator)) this.assign(node.operand, node);
    } else if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && !isList(node.initializer)) {
      this.assign(node.initializer, node.initializer);
    } else if (ts.isCallExpression(node) && receiverOf(node) !== null) {
      const list = this.calls.get(calledName(node));
      if (list === undefined) this.calls.set(calledName(node), [node]);
      else list.push(node);
    }
    ts.forEachChild(node, (child) => this.visit(child));
  }

  private declareVariable(node: ts.VariableDeclaration): void {
    const list = node.parent;
    const isVar = ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.BlockScoped) === 0;
    // A `var` is there before its line and outside of its block: nothing is said of it.
    if (isVar || !ts.isIdentifier(node.name))
      this.declarePattern(node.name, isVar ? this.text.tree : scopeOf(node));
    else this.declare(node.name.text, scopeOf(node), node);
  }

  private declarePattern(name: ts.BindingName, scope: ts.Node): void {
    if (ts.isIdentifier(name)) {
      this.declare(name.text, scope, null);
      return;
    }
    for (const element of name.elements) {
      if (ts.isBindingElement(element)) this.declarePattern(element.name, scope);
    }
  }

  private declare(name: string, scope: ts.Node, variable: ts.VariableDeclaration | null): void {
    const list = this.declared.get(name);
    if (list === undefined) this.declared.set(name, [{ scope, variable }]);
    else list.push({ scope, variable });
  }

  /** A pattern's names are found in its text: more than it binds, which is as well. */
  private assign(target: ts.Node, by: ts.Expression): void {
    const inner = ts.isExpression(target) ? unwrapped(target) : target;
    const names = ts.isIdentifier(inner) ? [inner.text] : namesIn(inner);
    for (const name of names) this.assigned.set(name, [...(this.assigned.get(name) ?? []), by]);
  }
}

const isList = (node: ts.ForInitializer) => ts.isVariableDeclarationList(node);

function namesIn(target: ts.Node): string[] {
  if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) return [];
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(target);
  return names;
}

/** The node whose inside a declaration is known in. */
function scopeOf(declaration: ts.Node): ts.Node {
  let scope = declaration.parent;
  while (
    !ts.isSourceFile(scope) &&
    !ts.isBlock(scope) &&
    !ts.isCaseBlock(scope) &&
    !ts.isModuleBlock(scope) &&
    !ts.isIterationStatement(scope, false) &&
    !ts.isCatchClause(scope) &&
    !ts.isFunctionLike(scope) &&
    !ts.isClassStaticBlockDeclaration(scope)
  ) {
    scope = scope.parent;
  }
  return scope;
}
