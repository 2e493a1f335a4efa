/** @file [n] against [n, 1], where the text tells both shapes. */
import ts from "typescript";
import { onOperand } from "../fixes/calls.js";
import { calledName, operandsOf } from "../fixes/text.js";
import { unwrapped } from "../shapes.js";
import { say } from "../words.js";
import type { Finding, MakeRule } from "./finding.js";
import { expressionsOf } from "./straight.js";

const PAIRED: ReadonlySet<string> = new Set(["add", "sub", "mul", "div", "mse_loss"]);

export const broadcasts: MakeRule = (program) => (statement) => {
  const { text, tensors } = program;
  const found: Finding[] = [];
  expressionsOf(statement, (node) => {
    if (!ts.isCallExpression(node) || !PAIRED.has(calledName(node))) return;
    const operands = operandsOf(text, node);
    const facts = operands.map((each) => (ts.isIdentifier(unwrapped(each)) ? tensors.of(each) : null));
    const [a, b] = facts;
    if (operands.length !== 2 || !a?.shape || !b?.shape) return;
    // Only what is recorded is told.
    if (a.requiresGrad !== true && b.requiresGrad !== true) return;
    const column = a.shape.length === 2 ? 0 : 1;
    const flat = facts[1 - column]!.shape!;
    const tall = facts[column]!.shape!;
    const n = flat[0] ?? 0;
    if (flat.length !== 1 || tall.length !== 2 || n < 2 || tall[0] !== n || tall[1] !== 1) return;
    const name = (operand: number) => text.textOf(operands[operand]!);
    const range = text.rangeOf(node);
    found.push({
      code: "broadcast-surprise",
      words: say(
        "[{0}] meets [{0}, 1] and becomes [{0}, {0}]: every element of {1} with every one of {2}, {3} pairs in place of {0}. Give both the same shape, e.g. {2}.squeeze(1).",
        n,
        name(1 - column),
        name(column),
        n * n,
      ),
      range,
      related: [],
      fixes: [
        ...onOperand(text, range, column, "squeeze(1)", say("Element by element: .squeeze(1) makes it [n]")),
        ...onOperand(
          text,
          range,
          1 - column,
          "unsqueeze(1)",
          say("Element by element: .unsqueeze(1) makes it [n, 1]"),
        ),
      ],
    });
  });
  return found;
};
