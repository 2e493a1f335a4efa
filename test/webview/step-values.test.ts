/** @file A pass that a debugger steps: the graph with other values is the graph that a new one would be. */
import assert from "node:assert/strict";
import { PassCache } from "../../src/extension/debug/passCache.js";
import type { PassView, ViewStep } from "../../src/protocol/view.js";
import { buildGraph, type Graph } from "../../webview/model/graph.js";
import { withStepValues } from "../../webview/model/step-values.js";
import { Programs } from "../support/programs.js";
import { Stepped } from "../support/stepping.js";

const FAN_IN = `import * as torch from "gradwalk";
const x = torch.tensor([1, 2], { requires_grad: true });
const squared = x.pow(2);
const both = squared.mul(x.mul(10));
both.add(x).sum().backward();
`;

/** What the drawing reads of a graph. */
function told({ cards, links, pass }: Graph) {
  return {
    steps: pass.steps,
    cards: cards.map(({ id, step }) => [id, step]),
    links: links.map(({ id, term, awaited }) => [id, term, awaited]),
  };
}

describe("a pass that a debugger steps", () => {
  const programs = new Programs();
  after(() => programs.dispose());

  it("changes in a few steps' values, and the graph with it as if it were built anew", async () => {
    const stepped = await Stepped.start(programs, FAN_IN, { onBackward: true });
    await stepped.next();
    const cache = new PassCache(stepped.session);
    const look = async () => cache.look(0, stepped.at.node, await stepped.engine())!;
    let graph = buildGraph((await look()).view);
    const total = graph.pass.steps.length;
    for (let step = 1; step < total; step++) {
      await stepped.resume("next");
      const { view, change } = await look();
      assert.equal(change.kind, "values");
      assert.ok(change.kind === "values");
      assert.ok(change.changed.length < total, "only what is different is told");
      graph = withStepValues(graph, change.changed)!.graph;
      assert.deepEqual(told(graph), told(buildGraph(view)));
    }
    await stepped.finish();
  });

  it("tells every step from the first that is another node's", async () => {
    const stepped = await Stepped.start(programs, FAN_IN, { onBackward: true });
    await stepped.next();
    const cache = new PassCache(stepped.session);
    const { view } = cache.look(0, stepped.at.node, await stepped.engine())!;
    const graph = buildGraph(view);
    const other: ViewStep = { ...view.steps[1]!, node: view.steps[2]!.node };
    assert.equal(withStepValues(graph, [{ index: 1, step: other }]), null);
    const beyond: PassView = { ...view, steps: view.steps.slice(0, 1) };
    assert.equal(withStepValues(buildGraph(beyond), [{ index: 1, step: view.steps[1]! }]), null);
    await stepped.finish();
  });
});
