/** @file A program as the rules read it: its names, its tensors, and what may be done to them out of sight. */
import ts from "typescript";
import { noGradAround } from "../fixes/names.js";
import { calledName, type ProgramText, receiverOf } from "../fixes/text.js";
import { unwrapped } from "../shapes.js";
import { Names } from "./names.js";
import { type TensorFacts, Tensors } from "./tensors.js";

/** What changes the rules for a whole program: nothing is certain in one that does it. */
const RULES =
  /\b(set_grad_enabled|inference_mode|set_default_dtype|saved_tensors_hooks|eval|Function)\s*\(|\.requires_grad\s*=[^=]|\.data\s*=[^=]/;
/** Methods that make another kind of tensor of the one that they are called on. */
const REMAKING = [
  "requires_grad_",
  "detach_",
  "set_",
  "resize_",
  "squeeze_",
  "unsqueeze_",
  "t_",
  "transpose_",
];
const IN_PLACE = /[a-z0-9]_$/;

export class Program {
  readonly names: Names;
  readonly tensors: Tensors;
  /** Names that are handed to code which may do anything with them. */
  private readonly escaped = new Set<string>();
  /** Names whose tensor something is written to. */
  private readonly written = new Set<string>();
  private readonly remade = new Set<string>();
  /** A declaration with `using`, which may switch recording off for the rest of its block. */
  private disposes = false;
  /** Some tensor is given a gradient, or none, by hand. */
  readonly assignsGradients: boolean;
  /** Nothing can be said of any tensor. */
  readonly opaque: boolean;

  constructor(readonly text: ProgramText) {
    this.names = new Names(text);
    this.tensors = new Tensors(text, this.names, (declaration, facts) => this.isAltered(declaration, facts));
    this.visit(text.tree);
    this.assignsGradients = /\.grad\s*=[^=]/.test(text.tree.text);
    this.opaque =
      text.library === null || this.disposes || RULES.test(text.tree.text) || this.remakesUnseen();
  }

  private visit(node: ts.Node): void {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) this.call(node);
    if (ts.isVariableDeclarationList(node))
      this.disposes ||= (node.flags & ts.NodeFlags.Using) === ts.NodeFlags.Using;
    const literal =
      ts.isArrayLiteralExpression(node) || ts.isSpreadElement(node) || ts.isReturnStatement(node);
    if (literal) ts.forEachChild(node, (child) => this.escape(child));
    if (ts.isPropertyAssignment(node)) this.escape(node.initializer);
    if (ts.isShorthandPropertyAssignment(node)) this.escape(node.name);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      this.escape(node.right);
    if (ts.isExportSpecifier(node)) this.escaped.add((node.propertyName ?? node.name).text);
    ts.forEachChild(node, (child) => this.visit(child));
  }

  private call(node: ts.CallExpression | ts.NewExpression): void {
    const receiver = receiverOf(node);
    const name = calledName(node);
    const changes = IN_PLACE.test(name);
    if (changes && receiver !== null) {
      // The first argument of a function of the library, else what the method is called on.
      const target = this.text.isLibrary(receiver) ? node.arguments?.[0] : receiver;
      const inner = target && unwrapped(target);
      if (inner && ts.isIdentifier(inner))
        (REMAKING.includes(name) ? this.remade : this.written).add(inner.text);
    }
    const known =
      receiver !== null &&
      (this.text.isLibrary(receiver) || KNOWN.has(name) || /^console$/.test(this.text.textOf(receiver)));
    if (!known) for (const arg of node.arguments ?? []) this.escape(arg);
  }

  private escape(node: ts.Node): void {
    const inner = ts.isExpression(node) ? unwrapped(node) : node;
    if (ts.isIdentifier(inner)) this.escaped.add(inner.text);
  }

  /** A tensor without a name of its own, or one that a function is given, is turned into another kind. */
  private remakesUnseen(): boolean {
    return REMAKING.some((method) =>
      this.names.callsOf(method).some((call) => {
        const receiver = receiverOf(call);
        const inner = receiver === null ? null : unwrapped(receiver);
        if (inner !== null && ts.isIdentifier(inner)) return !this.isOwn(inner);
        // `torch.randn(3).requires_grad_()`, before anything else knows the tensor.
        return inner === null || !ts.isCallExpression(inner);
      }),
    );
  }

  /** The name stands for a tensor that was made for it, and is no second name of another. */
  private isOwn(name: ts.Identifier): boolean {
    const initializer = this.names.variable(name)?.initializer;
    if (initializer === undefined || ts.isIdentifier(unwrapped(initializer))) return false;
    return this.tensors.of(initializer) !== null;
  }

  private isAltered(declaration: ts.VariableDeclaration, facts: TensorFacts): boolean {
    const name = (declaration.name as ts.Identifier).text;
    if (this.remade.has(name)) return true;
    const parameter = facts.leaf && facts.requiresGrad === true;
    // A leaf that requires grad stays one, whatever is written to it; others take part in what they are given.
    if (parameter) return this.escaped.has(name) && this.names.importsOthers;
    return (
      this.written.has(name) || this.writesUnseen || (this.escaped.has(name) && this.names.importsOthers)
    );
  }

  private unseen: boolean | null = null;

  /** A tensor is written to, outside of `no_grad`, that may be a view of another, or another by a second name. */
  private get writesUnseen(): boolean {
    if (this.unseen !== null) return this.unseen;
    // Taken for granted while it is being found out.
    this.unseen = true;
    const writes = [...this.names.methods]
      .filter((name) => IN_PLACE.test(name) && !REMAKING.includes(name))
      .flatMap((name) => [...this.names.callsOf(name)]);
    this.unseen = writes.some((call) => !this.isHarmless(call));
    return this.unseen;
  }

  /** Under `no_grad`, of a gradient, or of a leaf that requires grad, which throws. */
  private isHarmless(call: ts.CallExpression): boolean {
    const receiver = unwrapped(receiverOf(call)!);
    if (noGradAround(this.text, call) !== null) return true;
    if (this.text.isLibrary(receiver)) return !ts.isIdentifier(receiver);
    if (ts.isPropertyAccessExpression(receiver)) return receiver.name.text === "grad";
    const initializer = ts.isIdentifier(receiver) ? this.names.variable(receiver)?.initializer : undefined;
    const facts = initializer === undefined ? null : this.tensors.of(initializer);
    return facts?.leaf === true && facts.requiresGrad === true;
  }

  /** The file calls a method of this name. */
  has(method: string): boolean {
    return this.names.callsOf(method).length > 0;
  }
}

/** Methods that only look at their arguments, or keep them. */
const KNOWN: ReadonlySet<string> = new Set(
  "push add sub mul div matmul mm dot pow backward log info warn error mse_loss equal allclose".split(" "),
);
