/** @file `backward()` calls that can only fail: without a graph, of several elements, over a graph that was freed. */
import ts from "typescript";
import * as calls from "../fixes/calls.js";
import * as fixes from "../fixes/gradients.js";
import { calledName, receiverOf } from "../fixes/text.js";
import { say } from "../words.js";
import { calledRange, type Finding, type MakeRule, relatedTo } from "./finding.js";
import { flag, optionsOf } from "./literals.js";
import type { Program } from "./program.js";
import { callStatement, expressionsOf, type Stretch } from "./straight.js";
import type { TensorFacts } from "./tensors.js";

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** The call of `.backward()` on a tensor that is known, with what is known of it. */
function passOf(
  node: ts.Expression,
  program: Program,
): { call: ts.CallExpression; root: TensorFacts } | null {
  if (!ts.isCallExpression(node) || calledName(node) !== "backward") return null;
  const receiver = receiverOf(node);
  const root = receiver === null ? null : program.tensors.of(receiver);
  return root === null ? null : { call: node, root };
}

export const withoutGraph: MakeRule = (program) => (statement) => {
  const found: Finding[] = [];
  const { text } = program;
  expressionsOf(statement, (node) => {
    const pass = passOf(node, program);
    if (pass?.root.requiresGrad !== false) return;
    const range = text.rangeOf(pass.call);
    const base = { code: "why-no-grad", range: calledRange(text, pass.call), throws: true as const };
    const cut = cutBehind(pass.call, program);
    if (cut === null) {
      if (pass.root.cut !== null) return;
      found.push({
        ...base,
        words: say(
          "Nothing that this tensor was computed from requires grad, or it was cut off by detach() or no_grad, so there is no graph to walk back. Let the tensors that you want gradients of require grad.",
        ),
        related: [],
        fixes: fixes.requireGradBehind(text, range),
      });
      return;
    }
    const { name, facts } = cut;
    const { how, at } = facts.cut!;
    const line = text.lineOf(at);
    const detached = how === "detached";
    found.push({
      ...base,
      words: detached
        ? say("{0} has no graph to walk back: it was detached on line {1}.", name, line)
        : say(
            "{0} has no graph to walk back: it was made under no_grad on line {1}, where nothing is recorded.",
            name,
            line,
          ),
      related: [relatedTo(text, at, detached ? say("detached here") : say("made without recording here"))],
      fixes: detached ? fixes.withoutDetach(text, text.rangeOf(at)) : fixes.recorded(text, text.rangeOf(at)),
    });
  });
  return found;
};

/** The first name behind a root whose tensor was cut off. */
function cutBehind(
  call: ts.CallExpression,
  { tensors }: Program,
): { name: string; facts: TensorFacts } | null {
  let found: { name: string; facts: TensorFacts } | null = null;
  const visit = (node: ts.Node): void => {
    if (found !== null || ts.isFunctionLike(node)) return;
    if (ts.isIdentifier(node)) {
      const facts = tensors.of(node);
      if (facts !== null && facts.cut !== null) found = { name: node.text, facts };
    }
    ts.forEachChild(node, visit);
  };
  visit(receiverOf(call)!);
  return found;
}

export const nonScalar: MakeRule = (program) => (statement) => {
  const found: Finding[] = [];
  const { text } = program;
  expressionsOf(statement, (node) => {
    const pass = passOf(node, program);
    if (pass === null || pass.root.requiresGrad !== true || pass.root.shape === null) return;
    const options = optionsOf(pass.call);
    const weighed = options.args.length > 0 || options.given === null || options.given.has("gradient");
    if (weighed || sizeOf(pass.root.shape) === 1) return;
    found.push({
      code: "implicit-non-scalar",
      throws: true,
      words: say(
        "This tensor has several elements, and each would have a derivative of its own. Reduce it to one number with .sum() or .mean(), or say with backward(gradient) how much each element counts.",
      ),
      range: calledRange(text, pass.call),
      related: [],
      fixes: calls.scalarRoot(text, text.rangeOf(pass.call)),
    });
  });
  return found;
};

/** Options without which a pass frees the whole graph. */
const FREEING = ["retain_graph", "create_graph", "inputs"];

/** Everything that a pass from a root walks over and frees. */
function savedBehind(root: TensorFacts): Set<TensorFacts> {
  const seen = new Set<TensorFacts>();
  const visit = (facts: TensorFacts): void => {
    if (seen.has(facts)) return;
    seen.add(facts);
    facts.inputs.forEach(visit);
  };
  visit(root);
  return new Set([...seen].filter(({ saves }) => saves));
}

export const secondBackward: MakeRule = (program) => {
  const { text } = program;
  /** Which call freed an operation, in which stretch. */
  const freed = new Map<TensorFacts, { readonly by: ts.CallExpression; readonly in: Stretch }[]>();
  return (statement, stretch) => {
    const call = callStatement(statement);
    const pass = call === null ? null : passOf(call, program);
    if (pass === null || pass.root.requiresGrad !== true) return [];
    const saved = savedBehind(pass.root);
    const earlier = [...saved]
      .flatMap((facts) => freed.get(facts) ?? [])
      .find((each) => isAround(each.in, stretch));
    const options = optionsOf(pass.call);
    const keeps = options.args.length > 1 || FREEING.some((name) => flag(options, name) !== false);
    if (!keeps) {
      for (const facts of saved)
        freed.set(facts, [...(freed.get(facts) ?? []), { by: pass.call, in: stretch }]);
    }
    if (earlier !== undefined) return [found(earlier.by, pass.call)];
    const { loop } = stretch;
    const again = stretch.repeated && loop !== null && !keeps;
    const carried = again && [...saved].some(({ made }) => made.end <= loop.pos);
    return carried ? [found(pass.call, pass.call)] : [];
  };

  function found(first: ts.CallExpression, second: ts.CallExpression): Finding {
    const advice =
      first === second
        ? say(
            "The graph's saved values were freed by the pass before, from this very line, and this pass needs them again. Compute the loss anew in each iteration, detach() what is carried over from the one before, or keep the graph there with { retain_graph: true }.",
          )
        : say(
            "The graph's saved values were freed by the pass from line {0} and this pass needs them again. Compute the loss anew, or keep the graph there with { retain_graph: true }.",
            text.lineOf(first),
          );
    return {
      code: "second-backward",
      throws: true,
      words: advice,
      range: calledRange(text, second),
      related: [relatedTo(text, first, say("this pass freed the graph"))],
      fixes: calls.retainGraph(text, text.rangeOf(first)),
    };
  }
};

/** Whether what one stretch has done is done when another goes on: it is that one, or around it. */
function isAround(outer: Stretch, inner: Stretch): boolean {
  for (let each: Stretch | null = inner; each !== null; each = each.within) if (each === outer) return true;
  return false;
}
