/** @file Groups made from scopes and from calls. */
import assert from "node:assert/strict";
import { AUTOMATIC } from "../../webview/groups/folds.js";
import { periodsOf } from "../../webview/groups/periods.js";
import { shownOf } from "../../webview/groups/shown.js";
import { groupTree } from "../../webview/groups/tree.js";
import { isGroup } from "../../webview/groups/types.js";
import { buildGraph } from "../../webview/model/graph.js";
import { call, layers, loop, named, Program, summedLoop, texts, titles } from "./support/scopes.js";

describe("groups from scopes", () => {
  it("gathers the iterations of a loop in one series, with what several share outside of it", () => {
    const tree = summedLoop(5).tree();
    const series = named(tree, "for");
    assert.equal(series.kind, "series");
    assert.equal(series.members.length, 5);
    assert.deepEqual(
      [series.unit, series.subtitle, series.members.map((each) => isGroup(each) && each.title).at(-1)],
      ["iterations", "line 4", "iteration 4"],
    );
    assert.deepEqual(texts(shownOf(tree, { ...AUTOMATIC, level: 0 })), ["w", "[for]", "MeanBackward0"]);
  });

  it("calls modules by their names, and a loop over modules a series of modules", () => {
    const tree = layers(4).tree();
    const series = tree.groups.find((group) => group.kind === "series");
    assert.deepEqual([series?.title, series?.unit], ["layers.0–3", "modules"]);
    assert.deepEqual(
      series?.members.map((each) => isGroup(each) && each.title),
      ["layers.0", "layers.1", "layers.2", "layers.3"],
    );
    assert.ok(named(tree, "layers.2.linear").members.some((each) => !isGroup(each) && each.title === "w2"));
  });

  it("makes no group around everything, around one node, or of two alike", () => {
    const program = new Program();
    const w = program.leaf("w");
    const all = [loop(0)];
    const a = program.op("Mul", [w], [...all, call("f", 0, 3)]);
    const b = program.op("Mul", [program.op("Exp", [a], [...all, call("g", 0)])], [...all, call("g", 0)]);
    program.op("Mul", [program.op("Exp", [b, w], [...all, call("g", 1)])], [...all, call("g", 1)]);
    assert.deepEqual(titles(program.tree().top), ["g()", "g()"]);
  });

  it("does not take calls together that other operations part", () => {
    const program = new Program();
    let h = program.leaf("w");
    for (let i = 0; i < 4; i++) {
      const scope = [call("block", i)];
      h = program.op("Tanh", [program.op("Mul", [h], scope)], scope);
      if (i === 1) h = program.op("Sum", [h]);
    }
    assert.ok(program.tree().groups.every((group) => group.kind !== "series"));
  });

  it("keeps a group's key from run to run, whatever iteration it is", () => {
    const keys = [7, 8].map((iteration) => {
      const program = new Program();
      const scope = [loop(iteration, 2), call("step", iteration)];
      program.op("Mean", [program.op("Mul", [program.op("Mul", [program.leaf("w")], scope)], scope)]);
      return program.tree().groups.map((group) => group.key);
    });
    assert.deepEqual(keys[0], keys[1]);
    assert.equal(keys[0]?.length, 1);
  });

  it("divides what has no scopes into parts that no edge leads back into", () => {
    const program = new Program();
    let h = program.leaf("w");
    for (let i = 0; i < 5_000; i++) h = program.op("Mul", [h]);
    const tree = program.tree();
    const shown = shownOf(tree, AUTOMATIC);
    assert.ok(shown.items.length <= 60, `${shown.items.length} items`);
    const place = new Map(shown.items.map((item, i) => [item.id, i]));
    for (const { producer, consumer } of shown.wires)
      assert.ok(place.get(producer.id)! < place.get(consumer.id)!, `${producer.id} after ${consumer.id}`);
  });

  it("gathers what one call of library code made, and what it does again and again in it", () => {
    const program = new Program();
    const x = program.leaf("x");
    const library = { source: { file: "a.ts", line: 7, column: 3 }, text: "lstm.forward(x)" };
    let h = program.op("View", [x], [], false, library);
    for (let step = 0; step < 4; step++)
      for (const name of ["Mm", "Sigmoid", "Tanh"]) h = program.op(name, [h], [], false, library);
    h = program.op("Stack", [h], [], false, library);
    program.op("Mean", [h], [], false, { source: { file: "a.ts", line: 8, column: 3 }, text: "h.mean()" });
    const tree = program.tree();
    const call = named(tree, "lstm.forward(x)");
    assert.deepEqual([call.subtitle, call.end - call.first], ["line 7", 15]);
    const series = named(tree, "repeated");
    assert.deepEqual(
      [series.kind, series.unit, series.members.length, series.parent],
      ["series", "repeats", 4, call],
    );
    assert.deepEqual(
      series.members.map((each) => isGroup(each) && each.title),
      ["repeat 1", "repeat 2", "repeat 3", "repeat 4"],
    );
    const titlesOf = tree.graph.cards.map(({ title }) => title);
    assert.deepEqual(
      titlesOf.slice(0, 3),
      ["x", "ViewBackward0", "MmBackward0"],
      "the call names none of them",
    );
    assert.equal(titlesOf.at(-1), "h.mean()");
  });

  it("finds the period that covers most, and none in what is all the same or has none", () => {
    const periods = (text: string) => periodsOf([...text]);
    assert.deepEqual(periods("xabcabcabcay"), [{ start: 1, length: 3, count: 3 }]);
    assert.deepEqual(periods("abcdabcdabcd"), [{ start: 0, length: 4, count: 3 }]);
    assert.deepEqual(periods("abcabcabc__abcabcabc"), [
      { start: 0, length: 3, count: 3 },
      { start: 11, length: 3, count: 3 },
    ]);
    assert.deepEqual(periods("aaaaaaaaaaaa"), []);
    assert.deepEqual(periods("abcabcxyzuvwrst"), []);
    assert.deepEqual(periods(""), []);
  });

  it("takes a deep recursion, five thousand inputs of one node, no node and one", () => {
    const deep = new Program();
    const scope = Array.from({ length: 3_000 }, (_, i) => call("recurse", i));
    deep.op("Mul", [deep.op("Mul", [deep.leaf("w")], scope)], scope.slice(0, 2_000));
    assert.equal(deep.tree().sequence.length, 3);
    const wide = new Program();
    wide.op(
      "Stack",
      Array.from({ length: 5_000 }, (_, i) => wide.leaf(`w${i}`)),
    );
    assert.ok(shownOf(wide.tree(), AUTOMATIC).items.length <= 60);
    const one = new Program();
    one.leaf("w");
    assert.equal(shownOf(one.tree(), AUTOMATIC).items.length, 1);
    const none = groupTree({ ...buildGraph(one.pass()), cards: [], links: [] });
    assert.deepEqual(shownOf(none, AUTOMATIC).items, []);
  });
});
