/** @file Quick fixes for gradients that are missing, and for those that pile up. */
import ts from "typescript";
import { unwrapped } from "../shapes.js";
import type { Range } from "../sites.js";
import { say, type Words } from "../words.js";
import { addOption, callMethod, insertAfter, insertBefore, underNoGrad } from "./edits.js";
import { assignmentOf, factoriesBehind, isFactory, isInScope, namedBy, noGradAround } from "./names.js";
import { calledName, type Edit, loopOf, type ProgramText, receiverOf, statementOf } from "./text.js";

export interface QuickFix {
  readonly title: Words;
  readonly edits: readonly Edit[];
}

/** How a program asks for a gradient that is not there. */
export type GradRead =
  /** Asks whether there is one: `?.`, `??`, a comparison, a condition. */
  | "checked"
  /** Shows it inside of a text, where null is as good an answer as any. */
  | "shown"
  /** Hands it on as a value. */
  | "used"
  /** Goes on with it as if it were there: `w.grad!.mul(…)`. */
  | "needed";

/** How `….grad` at a place is read; "checked" where nothing can be said. */
export function gradReadAt(text: ProgramText, line: number, column: number): GradRead {
  const read = text.propertyAt(line, column, "grad");
  return read === null ? "checked" : gradRead(read);
}

/** How an expression that is known to read a gradient is read. */
export function gradRead(read: ts.Expression): GradRead {
  let node: ts.Node = read;
  while (
    ts.isParenthesizedExpression(node.parent) ||
    ts.isNonNullExpression(node.parent) ||
    ts.isAsExpression(node.parent)
  ) {
    node = node.parent;
  }
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) {
    return parent.questionDotToken === undefined ? "needed" : "checked";
  }
  if (ts.isTemplateSpan(parent)) return "shown";
  if (ts.isBinaryExpression(parent)) {
    return parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === node
      ? "used"
      : "checked";
  }
  const asked =
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isTypeOfExpression(parent) ||
    (ts.isConditionalExpression(parent) && parent.condition === node);
  return asked ? "checked" : "used";
}

/** The tensor's own text in a read of its gradient: `h` of `h.grad`. */
export function gradOwner(text: ProgramText, line: number, column: number): string | null {
  const read = text.propertyAt(line, column, "grad");
  return read === null ? null : text.textOf(read.expression);
}

/** `h.retain_grad()` after the statement that binds `h`. */
export function retainGrad(text: ProgramText, binding: Range, name: string): QuickFix[] {
  const at = text.nodeAt(binding);
  const statement = at === null ? null : statementOf(at);
  if (statement === null) return [];
  return [
    {
      title: say("Keep the gradient of {0}: {0}.retain_grad()", name),
      edits: insertAfter(text, statement, [`${name}.retain_grad();`]),
    },
  ];
}

/** `{ requires_grad: true }` for the call that made a tensor, or `.requires_grad_()` on what it made. */
export function requireGrad(text: ProgramText, made: Range): QuickFix[] {
  const call = text.callOf(made);
  return call === null ? [] : [requireGradOf(text, call)];
}

function requireGradOf(text: ProgramText, call: ts.CallExpression | ts.NewExpression): QuickFix {
  if (!isFactory(text, call)) {
    return {
      title: say("Let it require grad: .requires_grad_()"),
      edits: callMethod(text, call, "requires_grad_()"),
    };
  }
  return {
    title: say("Let {0} require grad", namedBy(text, call)),
    edits: addOption(text, call, "requires_grad", "true"),
  };
}

/** For `loss.backward()` where nothing behind the loss requires grad: each tensor that could. */
export function requireGradBehind(text: ProgramText, backward: Range): QuickFix[] {
  const call = text.callOf(backward);
  const receiver = call === null ? null : receiverOf(call);
  if (receiver === null) return [];
  return factoriesBehind(text, receiver).map((factory) => requireGradOf(text, factory));
}

/** A floating dtype, which a gradient can have, for the call that made integers. */
export function floatDtype(text: ProgramText, made: Range, alsoRequire: boolean): QuickFix[] {
  const call = text.callOf(made);
  const { library } = text;
  if (call === null || library === null || !isFactory(text, call)) return [];
  const dtype = addOption(text, call, "dtype", `${library}.float32`);
  const asks = /\brequires_grad\b/.test(text.textOf(call));
  const edits = alsoRequire && !asks ? appended(dtype, ", requires_grad: true") : dtype;
  return [{ title: say("Make {0} float32", namedBy(text, call)), edits }];
}

/** The text of one edit made longer, before the brace that may close it. */
function appended([edit]: readonly Edit[], more: string): Edit[] {
  return edit === undefined ? [] : [{ ...edit, text: edit.text.replace(/( \})?$/, `${more}$1`) }];
}

/** Takes `.detach()` away from where it was called. */
export function withoutDetach(text: ProgramText, detached: Range): QuickFix[] {
  const call = text.callOf(detached);
  const receiver = call === null ? null : receiverOf(call);
  if (call === null || receiver === null || calledName(call) !== "detach") return [];
  if (text.isLibrary(receiver)) return [];
  return [
    { title: say("Stay attached: remove .detach()"), edits: [text.replaceSpan(receiver.end, call.end, "")] },
  ];
}

/** Takes an expression out of `no_grad(() => …)`. */
export function recorded(text: ProgramText, made: Range): QuickFix[] {
  const call = text.callOf(made);
  const quiet = call === null ? null : noGradAround(text, call);
  const callback = quiet?.arguments[0];
  if (!quiet || callback === undefined || !ts.isArrowFunction(callback) || ts.isBlock(callback.body))
    return [];
  if (calledName(quiet) !== "no_grad") return [];
  return [
    {
      title: say("Record it: take it out of no_grad"),
      edits: [text.replace(quiet, text.textOf(callback.body))],
    },
  ];
}

/** The line on which `no_grad` was called around a call, or null where the text does not show it. */
export function noGradLine(text: ProgramText, made: Range): number | null {
  const call = text.callOf(made);
  const quiet = call === null ? null : noGradAround(text, call);
  return quiet === null ? null : text.lineOf(quiet);
}

/** The name that `w = w.sub(…)` takes away from a leaf; null where the call stands in no such assignment. */
export function overwrites(text: ProgramText, made: Range): string | null {
  const found = overwriting(text, made);
  return found === null ? null : text.textOf(found.assignment.left);
}

interface Overwriting {
  readonly assignment: ts.BinaryExpression;
  readonly call: ts.CallExpression;
  readonly receiver: ts.Expression;
}

function overwriting(text: ProgramText, made: Range): Overwriting | null {
  const call = text.callOf(made);
  if (call === null || !ts.isCallExpression(call)) return null;
  const assignment = assignmentOf(call);
  const receiver = receiverOf(call);
  if (assignment === null || receiver === null) return null;
  return text.textOf(unwrapped(receiver)) === text.textOf(assignment.left)
    ? { assignment, call, receiver }
    : null;
}

/** `w = w.sub(…)` becomes `w.sub_(…)`, under `no_grad` unless it is there already. */
export function updateInPlace(text: ProgramText, made: Range): QuickFix[] {
  const found = overwriting(text, made);
  const { library } = text;
  if (found === null || library === null) return [];
  const { assignment, call } = found;
  const args = text.tree.text.slice(call.expression.end, call.end);
  const inPlace = `${text.textOf(assignment.left)}.${calledName(call)}_${args}`;
  const edited = noGradAround(text, call) === null ? `${library}.no_grad(() => ${inPlace})` : inPlace;
  return [{ title: say("Update it in place: {0}", inPlace), edits: [text.replace(assignment, edited)] }];
}

/** What clears gradients in front of a backward call, or behind the updates where the names are not at hand. */
export function clearGradients(
  text: ProgramText,
  backward: Range,
  leaves: readonly string[],
  updates: readonly Range[],
): QuickFix[] {
  const call = text.callOf(backward);
  if (call === null) return [];
  const statement = statementOf(call);
  const optimizer = optimizerOf(text, call, updates);
  if (optimizer !== null && statement !== null) {
    const line = `${optimizer}.zero_grad();`;
    return [
      { title: say("Clear the gradients first: {0}", line), edits: insertBefore(text, statement, [line]) },
    ];
  }
  if (statement !== null && leaves.length > 0 && leaves.every((name) => isInScope(call, name))) {
    const lines = leaves.map((name) => `${name}.grad?.zero_();`);
    return [
      {
        title: say("Clear the gradients first: {0}", lines.join(" ")),
        edits: insertBefore(text, statement, lines),
      },
    ];
  }
  return clearAfterUpdates(text, updates);
}

/** `optimizer` where one of the updates is `optimizer.step()`. */
function optimizerOf(text: ProgramText, from: ts.Node, updates: readonly Range[]): string | null {
  for (const update of updates) {
    const call = text.callOf(update);
    const receiver = call === null ? null : receiverOf(call);
    if (call === null || receiver === null || calledName(call) !== "step") continue;
    const name = text.textOf(receiver);
    if (isInScope(from, name) || name.startsWith("this.")) return name;
  }
  return null;
}

function clearAfterUpdates(text: ProgramText, updates: readonly Range[]): QuickFix[] {
  const edits: Edit[] = [];
  const lines = new Set<string>();
  for (const update of updates) {
    const call = text.callOf(update);
    const receiver = call === null ? null : receiverOf(call);
    const statement = call === null ? null : statementOf(call);
    if (receiver === null || statement === null) continue;
    const line = `${text.textOf(receiver)}.grad!.zero_();`;
    if (lines.has(`${statement.pos} ${line}`)) continue;
    lines.add(`${statement.pos} ${line}`);
    edits.push(
      ...insertAfter(text, statement, [/\.[cm]?tsx?$/.test(text.fileName) ? line : line.replace("!", "")]),
    );
  }
  if (edits.length === 0) return [];
  return [{ title: say("Clear each gradient after its update: .grad.zero_()"), edits }];
}

/** `w.sub_(…)` under `no_grad`. */
export function writeUnrecorded(text: ProgramText, write: Range): QuickFix[] {
  const call = text.callOf(write);
  const edits = call === null ? null : underNoGrad(text, call);
  return edits === null ? [] : [{ title: say("Change it without recording: no_grad(() => { … })"), edits }];
}

/** Whether a backward call stands in a loop of its own function. */
export function isInLoop(text: ProgramText, call: Range): boolean {
  const node = text.callOf(call);
  return node !== null && loopOf(node) !== null;
}
