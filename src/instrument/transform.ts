/** @file The transformer that adds probes to a parsed file before TypeScript lowers it. */

import ts from "typescript";
import { PositionTable } from "./positions.js";
import { PROBE_MODULE } from "./probe.js";
import {
  bindableName,
  isAssignmentOperator,
  isNeverTensor,
  isSimple,
  quotesSource,
  unwrapped,
} from "./shapes.js";
import type { InstrumentOptions, Range, Site, SiteKind } from "./sites.js";

/** Reading these properties of a tensor runs an operation, or may warn with the current site. */
const PROPERTIES_THAT_RUN = new Set(["T", "mT", "H", "mH", "data", "real", "imag", "grad"]);

const MEMBERS = [
  "at",
  "none",
  "bind",
  "first",
  "target",
  "enter",
  "enterAsync",
  "enterGenerator",
  "exit",
  "loop",
  "iterate",
  "leave",
  "back",
  "suspend",
  "resume",
  "yielding",
  "yielded",
] as const;
type Member = (typeof MEMBERS)[number];

export function probeTransformer(
  text: string,
  options: InstrumentOptions,
  sites: Site[],
): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => new Instrumenter(context, file, text, options, sites).run();
}

class Instrumenter {
  private readonly f: ts.NodeFactory;
  private readonly positions: PositionTable;
  private readonly prefix: string;
  private readonly scopeName: string;
  private readonly visitor: (node: ts.Node) => ts.VisitResult<ts.Node>;
  private within: number | null = null;
  private readonly used = new Set<Member>();
  /** Object literals whose properties get names: `const params = { w: … }` binds `params.w`. */
  private readonly paths = new Map<ts.Node, string>();
  /** Property accesses that a destructuring assignment assigns to. */
  private readonly targets = new Set<ts.Node>();
  private readonly loopSites = new Map<ts.Node, number>();

  constructor(
    private readonly context: ts.TransformationContext,
    private readonly file: ts.SourceFile,
    text: string,
    private readonly options: InstrumentOptions,
    private readonly sites: Site[],
  ) {
    this.f = context.factory;
    this.positions = new PositionTable(file);
    this.prefix = freePrefix(text, file);
    this.scopeName = `${this.prefix}scope`;
    this.visitor = (node) => this.visit(node);
  }

  run(): ts.SourceFile {
    const { f, file } = this;
    if (file.isDeclarationFile) return file;
    const updated = ts.visitEachChild(file, this.visitor, this.context);
    if (this.sites.length === 0) return updated;
    const statements = [...updated.statements];
    let at = 0;
    while (at < statements.length && isDirective(statements[at]!)) at++;
    statements.splice(at, 0, this.prologue());
    return f.updateSourceFile(updated, ts.setTextRange(f.createNodeArray(statements), updated.statements));
  }

  private prologue(): ts.Statement {
    const { f } = this;
    const names: [string, string][] = [...this.used].map((name) => [name, this.prefix + name]);
    names.push(["root", this.scopeName]);
    if (this.options.module === "cjs") {
      const pattern = f.createObjectBindingPattern(
        names.map(([member, local]) => f.createBindingElement(undefined, member, local)),
      );
      const load = f.createCallExpression(f.createIdentifier("require"), undefined, [
        f.createStringLiteral(PROBE_MODULE),
      ]);
      const declaration = f.createVariableDeclaration(pattern, undefined, undefined, load);
      return f.createVariableStatement(
        undefined,
        f.createVariableDeclarationList([declaration], ts.NodeFlags.Const),
      );
    }
    const specifiers = names.map(([member, local]) =>
      f.createImportSpecifier(false, f.createIdentifier(member), f.createIdentifier(local)),
    );
    const clause = f.createImportClause(undefined, undefined, f.createNamedImports(specifiers));
    return f.createImportDeclaration(undefined, clause, f.createStringLiteral(PROBE_MODULE));
  }

  // --- sites ---

  private site(
    kind: SiteKind,
    range: Range,
    text: string,
    name: string | null,
    more: Partial<Site> = {},
  ): number {
    const anchor = more.anchor ?? { line: range.line, column: range.column };
    this.sites.push({ kind, ...range, text, name, within: this.within, ...more, anchor });
    return this.options.firstSite + this.sites.length - 1;
  }

  private start(node: ts.Node): number {
    return node.getStart(this.file);
  }

  private rangeOf(node: ts.Node): Range {
    return this.positions.range(this.start(node), node.end);
  }

  private textOf(node: ts.Node): string {
    return this.positions.text(this.start(node), node.end);
  }

  private callSite(kind: SiteKind, node: ts.Node, callee: ts.Expression): number {
    const named = nameNode(callee);
    const start = this.start(node);
    const anchorAt = named === null ? this.start(callee) : this.start(named);
    const anchor = this.positions.at(anchorAt);
    const whole = this.positions.range(start, node.end);
    const range = anchor.line === whole.line ? whole : { ...whole, ...anchor };
    return this.site(kind, range, this.textOf(node), named === null ? null : this.textOf(named), { anchor });
  }

  private bindingSite(
    name: ts.Node,
    text: string,
    declares: NonNullable<Site["declares"]>,
    init?: ts.Node,
  ): number {
    const more: Partial<Site> = init === undefined ? { declares } : { declares, init: this.rangeOf(init) };
    return this.site("binding", this.rangeOf(name), this.textOf(name), text, more);
  }

  // --- probes ---

  private probe(member: Member, ...args: ts.Expression[]): ts.CallExpression {
    this.used.add(member);
    return this.f.createCallExpression(this.f.createIdentifier(this.prefix + member), undefined, args);
  }

  private id(site: number): ts.Expression {
    return this.f.createNumericLiteral(site);
  }

  private scope(): ts.Identifier {
    return this.f.createIdentifier(this.scopeName);
  }

  private statement(expression: ts.Expression): ts.Statement {
    return this.f.createExpressionStatement(expression);
  }

  private declareScope(entry: ts.Expression): ts.Statement {
    const declaration = this.f.createVariableDeclaration(this.scopeName, undefined, undefined, entry);
    return this.f.createVariableStatement(
      undefined,
      this.f.createVariableDeclarationList([declaration], ts.NodeFlags.Const),
    );
  }

  private prefixed(site: number, expression: ts.Expression): ts.Expression {
    const { f } = this;
    return f.createParenthesizedExpression(
      f.createComma(this.probe("at", this.id(site), f.createNumericLiteral(0)), expression),
    );
  }

  // --- the walk ---

  private each<T extends ts.Node>(node: T): T {
    return ts.visitEachChild(node, this.visitor, this.context);
  }

  private expression(node: ts.Expression): ts.Expression {
    return ts.visitNode(node, this.visitor, ts.isExpression) as ts.Expression;
  }

  private visit(node: ts.Node): ts.VisitResult<ts.Node> {
    const parent = node.parent;
    if (isFunctionBody(node, parent)) return this.functionBody(node as ts.Block | ts.Expression, parent);
    if (isLoop(parent) && parent.statement === node) return this.loopBody(node as ts.Statement, parent);
    return this.visitKind(node);
  }

  private visitKind(node: ts.Node): ts.VisitResult<ts.Node> {
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return node;
    switch (node.kind) {
      case ts.SyntaxKind.InterfaceDeclaration:
      case ts.SyntaxKind.TypeAliasDeclaration:
      case ts.SyntaxKind.ImportDeclaration:
      case ts.SyntaxKind.ImportEqualsDeclaration:
      case ts.SyntaxKind.ExportDeclaration:
        return node;
      case ts.SyntaxKind.CallExpression:
        return this.call(node as ts.CallExpression);
      case ts.SyntaxKind.NewExpression:
        return this.construct(node as ts.NewExpression);
      case ts.SyntaxKind.TaggedTemplateExpression:
        return this.tagged(node as ts.TaggedTemplateExpression);
      case ts.SyntaxKind.PropertyAccessExpression:
        return this.property(node as ts.PropertyAccessExpression);
      case ts.SyntaxKind.BinaryExpression:
        return this.binary(node as ts.BinaryExpression);
      case ts.SyntaxKind.VariableStatement:
        return this.variables(node as ts.VariableStatement);
      case ts.SyntaxKind.VariableDeclaration:
        return this.variable(node as ts.VariableDeclaration);
      case ts.SyntaxKind.PropertyDeclaration:
        return this.field(node as ts.PropertyDeclaration);
      case ts.SyntaxKind.PropertyAssignment:
        return this.propertyAssignment(node as ts.PropertyAssignment);
      case ts.SyntaxKind.AwaitExpression:
        return this.awaited(node as ts.AwaitExpression);
      case ts.SyntaxKind.YieldExpression:
        return this.yielded(node as ts.YieldExpression);
      case ts.SyntaxKind.CatchClause:
        return this.catchClause(node as ts.CatchClause);
      case ts.SyntaxKind.TryStatement:
        return this.tryStatement(node as ts.TryStatement);
      case ts.SyntaxKind.LabeledStatement:
        return this.labeled(node as ts.LabeledStatement);
      case ts.SyntaxKind.ForStatement:
      case ts.SyntaxKind.ForInStatement:
      case ts.SyntaxKind.ForOfStatement:
      case ts.SyntaxKind.WhileStatement:
      case ts.SyntaxKind.DoStatement:
        return this.loop(node as ts.IterationStatement);
      default:
        if (isAmbient(node)) return node;
        return this.each(node);
    }
  }

  // --- calls ---

  private call(node: ts.CallExpression): ts.Expression {
    if (node.expression.kind === ts.SyntaxKind.ImportKeyword || isLoaderCall(node)) return this.each(node);
    const site = this.callSite("call", node, node.expression);
    const updated = this.each(node);
    const resume = resumesInCallee(node.expression);
    const isSuper = node.expression.kind === ts.SyntaxKind.SuperKeyword;
    if (!resume && !isSuper && this.mayPrefix(node, node.arguments)) return this.prefixed(site, updated);
    const { f } = this;
    const args = f.createNodeArray(this.args(site, node.arguments, updated.arguments, resume));
    ts.setTextRange(args, updated.arguments);
    return ts.isCallChain(updated)
      ? f.updateCallChain(updated, updated.expression, updated.questionDotToken, updated.typeArguments, args)
      : f.updateCallExpression(updated, updated.expression, updated.typeArguments, args);
  }

  private construct(node: ts.NewExpression): ts.Expression {
    const site = this.callSite("new", node, node.expression);
    const updated = this.each(node);
    const resume = resumesInCallee(node.expression);
    const original = node.arguments ?? this.f.createNodeArray<ts.Expression>();
    if (!resume && this.mayPrefix(node, original)) return this.prefixed(site, updated);
    const args = this.args(site, original, updated.arguments ?? [], resume);
    return this.f.updateNewExpression(updated, updated.expression, updated.typeArguments, args);
  }

  /** Whether the store may stand before the whole call: nothing else can run in between, and V8 never quotes it. */
  private mayPrefix(node: ts.CallExpression | ts.NewExpression, args: readonly ts.Expression[]): boolean {
    if (!isSimple(node.expression) || isInsideOptionalChain(node) || quotesSource(node)) return false;
    return (
      args.every((each) => isSimple(ts.isSpreadElement(each) ? each.expression : each)) && !args.some(isPlain)
    );
  }

  private args(
    site: number,
    original: readonly ts.Expression[],
    args: readonly ts.Expression[],
    resume: boolean,
  ): ts.Expression[] {
    const { f } = this;
    const result = [...args];
    const last = result.length - 1;
    if (last < 0) {
      const none = this.probe("none", this.id(site));
      return [f.createSpreadElement(resume ? this.probe("back", this.scope(), none) : none)];
    }
    // A spread can't be wrapped (V8 quotes it when it is not iterable), so the store goes before it.
    for (let i = last; i >= 0; i--) {
      if (ts.isSpreadElement(original[i]!)) continue;
      const stored = this.probe("at", this.id(site), result[i]!);
      result[i] = resume ? this.probe("back", this.scope(), stored) : stored;
      return result;
    }
    result.unshift(f.createSpreadElement(this.probe("none", this.id(site))));
    return result;
  }

  private tagged(node: ts.TaggedTemplateExpression): ts.Expression {
    const { f } = this;
    const site = this.callSite("tag", node, node.tag);
    const updated = this.each(node);
    if (ts.isTemplateExpression(updated.template)) {
      const spans = [...updated.template.templateSpans];
      const last = spans[spans.length - 1]!;
      spans[spans.length - 1] = f.updateTemplateSpan(
        last,
        this.probe("at", this.id(site), last.expression),
        last.literal,
      );
      const template = f.updateTemplateExpression(updated.template, updated.template.head, spans);
      return f.updateTaggedTemplateExpression(updated, updated.tag, updated.typeArguments, template);
    }
    if (isSimple(node.tag) && !isInsideOptionalChain(node) && !quotesSource(node))
      return this.prefixed(site, updated);
    return updated;
  }

  private property(node: ts.PropertyAccessExpression): ts.Expression {
    if (this.targets.has(node)) return this.target(node);
    const updated = this.each(node);
    if (!PROPERTIES_THAT_RUN.has(node.name.text) || isReference(node)) return updated;
    if (node.expression.kind === ts.SyntaxKind.SuperKeyword) return updated;
    if (isInsideOptionalChain(node) || quotesSource(node)) return updated;
    const site = this.callSite("property", node, node);
    if (isSimple(node.expression)) return this.prefixed(site, updated);
    if (ts.isPropertyAccessChain(updated)) return updated;
    return this.f.updatePropertyAccessExpression(
      updated,
      this.probe("at", this.id(site), updated.expression),
      updated.name,
    );
  }

  // --- bindings ---

  private variables(node: ts.VariableStatement): ts.VisitResult<ts.Statement> {
    if (isAmbient(node)) return node;
    const updated = this.each(node);
    const after: ts.Statement[] = [];
    for (const each of node.declarationList.declarations) {
      if (ts.isIdentifier(each.name)) continue;
      if (each.initializer !== undefined && resumesInCallee(each.initializer)) {
        after.push(this.statement(this.probe("back", this.scope())));
      }
      after.push(
        ...this.bindElements(each.name, declarationKind(node.declarationList)).map((e) => this.statement(e)),
      );
    }
    return after.length === 0 ? updated : [updated, ...after];
  }

  private variable(node: ts.VariableDeclaration): ts.VisitResult<ts.Node> {
    const list = node.parent;
    if (!ts.isVariableDeclarationList(list)) return this.each(node);
    const { f } = this;
    if (!ts.isIdentifier(node.name)) {
      const updated = this.each(node);
      if (!ts.isForStatement(list.parent)) return updated;
      // The head of a for statement has room for no statement: the names are reported in one more declaration.
      const binds = this.bindElements(node.name, declarationKind(list));
      if (binds.length === 0) return updated;
      const report = f.createVariableDeclaration(
        `${this.prefix}names`,
        undefined,
        undefined,
        f.createArrayLiteralExpression(binds),
      );
      return [updated, report];
    }
    const init = node.initializer;
    if (init === undefined) return this.each(node);
    const literal = unwrapped(init);
    if (ts.isObjectLiteralExpression(literal)) this.paths.set(literal, node.name.text);
    if (isNeverTensor(init)) return this.each(node);
    const site = this.bindingSite(node.name, node.name.text, declarationKind(list), init);
    const updated = this.each(node);
    const bound = this.probe("bind", this.id(site), updated.initializer!);
    return f.updateVariableDeclaration(updated, updated.name, updated.exclamationToken, updated.type, bound);
  }

  /** One `bind` for every name of a destructuring declaration, to stand after it. */
  private bindElements(name: ts.BindingName, declares: NonNullable<Site["declares"]>): ts.Expression[] {
    if (ts.isIdentifier(name)) {
      const site = this.bindingSite(name, name.text, declares);
      return [this.probe("bind", this.id(site), this.reading(name))];
    }
    const found: ts.Expression[] = [];
    for (const each of name.elements) {
      if (ts.isBindingElement(each)) found.push(...this.bindElements(each.name, declares));
    }
    return found;
  }

  /** A use of a declared name that TypeScript goes on to treat as that name (exports of namespaces, CommonJS). */
  private reading(name: ts.Identifier): ts.Identifier {
    const copy = ts.setOriginalNode(this.f.createIdentifier(name.text), name);
    return ts.setTextRange(copy, { pos: -1, end: -1 });
  }

  private field(node: ts.PropertyDeclaration): ts.Node {
    const init = node.initializer;
    const updated = isAmbient(node) || init === undefined ? node : node;
    if (updated.initializer === undefined || isAmbient(node)) return this.each(node);
    const isStatic = node.modifiers?.some((each) => each.kind === ts.SyntaxKind.StaticKeyword) ?? false;
    const owner = isStatic ? (node.parent.name?.text ?? "this") : "this";
    const name = bindableName(owner, node.name);
    if (name === null) return this.each(node);
    const literal = unwrapped(updated.initializer);
    if (ts.isObjectLiteralExpression(literal)) this.paths.set(literal, name);
    if (isNeverTensor(updated.initializer)) return this.each(node);
    const site = this.bindingSite(node.name, name, "field", updated.initializer);
    const visited = this.each(node);
    return this.f.updatePropertyDeclaration(
      visited,
      visited.modifiers,
      visited.name,
      visited.questionToken ?? visited.exclamationToken,
      visited.type,
      this.probe("bind", this.id(site), visited.initializer!),
    );
  }

  private propertyAssignment(node: ts.PropertyAssignment): ts.Node {
    const path = this.paths.get(node.parent);
    const name = path === undefined ? null : bindableName(path, node.name);
    if (name === null) return this.each(node);
    const literal = unwrapped(node.initializer);
    if (ts.isObjectLiteralExpression(literal)) this.paths.set(literal, name);
    if (isNeverTensor(node.initializer)) return this.each(node);
    const site = this.bindingSite(node.name, name, "property", node.initializer);
    const updated = this.each(node);
    return this.f.updatePropertyAssignment(
      updated,
      updated.name,
      this.probe("bind", this.id(site), updated.initializer),
    );
  }

  private binary(node: ts.BinaryExpression): ts.Expression {
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.EqualsToken:
        return isPattern(node.left) ? this.destructure(node) : this.assign(node);
      case ts.SyntaxKind.QuestionQuestionEqualsToken:
      case ts.SyntaxKind.BarBarEqualsToken:
      case ts.SyntaxKind.AmpersandAmpersandEqualsToken:
        return this.assign(node);
      default:
        return this.each(node);
    }
  }

  private assign(node: ts.BinaryExpression): ts.Expression {
    const left = unwrapped(node.left);
    const name = this.textOf(left);
    const literal = unwrapped(node.right);
    if (ts.isObjectLiteralExpression(literal)) this.paths.set(literal, name);
    if (isNeverTensor(node.right)) return this.each(node);
    const site = this.bindingSite(left, name, "assignment", node.right);
    const updated = this.each(node);
    const value = this.probe("bind", this.id(site), updated.right);
    return this.f.updateBinaryExpression(updated, updated.left, updated.operatorToken, value);
  }

  private destructure(node: ts.BinaryExpression): ts.Expression {
    // A pattern inside a pattern (a nested default) is reported with the outermost one's names.
    const names = this.patternNames(node.left);
    const updated = this.each(node);
    const binds = names.map((name) => {
      const site = this.bindingSite(name, name.text, "assignment");
      return this.probe("bind", this.id(site), this.reading(name));
    });
    if (resumesInCallee(node.right)) binds.unshift(this.probe("back", this.scope()));
    return binds.length === 0 ? updated : this.probe("first", updated, ...binds);
  }

  /** The plain names that an assignment pattern assigns; its property targets are noted on the way. */
  private patternNames(pattern: ts.Expression): ts.Identifier[] {
    const target = ts.isParenthesizedExpression(pattern) ? unwrapped(pattern) : pattern;
    if (ts.isIdentifier(target)) return [target];
    if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
      const named = ts.isElementAccessExpression(target) || !ts.isPrivateIdentifier(target.name);
      if (named && target.expression.kind !== ts.SyntaxKind.SuperKeyword) this.targets.add(target);
      return [];
    }
    if (ts.isBinaryExpression(target)) return this.patternNames(target.left);
    if (ts.isSpreadElement(target)) return this.patternNames(target.expression);
    if (ts.isArrayLiteralExpression(target))
      return target.elements.flatMap((each) => this.patternNames(each));
    if (!ts.isObjectLiteralExpression(target)) return [];
    return target.properties.flatMap((each) => {
      if (ts.isShorthandPropertyAssignment(each)) return [each.name];
      if (ts.isPropertyAssignment(each)) return this.patternNames(each.initializer);
      return ts.isSpreadAssignment(each) ? this.patternNames(each.expression) : [];
    });
  }

  private target(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): ts.Expression {
    const site = this.bindingSite(node, this.textOf(node), "assignment");
    const object = this.expression(node.expression);
    const key = ts.isPropertyAccessExpression(node)
      ? this.f.createStringLiteral(node.name.text)
      : this.expression(node.argumentExpression);
    return this.f.createPropertyAccessExpression(this.probe("target", this.id(site), object, key), "value");
  }

  // --- functions ---

  private functionBody(
    node: ts.Block | ts.Expression,
    owner: ts.FunctionLikeDeclaration,
  ): ts.VisitResult<ts.Node> {
    if (!needsFrame(owner)) return ts.isBlock(node) ? this.each(node) : this.visitKind(node);
    const outer = this.within;
    const site = this.functionSite(owner);
    this.within = site;
    const updated = ts.isBlock(node) ? this.each(node) : this.expression2(node);
    this.within = outer;
    return this.framed(site, owner, updated);
  }

  private expression2(node: ts.Expression): ts.Expression {
    return this.visitKind(node) as ts.Expression;
  }

  private functionSite(owner: ts.FunctionLikeDeclaration): number {
    const named = owner.name ?? owner;
    const start = this.start(named);
    const end = owner.name?.end ?? Math.min(owner.body!.pos, start + 1);
    const range = this.positions.range(start, Math.max(end, start));
    const text = this.positions.text(this.start(owner), owner.body!.pos);
    return this.site("function", range, text, functionName(owner), { extent: this.rangeOf(owner) });
  }

  private framed(site: number, owner: ts.FunctionLikeDeclaration, body: ts.Block | ts.Expression): ts.Block {
    const { f } = this;
    const entry: Member =
      "asteriskToken" in owner && owner.asteriskToken !== undefined && !isAsync(owner)
        ? "enterGenerator"
        : isAsync(owner)
          ? "enterAsync"
          : "enter";
    const inner = ts.isBlock(body) ? [...body.statements] : [this.returning(body)];
    const directives: ts.Statement[] = [];
    while (inner.length > 0 && isDirective(inner[0]!)) directives.push(inner.shift()!);
    const block = f.createBlock(inner, ts.isBlock(body));
    const leave = f.createBlock([this.statement(this.probe("exit", this.scope()))], false);
    const statements = [
      ...directives,
      this.declareScope(this.probe(entry, this.id(site))),
      f.createTryStatement(block, undefined, leave),
    ];
    if (ts.isBlock(body)) return f.updateBlock(body, statements);
    return f.createBlock(statements, false);
  }

  private returning(expression: ts.Expression): ts.Statement {
    return ts.setTextRange(this.f.createReturnStatement(expression), expression);
  }

  // --- suspension ---

  private awaited(node: ts.AwaitExpression): ts.Expression {
    const updated = this.each(node);
    const promise = this.probe("suspend", this.scope(), updated.expression);
    const waiting = this.f.updateAwaitExpression(updated, promise);
    return quotesSource(node) ? waiting : this.probe("resume", this.scope(), waiting);
  }

  private yielded(node: ts.YieldExpression): ts.Expression {
    const { f } = this;
    const updated = this.each(node);
    if (node.asteriskToken !== undefined) {
      const handOver = f.createComma(this.probe("yielding", this.scope()), updated);
      return this.probe("yielded", this.scope(), f.createParenthesizedExpression(handOver));
    }
    const value = updated.expression ?? f.createVoidZero();
    const waiting = f.updateYieldExpression(updated, undefined, this.probe("yielding", this.scope(), value));
    return quotesSource(node)
      ? f.createParenthesizedExpression(waiting)
      : this.probe("yielded", this.scope(), waiting);
  }

  private catchClause(node: ts.CatchClause): ts.Node {
    const updated = this.each(node);
    return this.f.updateCatchClause(updated, updated.variableDeclaration, this.handling(updated.block));
  }

  private tryStatement(node: ts.TryStatement): ts.Node {
    const updated = this.each(node);
    if (updated.finallyBlock === undefined) return updated;
    const last = this.handling(updated.finallyBlock);
    return this.f.updateTryStatement(updated, updated.tryBlock, updated.catchClause, last);
  }

  private handling(block: ts.Block): ts.Block {
    const back = this.statement(this.probe("back", this.scope()));
    return this.f.updateBlock(block, [back, ...block.statements]);
  }

  // --- loops ---

  private loop(node: ts.IterationStatement): ts.Node {
    const updated = this.loopAlone(node);
    return this.enclosed(node, updated);
  }

  private loopAlone(node: ts.IterationStatement): ts.Statement {
    const keyword = this.start(node);
    const name = loopName(node);
    const length = name === "while" ? 5 : name === "do" ? 2 : 3;
    const text = this.positions.text(keyword, ts.isDoStatement(node) ? node.end : node.statement.pos);
    const range = this.positions.range(keyword, keyword + length);
    const site = this.site("loop", range, text, name, { extent: this.rangeOf(node) });
    this.loopSites.set(node, site);
    const outer = this.within;
    this.within = site;
    const updated = this.each(node);
    this.within = outer;
    return updated;
  }

  private enclosed(loop: ts.IterationStatement, statement: ts.Statement): ts.Node {
    const statements = [this.declareScope(this.probe("loop", this.id(this.loopSites.get(loop)!)))];
    if (isForAwait(loop)) statements.push(this.statement(this.probe("suspend", this.scope())));
    statements.push(statement, this.statement(this.probe("leave", this.scope())));
    return this.f.createBlock(statements, true);
  }

  private loopBody(node: ts.Statement, loop: ts.IterationStatement): ts.Node {
    const { f } = this;
    const visited = ts.visitNode(
      node,
      (each) => this.visitKind(each),
      ts.isStatement,
      (nodes) => f.createBlock(nodes as readonly ts.Statement[]),
    );
    const inner =
      visited !== undefined && ts.isBlock(visited) ? [...visited.statements] : visited ? [visited] : [];
    const begin = [this.statement(this.probe("iterate", this.scope())), ...this.iterationNames(loop)];
    const body = isForAwait(loop)
      ? [
          f.createTryStatement(
            f.createBlock([...begin, ...inner], true),
            undefined,
            f.createBlock([this.statement(this.probe("suspend", this.scope()))]),
          ),
        ]
      : [...begin, ...inner];
    return ts.isBlock(node) && visited !== undefined && ts.isBlock(visited)
      ? f.updateBlock(visited, body)
      : f.createBlock(body, true);
  }

  private iterationNames(loop: ts.IterationStatement): ts.Statement[] {
    if (!ts.isForOfStatement(loop)) return [];
    const head = loop.initializer;
    if (ts.isVariableDeclarationList(head)) {
      return head.declarations.flatMap((each) =>
        this.bindElements(each.name, declarationKind(head)).map((e) => this.statement(e)),
      );
    }
    if (!ts.isIdentifier(head)) return [];
    const site = this.bindingSite(head, head.text, "assignment");
    return [this.statement(this.probe("bind", this.id(site), this.reading(head)))];
  }

  private labeled(node: ts.LabeledStatement): ts.VisitResult<ts.Node> {
    let inner: ts.Statement = node;
    while (ts.isLabeledStatement(inner)) inner = inner.statement;
    if (!isLoop(inner)) {
      const updated = this.each(node);
      if (!containsLoop(inner) || ts.isLabeledStatement(node.parent)) return updated;
      return [updated, this.statement(this.probe("back", this.scope()))];
    }
    const labels: ts.LabeledStatement[] = [];
    for (let each: ts.Statement = node; ts.isLabeledStatement(each); each = each.statement) labels.push(each);
    let result = this.loopAlone(inner);
    for (const each of labels.reverse()) result = this.f.updateLabeledStatement(each, each.label, result);
    return this.enclosed(inner, result);
  }
}

// --- shapes of nodes ---

function freePrefix(text: string, file: ts.SourceFile): string {
  // Identifiers may be written with escapes, so the parser's own table of them is asked too where it has one.
  const identifiers = (file as { identifiers?: ReadonlyMap<string, string> }).identifiers;
  const escaped = text.includes("\\u") && identifiers !== undefined ? [...identifiers.keys()] : [];
  for (let i = 0; ; i++) {
    const prefix = i === 0 ? "__gw_" : `__gw${i}_`;
    if (!text.includes(prefix) && !escaped.some((each) => each.startsWith(prefix))) return prefix;
  }
}

function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

function isAmbient(node: ts.Node): boolean {
  if (!ts.canHaveModifiers(node)) return false;
  return (
    node.modifiers?.some(
      (each) =>
        each.kind === ts.SyntaxKind.DeclareKeyword ||
        (each.kind === ts.SyntaxKind.AbstractKeyword && !ts.isClassLike(node)),
    ) ?? false
  );
}

function isFunctionBody(node: ts.Node, parent: ts.Node | undefined): parent is ts.FunctionLikeDeclaration {
  return (
    parent !== undefined && ts.isFunctionLike(parent) && (parent as ts.FunctionLikeDeclaration).body === node
  );
}

function isLoop(node: ts.Node | undefined): node is ts.IterationStatement {
  return node !== undefined && ts.isIterationStatement(node, false);
}

function isForAwait(node: ts.Node): boolean {
  return ts.isForOfStatement(node) && node.awaitModifier !== undefined;
}

function isAsync(node: ts.FunctionLikeDeclaration): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (node.modifiers?.some((each) => each.kind === ts.SyntaxKind.AsyncKeyword) ?? false)
  );
}

function isPlain(argument: ts.Expression): boolean {
  return !ts.isSpreadElement(argument);
}

function isPattern(node: ts.Expression): boolean {
  const inner = unwrapped(node);
  return ts.isArrayLiteralExpression(inner) || ts.isObjectLiteralExpression(inner);
}

/** `require("x")` and `Object.defineProperty(exports, …)`, which tools that look for them must still find. */
function isLoaderCall(node: ts.CallExpression): boolean {
  const [first] = node.arguments;
  if (ts.isIdentifier(node.expression) && node.expression.text === "require")
    return first !== undefined && ts.isStringLiteralLike(first);
  return (
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "defineProperty" &&
    first !== undefined &&
    ts.isIdentifier(first) &&
    first.text === "exports"
  );
}

/** Whether the node is what a further link of an optional chain hangs on. */
function isInsideOptionalChain(node: ts.Node): boolean {
  let child = node;
  while (ts.isNonNullExpression(child.parent)) child = child.parent;
  const parent = child.parent;
  return (
    (parent.flags & ts.NodeFlags.OptionalChain) !== 0 &&
    (parent as { expression?: ts.Node }).expression === child
  );
}

/** Whether the access is used as a place: assigned, updated, deleted, or called. */
function isReference(node: ts.Expression): boolean {
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

/** Whether the expression has an await or yield whose result can't be wrapped, because V8 may quote it. */
function resumesInCallee(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node) || ts.isYieldExpression(node)) return quotesSource(node);
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, resumesInCallee) ?? false;
}

function containsLoop(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return false;
  return isLoop(node) || (ts.forEachChild(node, containsLoop) ?? false);
}

/** Whether anything in the function can run an operation, hang, or change the scope. */
function needsFrame(owner: ts.FunctionLikeDeclaration): boolean {
  return runsCode(owner.body!);
}

function runsCode(node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.CallExpression:
    case ts.SyntaxKind.NewExpression:
    case ts.SyntaxKind.TaggedTemplateExpression:
    case ts.SyntaxKind.AwaitExpression:
    case ts.SyntaxKind.YieldExpression:
    case ts.SyntaxKind.TryStatement:
      return true;
    case ts.SyntaxKind.PropertyAccessExpression:
      if (PROPERTIES_THAT_RUN.has((node as ts.PropertyAccessExpression).name.text)) return true;
      break;
  }
  if (isLoop(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, runsCode) ?? false;
}

function declarationKind(list: ts.VariableDeclarationList): "const" | "let" | "var" | "using" {
  if (
    (list.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using ||
    (list.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing
  )
    return "using";
  if ((list.flags & ts.NodeFlags.Const) !== 0) return "const";
  return (list.flags & ts.NodeFlags.Let) !== 0 ? "let" : "var";
}

function loopName(node: ts.IterationStatement): string {
  if (ts.isForOfStatement(node)) return node.awaitModifier === undefined ? "for…of" : "for await";
  if (ts.isForInStatement(node)) return "for…in";
  if (ts.isForStatement(node)) return "for";
  return ts.isDoStatement(node) ? "do" : "while";
}

function nameNode(callee: ts.Expression): ts.Node | null {
  const inner = unwrapped(callee);
  if (ts.isPropertyAccessExpression(inner)) return inner.name;
  if (ts.isIdentifier(inner) || inner.kind === ts.SyntaxKind.SuperKeyword) return inner;
  return null;
}

function functionName(owner: ts.FunctionLikeDeclaration): string | null {
  if (ts.isConstructorDeclaration(owner))
    return owner.parent.name === undefined ? "constructor" : `new ${owner.parent.name.text}`;
  if (owner.name !== undefined) return ts.isComputedPropertyName(owner.name) ? null : owner.name.getText();
  let child: ts.Node = owner;
  while (
    ts.isParenthesizedExpression(child.parent) ||
    ts.isAsExpression(child.parent) ||
    ts.isSatisfiesExpression(child.parent)
  )
    child = child.parent;
  const parent = child.parent;
  if (
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent)
  ) {
    return ts.isIdentifier(parent.name) ||
      ts.isPrivateIdentifier(parent.name) ||
      ts.isStringLiteral(parent.name)
      ? parent.name.text
      : null;
  }
  if (
    ts.isBinaryExpression(parent) &&
    parent.right === child &&
    isAssignmentOperator(parent.operatorToken.kind)
  ) {
    return ts.isIdentifier(parent.left)
      ? parent.left.text
      : ts.isPropertyAccessExpression(parent.left)
        ? parent.left.name.text
        : null;
  }
  return null;
}
