/** @file Quick fixes of single calls: options, operands, what `backward()` is called on. */
import ts from "typescript";
import type { Range } from "../sites.js";
import { say, type Words } from "../words.js";
import { addOption, callMethod } from "./edits.js";
import type { QuickFix } from "./gradients.js";
import { calledName, operandsOf, type ProgramText, receiverOf } from "./text.js";

/** `{ retain_graph: true }` for the pass that freed the graph. */
export function retainGraph(text: ProgramText, backward: Range): QuickFix[] {
  const call = text.callOf(backward);
  if (call === null) return [];
  return [
    {
      title: say("Keep the graph: retain_graph on line {0}", text.lineOf(call)),
      edits: addOption(text, call, "retain_graph", "true"),
    },
  ];
}

/** `autograd.grad` answers null for inputs that take no part. */
export function allowUnused(text: ProgramText, grad: Range): QuickFix[] {
  const call = text.callOf(grad);
  if (call === null) return [];
  return [
    {
      title: say("Take null for it: allow_unused: true"),
      edits: addOption(text, call, "allow_unused", "true"),
    },
  ];
}

/** `y.backward()` for a tensor of several elements: of its sum, of its mean, or with each element weighed. */
export function scalarRoot(text: ProgramText, backward: Range): QuickFix[] {
  const call = text.callOf(backward);
  const receiver = call === null ? null : receiverOf(call);
  const { library } = text;
  if (call === null || receiver === null || library === null) return [];
  const fixes: QuickFix[] = [
    {
      title: say("Walk back from its sum: .sum().backward()"),
      edits: callMethod(text, receiver, "sum()"),
    },
    {
      title: say("Walk back from its mean: .mean().backward()"),
      edits: callMethod(text, receiver, "mean()"),
    },
  ];
  const weights = `${library}.ones_like(${text.textOf(receiver)})`;
  const isName = ts.isIdentifier(receiver) || ts.isPropertyAccessExpression(receiver);
  if (isName && (call.arguments?.length ?? 0) === 0) {
    fixes.push({
      title: say("Weigh each element: backward({0})", weights),
      edits: [text.insert(call.end - 1, weights)],
    });
  }
  return fixes;
}

/** Saves a copy: of the operand at this place, or of the result where `operand` is null. */
export function saveClone(text: ProgramText, call: Range, operand: number | null): QuickFix[] {
  const node = text.callOf(call);
  if (node === null) return [];
  const target = operand === null ? node : operandsOf(text, node)[operand];
  if (target === undefined) return [];
  const title =
    operand === null
      ? say("Let backward keep a copy of the result of {0}: .clone()", calledName(node))
      : say("Let backward keep a copy: {0}.clone()", text.textOf(target));
  return [{ title, edits: callMethod(text, target, "clone()") }];
}

/** Calls a method on an operand before the call sees it: `x.clamp({ min: 1e-12 }).log()`. */
export function onOperand(
  text: ProgramText,
  call: Range,
  operand: number,
  method: string,
  title: Words,
): QuickFix[] {
  const node = text.callOf(call);
  const target = node === null ? undefined : operandsOf(text, node)[operand];
  return target === undefined ? [] : [{ title, edits: callMethod(text, target, method) }];
}

/** What an operand is called in the text, or null. */
export function operandText(text: ProgramText, call: Range, operand: number): string | null {
  const node = text.callOf(call);
  const target = node === null ? undefined : operandsOf(text, node)[operand];
  const name = target === undefined ? null : text.textOf(target);
  return name === null || name.length > 30 || name.includes("\n") ? null : name;
}

/** `requires_grad: true` taken away from the call that made a tensor. */
export function withoutRequiresGrad(text: ProgramText, made: Range): QuickFix[] {
  const call = text.callOf(made);
  const last = call?.arguments?.at(-1);
  if (!call || last === undefined || !ts.isObjectLiteralExpression(last)) return [];
  const option = last.properties.find(
    (each) => ts.isPropertyAssignment(each) && each.name.getText(text.tree) === "requires_grad",
  );
  if (option === undefined) return [];
  const title = say("Do not compute its gradient: remove requires_grad");
  if (last.properties.length > 1) {
    const kept = last.properties.filter((each) => each !== option).map((each) => text.textOf(each));
    return [{ title, edits: [text.replace(last, `{ ${kept.join(", ")} }`)] }];
  }
  const before = call.arguments!.at(-2);
  return [{ title, edits: [text.replaceSpan(before?.end ?? last.getStart(text.tree), last.end, "")] }];
}

/** Another activation in the place of a ReLU, which still lets a little through below 0. */
export function leakyRelu(text: ProgramText, call: Range): QuickFix[] {
  const node = text.callOf(call);
  const { library } = text;
  if (node === null || library === null) return [];
  const title = say("Let a little through below 0: leaky_relu");
  const callee = node.expression;
  const operand = operandsOf(text, node)[0];
  if (calledName(node) === "relu" && operand !== undefined) {
    const leaky = `${library}.nn.functional.leaky_relu(${text.textOf(operand)})`;
    return [{ title, edits: [text.replace(node, leaky)] }];
  }
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== "ReLU") return [];
  return [{ title, edits: [text.replace(callee.name, "LeakyReLU")] }];
}
