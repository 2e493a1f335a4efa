/** @file Reads of `.grad` that can only be null. */
import ts from "typescript";
import * as fixes from "../fixes/gradients.js";
import { type ProgramText, receiverOf } from "../fixes/text.js";
import { unwrapped } from "../shapes.js";
import { say } from "../words.js";
import { type Finding, type MakeRule, relatedTo } from "./finding.js";
import type { Program } from "./program.js";
import { expressionsOf, type Stretch } from "./straight.js";
import type { TensorFacts } from "./tensors.js";

interface Read {
  readonly node: ts.PropertyAccessExpression;
  readonly name: ts.Identifier;
  readonly severity: { readonly severity?: "information" };
}

export const nullGradients: MakeRule = (program) => (statement, stretch) => {
  const found: Finding[] = [];
  expressionsOf(statement, (node) => {
    const read = readOf(node);
    const finding = read && (overwritten(read, program, stretch) ?? ofVariable(read, program));
    if (finding) found.push(finding);
  });
  return found;
};

function readOf(node: ts.Expression): Read | null {
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== "grad") return null;
  const name = unwrapped(node.expression);
  if (!ts.isIdentifier(name) || node.questionDotToken !== undefined) return null;
  const how = fixes.gradRead(node);
  if (how === "checked" || how === "shown") return null;
  return { node, name, severity: how === "used" ? { severity: "information" } : {} };
}

/** Somebody gives it a gradient by hand, or tells it to keep one. */
function mayHaveOne(name: string, { names, assignsGradients }: Program): boolean {
  if (assignsGradients) return true;
  return names.callsOf("retain_grad").some((call) => {
    const inner = unwrapped(receiverOf(call)!);
    return !ts.isIdentifier(inner) || inner.text === name;
  });
}

function ofVariable(read: Read, program: Program): Finding | null {
  const { text, names, tensors } = program;
  const declaration = names.variable(read.name);
  const facts = tensors.of(read.name);
  if (declaration === null || facts === null || mayHaveOne(read.name.text, program)) return null;
  const told = reasonOf(read.name.text, facts, declaration, text);
  if (told === null) return null;
  return { code: "why-no-grad", ...read.severity, range: text.rangeOf(read.node), ...told };
}

type Reason = Pick<Finding, "words" | "related" | "fixes">;

function reasonOf(
  name: string,
  facts: TensorFacts,
  declaration: ts.VariableDeclaration,
  text: ProgramText,
): Reason | null {
  const made = relatedTo(text, facts.made, say("{0} was made here", name));
  const keep = fixes.retainGrad(text, text.rangeOf(declaration.name), name);
  if (facts.requiresGrad === true && !facts.leaf) {
    return {
      words: say(
        "{0}.grad is null: {0} is no leaf but the result of the operation on line {1}, and results let their gradient pass without keeping it. Tell it to keep it: {0}.retain_grad(), before backward().",
        name,
        text.lineOf(facts.made),
      ),
      related: [made],
      fixes: keep,
    };
  }
  if (facts.requiresGrad !== false) return null;
  if (facts.cut !== null) {
    const { how, at } = facts.cut;
    const range = text.rangeOf(at);
    const detached = how === "detached";
    const line = detached ? text.lineOf(at) : (fixes.noGradLine(text, range) ?? text.lineOf(at));
    const attached = detached ? fixes.withoutDetach(text, range) : fixes.recorded(text, range);
    return {
      words: detached
        ? say(
            "{0}.grad is null: {0} was detached from the graph on line {1}, so no gradient flows to it.",
            name,
            line,
          )
        : say(
            "{0}.grad is null: {0} was made under no_grad on line {1}, where nothing is recorded.",
            name,
            line,
          ),
      related: [relatedTo(text, at, detached ? say("detached here") : say("made without recording here"))],
      // Once it is attached, it is a result, and has to be told to keep its gradient.
      fixes: attached.map(({ title, edits }) => ({ title, edits: [...edits, ...(keep[0]?.edits ?? [])] })),
    };
  }
  return {
    words: say(
      "{0}.grad is null: {0} never asked for a gradient. Make it with { requires_grad: true }.",
      name,
    ),
    related: [made],
    fixes: fixes.requireGrad(text, text.rangeOf(facts.made)),
  };
}

/** `w = w.sub(w.grad!.mul(…))` in a loop: from the second iteration on, `w` is no leaf. */
function overwritten(read: Read, program: Program, { repeated, loop, statements }: Stretch): Finding | null {
  const { text, names, tensors } = program;
  const { name } = read;
  if (!repeated || loop === null || mayHaveOne(name.text, program)) return null;
  const declaration = names.rebindable(name);
  const leaf = declaration?.initializer ? tensors.of(declaration.initializer) : null;
  const [assignment, ...more] = names.assignmentsTo(name.text);
  const outside = declaration !== null && declaration.end <= loop.pos;
  if (!outside || leaf === null || !leaf.leaf || leaf.requiresGrad !== true || more.length > 0) return null;
  const direct = statements.some((each) => ts.isExpressionStatement(each) && each.expression === assignment);
  if (!direct || assignment === undefined || !ts.isBinaryExpression(assignment)) return null;
  const made = unwrapped(assignment.right);
  if (!ts.isCallExpression(made) || !OPERATIONS.has(callName(made))) return null;
  const range = text.rangeOf(made);
  if (fixes.overwrites(text, range) !== name.text) return null;
  return {
    code: "why-no-grad",
    ...read.severity,
    range: text.rangeOf(read.node),
    words: say(
      "{0}.grad is null: the assignment on line {1} put a new tensor in the place of the leaf {0}. Change the leaf itself, in place and under no_grad.",
      name.text,
      text.lineOf(made),
    ),
    related: [relatedTo(text, made, say("{0} stopped being a leaf here", name.text))],
    fixes: fixes.updateInPlace(text, range),
  };
}

const callName = (call: ts.CallExpression) =>
  ts.isPropertyAccessExpression(call.expression) ? call.expression.name.text : "";
const OPERATIONS: ReadonlySet<string> = new Set(["add", "sub", "mul", "div"]);
