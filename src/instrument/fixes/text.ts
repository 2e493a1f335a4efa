/** @file A file's text as a tree that can be asked for the calls and names at a place. */
import ts from "typescript";
import { PositionTable } from "../positions.js";
import { unwrapped } from "../shapes.js";
import type { Range } from "../sites.js";

/** Replaces a range; inserts where the range is empty. */
export interface Edit extends Range {
  readonly text: string;
}

export class ProgramText {
  readonly tree: ts.SourceFile;
  private readonly positions: PositionTable;

  constructor(
    readonly fileName: string,
    text: string,
  ) {
    // A position counts from after a byte order mark, as an editor's does.
    const plain = text.replace(/^\uFEFF/, "");
    const extension = /\.[cm]?[jt]sx?$/.exec(fileName)?.[0] ?? ".ts";
    // With parents: most questions go from a place outward.
    this.tree = ts.createSourceFile(`/module${extension}`, plain, ts.ScriptTarget.ES2022, true);
    this.positions = new PositionTable(this.tree);
    this.library = this.libraryName();
  }

  /** Whether the parser had nothing to complain about; it goes on after what it can't read. */
  get isWellFormed(): boolean {
    // Of every parsed file; only a whole Program tells it in public.
    const { parseDiagnostics = [] } = this.tree as { parseDiagnostics?: readonly unknown[] };
    return parseDiagnostics.length === 0;
  }

  /** The offset of a 1-based place, or -1 where the text has none. */
  offset(line: number, column: number): number {
    if (line < 1 || line > this.tree.getLineStarts().length) return -1;
    return this.tree.getLineStarts()[line - 1]! + column - 1;
  }

  rangeOf(node: ts.Node): Range {
    return this.positions.range(node.getStart(this.tree), node.end);
  }

  spanOf(start: number, end: number): Range {
    return this.positions.range(start, end);
  }

  textOf(node: ts.Node): string {
    return node.getText(this.tree);
  }

  /** 1-based. */
  lineOf(node: ts.Node): number {
    return this.positions.at(node.getStart(this.tree)).line;
  }

  replace(node: ts.Node, text: string): Edit {
    return { ...this.rangeOf(node), text };
  }

  replaceSpan(start: number, end: number, text: string): Edit {
    return { ...this.positions.range(start, end), text };
  }

  insert(offset: number, text: string): Edit {
    return { ...this.positions.range(offset, offset), text };
  }

  /** The call or construction that a site's range names, or null. */
  callOf(range: Range): ts.CallExpression | ts.NewExpression | null {
    const end = this.offset(range.endLine, range.endColumn);
    const start = this.offset(range.line, range.column);
    return this.innermost(start, (node) => isCall(node) && node.end === end);
  }

  /** The innermost node that has exactly this range, or null. */
  nodeAt(range: Range): ts.Node | null {
    const start = this.offset(range.line, range.column);
    const end = this.offset(range.endLine, range.endColumn);
    return this.innermost(start, (node) => node.getStart(this.tree) === start && node.end === end);
  }

  /** Names that what a method is called on reads: `h` for `h.sum().backward()`. */
  namesBehind(call: Range): ReadonlySet<string> {
    const names = new Set<string>();
    const node = this.callOf(call);
    const receiver = node === null ? null : receiverOf(node);
    const visit = (each: ts.Node): void => {
      if (ts.isIdentifier(each)) names.add(each.text);
      if (ts.isPropertyAccessExpression(each)) names.add(each.getText(this.tree));
      ts.forEachChild(each, visit);
    };
    if (receiver !== null) visit(receiver);
    return names;
  }

  /** The innermost call whose own name (not its arguments) stands around a place. */
  callAt(line: number, column: number): ts.CallExpression | ts.NewExpression | null {
    const at = this.offset(line, column);
    return this.innermost(at, (node) => isCall(node) && at <= node.expression.end);
  }

  /** The innermost read of a property at a place, such as `w.grad`. */
  propertyAt(line: number, column: number, name: string): ts.PropertyAccessExpression | null {
    const at = this.offset(line, column);
    return this.innermost(
      at,
      (node): node is ts.PropertyAccessExpression =>
        ts.isPropertyAccessExpression(node) && node.name.text === name,
    );
  }

  private innermost<T extends ts.Node>(at: number, test: (node: ts.Node) => boolean): T | null {
    let found: ts.Node | null = null;
    const visit = (node: ts.Node): void => {
      if (at < node.pos || at > node.end) return;
      if (test(node) && at >= node.getStart(this.tree)) found = node;
      ts.forEachChild(node, visit);
    };
    if (at >= 0) visit(this.tree);
    return found;
  }

  /** Where a class declares a field of this name, or assigns `this.name`; null for none. */
  fieldNamed(name: string): Range | null {
    let found: ts.Node | null = null;
    const visit = (node: ts.Node): void => {
      const declares = ts.isPropertyDeclaration(node) && node.name.getText(this.tree) === name;
      const assigns =
        ts.isBinaryExpression(node) &&
        node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
        node.left.getText(this.tree) === `this.${name}`;
      if (declares || assigns) found ??= node;
      ts.forEachChild(node, visit);
    };
    visit(this.tree);
    return found === null ? null : this.rangeOf(found);
  }

  /** What the library is called in this file: `torch` of `import * as torch from "gradwalk"`. */
  readonly library: string | null;

  private libraryName(): string | null {
    for (const statement of this.tree.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const { moduleSpecifier, importClause } = statement;
      if (!ts.isStringLiteral(moduleSpecifier) || moduleSpecifier.text !== "gradwalk") continue;
      const bindings = importClause?.namedBindings;
      if (bindings !== undefined && ts.isNamespaceImport(bindings)) return bindings.name.text;
      if (importClause?.name !== undefined) return importClause.name.text;
    }
    return null;
  }

  /** Whether an expression is the library or a part of it, such as `torch.nn.functional`. */
  isLibrary(node: ts.Expression): boolean {
    let root = unwrapped(node);
    while (ts.isPropertyAccessExpression(root)) root = unwrapped(root.expression);
    return ts.isIdentifier(root) && root.text === this.library;
  }
}

export function isCall(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/** The name by which something is called: `sum` of `y.sum()` and of `torch.sum(y)`. */
export function calledName(call: ts.CallExpression | ts.NewExpression): string {
  const callee = unwrapped(call.expression);
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : "";
}

/** What a method is called on; null for plain functions. */
export function receiverOf(call: ts.CallExpression | ts.NewExpression): ts.Expression | null {
  const callee = unwrapped(call.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.expression : null;
}

/** The tensor operands in the order of PyTorch's arguments: the receiver counts, where there is one. */
export function operandsOf(
  text: ProgramText,
  call: ts.CallExpression | ts.NewExpression,
): readonly ts.Expression[] {
  const receiver = receiverOf(call);
  const args = call.arguments ?? [];
  return receiver === null || text.isLibrary(receiver) ? args : [receiver, ...args];
}

/** The statement around a node that stands in a list of statements, or null inside of an expression body. */
export function statementOf(node: ts.Node): ts.Statement | null {
  let each: ts.Node | undefined = node;
  while (each !== undefined && !(ts.isStatement(each) && inList(each))) {
    if (ts.isArrowFunction(each) && !ts.isBlock(each.body)) return null;
    each = each.parent;
  }
  return each === undefined || !ts.isStatement(each) ? null : each;
}

function inList(node: ts.Node): boolean {
  const { parent } = node;
  return (
    parent !== undefined &&
    (ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isCaseOrDefaultClause(parent))
  );
}

/** The innermost loop around a node within the same function, or null. */
export function loopOf(node: ts.Node): ts.IterationStatement | null {
  for (let each = node.parent; each !== undefined; each = each.parent) {
    if (ts.isIterationStatement(each, false)) return each;
    if (ts.isFunctionLike(each)) return null;
  }
  return null;
}
