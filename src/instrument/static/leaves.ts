/** @file Leaves that the library refuses: integers that are to have a gradient, parameters that are written to. */
import ts from "typescript";
import * as fixes from "../fixes/gradients.js";
import { isFactory } from "../fixes/names.js";
import { calledName, receiverOf } from "../fixes/text.js";
import { unwrapped } from "../shapes.js";
import { say } from "../words.js";
import { calledRange, type Finding, type MakeRule } from "./finding.js";
import { expressionsOf } from "./straight.js";

const INTEGER = say(
  "An integer has no neighbourhood to take a derivative in: only floating point tensors can require grad.",
);

export const integers: MakeRule = (program) => (statement) => {
  const { text, tensors } = program;
  const found: Finding[] = [];
  expressionsOf(statement, (node) => {
    if (!isFactory(text, node)) return;
    const facts = tensors.of(node);
    if (facts === null || facts.floating !== false || facts.requiresGrad !== true) return;
    found.push({
      code: "why-no-grad",
      throws: true,
      words: INTEGER,
      range: calledRange(text, node),
      related: [],
      fixes: fixes.floatDtype(text, text.rangeOf(node), false),
    });
  });
  return found;
};

const WRITES: ReadonlySet<string> = new Set(
  "add_ sub_ mul_ div_ pow_ neg_ zero_ fill_ copy_ clamp_ exp_ sqrt_ relu_ sigmoid_ tanh_ normal_ uniform_".split(
    " ",
  ),
);

export const writtenLeaf: MakeRule = (program) => (statement) => {
  const { text, tensors } = program;
  const found: Finding[] = [];
  expressionsOf(statement, (node) => {
    if (!ts.isCallExpression(node) || !WRITES.has(calledName(node))) return;
    const receiver = receiverOf(node);
    if (receiver === null || !ts.isIdentifier(unwrapped(receiver))) return;
    const facts = tensors.of(receiver);
    if (facts === null || !facts.leaf || facts.requiresGrad !== true) return;
    found.push({
      code: "inplace-on-leaf",
      throws: true,
      words: say(
        "A leaf that requires grad is where gradients are collected; a recorded change of it would make it the result of an operation. Change it under no_grad, as an optimiser does.",
      ),
      range: calledRange(text, node),
      related: [],
      fixes: fixes.writeUnrecorded(text, text.rangeOf(node)),
    });
  });
  return found;
};
