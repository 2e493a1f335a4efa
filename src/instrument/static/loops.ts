/** @file Loops that learn: gradients that nobody clears, losses that are kept with their graphs. */
import ts from "typescript";
import * as fixes from "../fixes/gradients.js";
import { noGradAround } from "../fixes/names.js";
import { growing, type Kept, keptInLoops, withoutGraph } from "../fixes/retained.js";
import { calledName, receiverOf } from "../fixes/text.js";
import { unwrapped } from "../shapes.js";
import { say } from "../words.js";
import { type Finding, type MakeRule, relatedTo } from "./finding.js";
import type { Program } from "./program.js";
import { callStatement } from "./straight.js";

/** What moves leaves by their gradients, with the names of what it moves. */
interface Update {
  readonly call: ts.CallExpression;
  readonly leaves: readonly string[];
  /** Names that the loss has to depend on: the leaves, or the model whose parameters they are. */
  readonly owners: readonly string[];
}

/** What may clear a gradient, or keep one from coming. */
const CLEARING = "zero_grad zero_ fill_ requires_grad_ detach detach_ register_hook apply copy_ mul_".split(
  " ",
);

export const uncleared: MakeRule = (program) => (statement, stretch) => {
  const { text, names } = program;
  const call = callStatement(statement);
  if (call === null || calledName(call) !== "backward" || !stretch.repeated) return [];
  if (names.importsOthers || CLEARING.some((name) => program.has(name)) || program.assignsGradients)
    return [];
  const at = stretch.statements.indexOf(statement);
  const updates = stretch.statements.slice(at + 1).flatMap((each) => updatesOf(each, program));
  const behind = namesBehind(call, program);
  const moved = updates.filter(
    ({ owners }) => owners.length > 0 && owners.every((owner) => behind.has(owner)),
  );
  const twice = stretch.statements.filter((each) => passIn(each)).length !== 1;
  if (moved.length === 0 || twice) return [];
  const leaves = [...new Set(moved.flatMap((update) => update.leaves))];
  const [update] = moved;
  const name = leaves[0] ?? "leaf";
  return [
    {
      code: "accumulated-without-zero",
      words: say(
        "Nothing in this loop clears the gradients, so each backward() adds to those of the step before. Clear them in each step: {0}.grad.zero_(), {0}.grad = null or optimizer.zero_grad().",
        name,
      ),
      range: text.rangeOf(call),
      related: [relatedTo(text, update!.call, say("updated here with the gradient left in place"))],
      fixes: fixes.clearGradients(
        text,
        text.rangeOf(call),
        leaves,
        moved.map((each) => text.rangeOf(each.call)),
      ),
    },
  ];
};

function passIn(statement: ts.Statement): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    found ||= ts.isCallExpression(node) && calledName(node) === "backward";
    ts.forEachChild(node, visit);
  };
  visit(statement);
  return found;
}

function updatesOf(statement: ts.Statement, program: Program): Update[] {
  const call = callStatement(statement);
  if (call === null) return [];
  const receiver = receiverOf(call);
  if (calledName(call) === "step" && call.arguments.length === 0 && receiver !== null) {
    const inner = unwrapped(receiver);
    const made = ts.isIdentifier(inner) ? program.names.variable(inner)?.initializer : undefined;
    const owners = made === undefined ? null : optimized(made, program);
    return owners === null ? [] : [{ call, ...owners }];
  }
  const quiet = receiver !== null && program.text.isLibrary(receiver) && calledName(call) === "no_grad";
  return quiet ? writesIn(call, program) : [];
}

/** What an optimiser was made for. */
function optimized(made: ts.Expression, { text, names, tensors }: Program): Omit<Update, "call"> | null {
  const node = unwrapped(made);
  if (!ts.isNewExpression(node) || !text.isLibrary(node.expression) || calledName(node) === "LBFGS")
    return null;
  if (!/\.optim\.\w+$/.test(text.textOf(node.expression))) return null;
  const [of] = node.arguments ?? [];
  const params = of && unwrapped(of);
  if (params && ts.isArrayLiteralExpression(params)) {
    const leaves = params.elements.filter(ts.isIdentifier);
    const known = leaves.filter((each) => {
      const facts = tensors.of(each);
      return facts?.leaf === true && facts.requiresGrad === true;
    });
    const list = known.map((each) => each.text);
    return known.length === params.elements.length ? { leaves: list, owners: list.slice(0, 1) } : null;
  }
  const receiver = params && ts.isCallExpression(params) ? receiverOf(params) : null;
  const model = receiver === null ? null : unwrapped(receiver);
  if (!model || !ts.isIdentifier(model) || calledName(params as ts.CallExpression) !== "parameters")
    return null;
  return names.variable(model) === null ? null : { leaves: [], owners: [model.text] };
}

/** `torch.no_grad(() => w.sub_(w.grad!.mul(…)))` */
function writesIn(quiet: ts.CallExpression, { text, tensors }: Program): Update[] {
  const found: Update[] = [];
  const visit = (node: ts.Node): void => {
    const branches =
      ts.isIfStatement(node) || ts.isConditionalExpression(node) || ts.isIterationStatement(node, false);
    if (branches) return;
    if (
      ts.isCallExpression(node) &&
      ["sub_", "add_"].includes(calledName(node)) &&
      noGradAround(text, node) === quiet
    ) {
      const receiver = receiverOf(node);
      const inner = receiver === null ? null : unwrapped(receiver);
      const facts = inner === null ? null : tensors.of(inner);
      if (inner && ts.isIdentifier(inner) && facts?.leaf && facts.requiresGrad === true)
        found.push({ call: node, leaves: [inner.text], owners: [inner.text] });
    }
    ts.forEachChild(node, visit);
  };
  visit(quiet);
  return found;
}

/** Names that a root was computed from, by way of the variables that are bound on the way. */
function namesBehind(call: ts.CallExpression, { names }: Program): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isIdentifier(node) && !found.has(node.text)) {
      found.add(node.text);
      const initializer = names.variable(node)?.initializer;
      if (initializer !== undefined) visit(initializer);
    }
    // What comes of these has no gradient.
    const cut =
      ts.isCallExpression(node) && ["item", "tolist", "numpy", "no_grad"].includes(calledName(node));
    if (!cut) ts.forEachChild(node, visit);
  };
  const receiver = receiverOf(call);
  if (receiver !== null) visit(receiver);
  return found;
}

export const retained: MakeRule = (program) => {
  const { text } = program;
  const all = keptInLoops(text);
  return (statement, stretch) => {
    const call = callStatement(statement);
    const receiver = call === null || calledName(call) !== "backward" ? null : receiverOf(call);
    const root = receiver === null ? null : unwrapped(receiver);
    if (root === null || !ts.isIdentifier(root) || !stretch.repeated || stretch.loop === null) return [];
    const loop = text.rangeOf(stretch.loop);
    const declared = program.names.variable(root);
    if (declared === null) return [];
    const place = text.rangeOf(declared.name);
    return all
      .filter((kept) => kept.loop.line === loop.line && kept.declared.line === place.line)
      .filter((kept) => kept.name === root.text && keepsAll(kept, program))
      .map((kept): Finding => {
        const scalar = call!.arguments.length === 0;
        return {
          code: "graph-retained-in-list",
          words: growing(kept, scalar),
          range: kept.range,
          related: [relatedTo(text, declared.name, say("{0} is made here, with its graph", kept.name))],
          fixes: withoutGraph(text, kept, scalar),
        };
      });
  };
};

const SHRINKING = ["pop", "shift", "splice", "clear", "delete"];

/** The keeper is a list, or a running total, that only grows. */
function keepsAll({ keeper, how }: Kept, { text, names, tensors }: Program): boolean {
  let declaration: ts.VariableDeclaration | null = null;
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === keeper)
      declaration = node;
    ts.forEachChild(node, visit);
  };
  visit(text.tree);
  const initializer = (declaration as ts.VariableDeclaration | null)?.initializer;
  if (initializer === undefined) return false;
  if (how === "total") return tensors.of(initializer) !== null && names.assignmentsTo(keeper).length === 1;
  const shrinks =
    SHRINKING.some((name) => names.callsOf(name).length > 0) || /\.length\s*=[^=]/.test(text.tree.text);
  return (
    ts.isArrayLiteralExpression(unwrapped(initializer)) &&
    names.assignmentsTo(keeper).length === 0 &&
    !shrinks
  );
}
