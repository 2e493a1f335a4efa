/** @file What all parts of the transformer share: the walk itself, the table of sites, and how probes are spelled. */

import ts from "typescript";
import { PositionTable } from "./positions.js";
import { PROBE_MODULE, type Probe } from "./probe.js";
import { unwrapped } from "./shapes.js";
import type { InstrumentOptions, Range, Site, SiteKind } from "./sites.js";

export type ProbeMember = Exclude<keyof Probe, "cell" | "stack">;
export type Declares = NonNullable<Site["declares"]>;

/** Whether the code at hand can be suspended, so that its scopes are `Task`s rather than depths. */
export type Mode = "plain" | "task";

export class Walk {
  readonly f: ts.NodeFactory;
  readonly positions: PositionTable;
  mode: Mode;
  /** Site of the innermost function or loop; `null` at the top level. */
  within: number | null = null;
  /** Object literals whose properties get names: `const params = { w: … }` binds `params.w`. */
  readonly paths = new Map<ts.Node, string>();
  /** Sites to store before a whole expression, for a read inside of its callee. */
  readonly early = new Map<ts.Node, number>();
  /** Property accesses that a destructuring assignment assigns to. */
  readonly targets = new Set<ts.Node>();
  private readonly prefix: string;
  private readonly members = new Set<ProbeMember>();
  private namesModuleScope = false;

  constructor(
    readonly context: ts.TransformationContext,
    readonly file: ts.SourceFile,
    private readonly options: InstrumentOptions,
    private readonly sites: Site[],
    readonly visitor: (node: ts.Node) => ts.VisitResult<ts.Node>,
    mode: Mode,
  ) {
    this.f = context.factory;
    this.positions = new PositionTable(file);
    this.prefix = freePrefix(file);
    this.mode = mode;
  }

  each<T extends ts.Node>(node: T): T {
    return ts.visitEachChild(node, this.visitor, this.context);
  }

  expression(node: ts.Expression): ts.Expression {
    return ts.visitNode(node, this.visitor, ts.isExpression)!;
  }

  // --- sites ---

  site(kind: SiteKind, range: Range, text: string, name: string | null, more: Partial<Site> = {}): number {
    const anchor = more.anchor ?? { line: range.line, column: range.column };
    this.sites.push({ kind, ...range, text, name, within: this.within, ...more, anchor });
    return this.options.firstSite + this.sites.length - 1;
  }

  start(node: ts.Node): number {
    return node.getStart(this.file);
  }

  rangeOf(node: ts.Node): Range {
    return this.positions.range(this.start(node), node.end);
  }

  textOf(node: ts.Node): string {
    return this.positions.text(this.start(node), node.end);
  }

  callSite(kind: SiteKind, node: ts.Node, callee: ts.Expression): number {
    const inner = unwrapped(callee);
    const access = ts.isPropertyAccessExpression(inner) ? inner.name : null;
    const named =
      access ?? (ts.isIdentifier(inner) || inner.kind === ts.SyntaxKind.SuperKeyword ? inner : null);
    const anchor = this.positions.at(this.start(named ?? callee));
    const whole = this.rangeOf(node);
    const range = anchor.line === whole.line ? whole : { ...whole, ...anchor };
    return this.site(kind, range, this.textOf(node), named === null ? null : this.textOf(named), { anchor });
  }

  bindingSite(at: ts.Node, name: string, declares: Declares, init?: ts.Node): number {
    const more: Partial<Site> = init === undefined ? { declares } : { declares, init: this.rangeOf(init) };
    return this.site("binding", this.rangeOf(at), this.textOf(at), name, more);
  }

  // --- probes ---

  probe(member: ProbeMember, ...args: ts.Expression[]): ts.CallExpression {
    this.members.add(member);
    return this.f.createCallExpression(this.local(member), undefined, args);
  }

  isProbe(node: ts.Expression, member: ProbeMember): boolean {
    return (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === this.prefix + member
    );
  }

  /** Has the file import `suspend` and `resume`, and name its scope, for awaits that are found later. */
  expectAwaits(): void {
    this.members.add("suspend").add("resume");
    this.namesModuleScope = true;
  }

  local(name: string): ts.Identifier {
    return this.f.createIdentifier(this.prefix + name);
  }

  id(site: number): ts.Expression {
    return this.f.createNumericLiteral(site);
  }

  /** The innermost scope: every function and loop with a frame declares this name anew. */
  scope(): ts.Identifier {
    if (this.within === null) this.namesModuleScope = true;
    return this.local("scope");
  }

  statement(expression: ts.Expression): ts.Statement {
    return this.f.createExpressionStatement(expression);
  }

  declare(name: string, value: ts.Expression, flags: ts.NodeFlags = ts.NodeFlags.Const): ts.Statement {
    const declaration = this.f.createVariableDeclaration(this.local(name), undefined, undefined, value);
    return this.f.createVariableStatement(
      undefined,
      this.f.createVariableDeclarationList([declaration], flags),
    );
  }

  bind(site: number, value: ts.Expression): ts.Expression {
    return this.probe("bind", this.id(site), value);
  }

  /** Takes the scope again in a handler, or on the way of `value`. */
  back(value?: ts.Expression): ts.Expression {
    const member = this.mode === "task" ? "backIn" : "back";
    return value === undefined ? this.probe(member, this.scope()) : this.probe(member, this.scope(), value);
  }

  /** `(at(site, 0), expression)`: the store before an expression in which nothing else runs. */
  stored(site: number, expression: ts.Expression): ts.Expression {
    const { f } = this;
    const store = this.probe("at", this.id(site), f.createNumericLiteral(0));
    return f.createParenthesizedExpression(f.createComma(store, expression));
  }

  /** A use of a declared name that TypeScript goes on to treat as that name (exports of namespaces, CommonJS). */
  reading(name: ts.Identifier): ts.Identifier {
    return ts.setOriginalNode(this.f.createIdentifier(name.text), name);
  }

  /** What must stand at the beginning of the file. */
  prologue(): ts.Statement[] {
    const statements: ts.Statement[] = [];
    if (this.namesModuleScope) {
      statements.push(this.declare("scope", this.probe(this.mode === "task" ? "enterModule" : "base")));
    }
    if (this.members.size > 0) {
      statements.unshift(this.options.module === "cjs" ? this.required() : this.imported());
    }
    return statements;
  }

  private imported(): ts.Statement {
    const { f } = this;
    const specifiers = [...this.members].map((member) =>
      f.createImportSpecifier(false, f.createIdentifier(member), this.local(member)),
    );
    const clause = f.createImportClause(undefined, undefined, f.createNamedImports(specifiers));
    return f.createImportDeclaration(undefined, clause, f.createStringLiteral(PROBE_MODULE));
  }

  private required(): ts.Statement {
    const { f } = this;
    const elements = [...this.members].map((member) =>
      f.createBindingElement(undefined, member, this.local(member)),
    );
    const load = f.createCallExpression(f.createIdentifier("require"), undefined, [
      f.createStringLiteral(PROBE_MODULE),
    ]);
    const names = f.createVariableDeclaration(
      f.createObjectBindingPattern(elements),
      undefined,
      undefined,
      load,
    );
    return f.createVariableStatement(undefined, f.createVariableDeclarationList([names], ts.NodeFlags.Const));
  }
}

/** A beginning of names that no identifier of the file has. */
function freePrefix(file: ts.SourceFile): string {
  // Identifiers may be written with escapes, so the parser's own table of them is asked too where it has one.
  const identifiers = (file as { identifiers?: ReadonlyMap<string, string> }).identifiers;
  const escaped = file.text.includes("\\u") && identifiers !== undefined ? [...identifiers.keys()] : [];
  for (let i = 0; ; i++) {
    const prefix = i === 0 ? "__gw_" : `__gw${i}_`;
    if (!file.text.includes(prefix) && !escaped.some((each) => each.startsWith(prefix))) return prefix;
  }
}
