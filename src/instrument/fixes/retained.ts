/** @file Losses that a loop keeps together with their graphs: in a list, or in a running total. */
import ts from "typescript";
import type { Range } from "../sites.js";
import { say, type Words } from "../words.js";
import { callMethod } from "./edits.js";
import type { QuickFix } from "./gradients.js";
import { declarationOf } from "./names.js";
import { calledName, loopOf, type ProgramText, receiverOf } from "./text.js";

/** A place where a tensor outlives the iteration that made it. */
export interface Kept {
  /** Of the call or assignment that keeps it. */
  readonly range: Range;
  /** The name of what is kept, as its binding has it. */
  readonly name: string;
  /** Where that name is declared: 1-based. */
  readonly declared: { readonly line: number; readonly column: number };
  /** What keeps it: `losses`, `total`. */
  readonly keeper: string;
  readonly how: "list" | "total";
  /** Lines of the loop. */
  readonly loop: { readonly line: number; readonly endLine: number };
  readonly expression: ts.Identifier;
}

/** Whatever the text keeps by name from a loop's iterations; whether it is a tensor, the run must tell. */
export function keptInLoops(text: ProgramText): Kept[] {
  const found: Kept[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found.push(...pushed(text, node));
    if (ts.isBinaryExpression(node)) found.push(...assigned(text, node));
    ts.forEachChild(node, visit);
  };
  visit(text.tree);
  return found;
}

/** `losses.push(loss)` */
function pushed(text: ProgramText, call: ts.CallExpression): Kept[] {
  const receiver = receiverOf(call);
  if (receiver === null || !["push", "unshift"].includes(calledName(call))) return [];
  return call.arguments.flatMap((arg) => kept(text, call, receiver, arg, "list"));
}

/** `losses[i] = loss`, `total = total.add(loss)` */
function assigned(text: ProgramText, node: ts.BinaryExpression): Kept[] {
  if (node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return [];
  if (ts.isElementAccessExpression(node.left))
    return kept(text, node, node.left.expression, node.right, "list");
  const { right } = node;
  if (!ts.isCallExpression(right) || calledName(right) !== "add") return [];
  const receiver = receiverOf(right);
  if (receiver === null || text.textOf(receiver) !== text.textOf(node.left)) return [];
  return right.arguments.flatMap((arg) => kept(text, right, node.left, arg, "total"));
}

function kept(
  text: ProgramText,
  at: ts.Node,
  keeper: ts.Expression,
  value: ts.Node,
  how: Kept["how"],
): Kept[] {
  if (!ts.isIdentifier(value)) return [];
  const made = declarationOf(at, value.text);
  const loop = made === null ? null : loopOf(made);
  // A name of an outer scope is not this iteration's; one of the loop's own keeper dies with the iteration.
  if (made === null || loop === null || loopOf(at) === null || outlivesNot(keeper, loop)) return [];
  const range = text.rangeOf(at);
  const { line, column } = text.rangeOf(made.name);
  const { line: first, endLine } = text.rangeOf(loop);
  const base = { range, name: value.text, declared: { line, column }, keeper: text.textOf(keeper), how };
  return [{ ...base, loop: { line: first, endLine }, expression: value }];
}

/** Whether what keeps the value is itself declared inside of the loop. */
function outlivesNot(keeper: ts.Expression, loop: ts.Node): boolean {
  let root: ts.Expression = keeper;
  while (ts.isPropertyAccessExpression(root) || ts.isElementAccessExpression(root)) root = root.expression;
  if (root.kind === ts.SyntaxKind.ThisKeyword) return false;
  if (!ts.isIdentifier(root)) return true;
  const declared = declarationOf(keeper, root.text);
  return declared !== null && declared.pos >= loop.pos && declared.end <= loop.end;
}

/** What is told of it. */
export function growing({ keeper, name, how }: Kept, scalar: boolean): Words {
  if (how === "total") {
    return say(
      "{0} strings together the graphs of all iterations, so memory grows with each. Keep the value alone: {1}.detach().",
      keeper,
      name,
    );
  }
  return scalar
    ? say(
        "{0} keeps {1} of every iteration together with its whole graph, so memory grows with each. Keep the value alone: {1}.item() or {1}.detach().",
        keeper,
        name,
      )
    : say(
        "{0} keeps {1} of every iteration together with its whole graph, so memory grows with each. Keep the value alone: {1}.detach().",
        keeper,
        name,
      );
}

/** The number alone, or the tensor without its graph. */
export function withoutGraph(text: ProgramText, { expression, how }: Kept, scalar: boolean): QuickFix[] {
  const methods = scalar && how === "list" ? ["detach", "item"] : ["detach"];
  return methods.map((name) => ({
    title:
      name === "item" ? say("Keep the number alone: .item()") : say("Keep it without its graph: .detach()"),
    edits: callMethod(text, expression, `${name}()`),
  }));
}
