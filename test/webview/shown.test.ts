/** @file What of the groups is drawn, and the rows that mirror it. */
import assert from "node:assert/strict";
import { describeGroup, groupFace } from "../../webview/groups/face.js";
import { ALL, AUTOMATIC, choose, foldsFrom, revealing, slideTo } from "../../webview/groups/folds.js";
import { outlineOf } from "../../webview/groups/outline.js";
import { shownOf } from "../../webview/groups/shown.js";
import { groupTree } from "../../webview/groups/tree.js";
import type { Group } from "../../webview/groups/types.js";
import { buildGraph } from "../../webview/model/graph.js";
import { partOf } from "../../webview/model/subset.js";
import { call, layers, named, Program, summedLoop, texts } from "./support/scopes.js";

describe("what is drawn of groups", () => {
  it("shows a small graph whole and a large one folded to what fits a screen", () => {
    const small = shownOf(summedLoop(3).tree(), AUTOMATIC);
    assert.ok(small.items.every((item) => item.kind === "card"));
    const large = shownOf(summedLoop(500).tree(), AUTOMATIC);
    assert.ok(large.items.length < 40);
    assert.equal(large.graph.cards.length, 2_003);
  });

  it("shows one instance of a series, with those before and after it as one card each", () => {
    const tree = summedLoop(50).tree();
    const series = named(tree, "for");
    const open = slideTo(choose({ ...AUTOMATIC, level: 0 }, [series], "open"), series, 20);
    const shown = shownOf(tree, open);
    assert.deepEqual(texts(shown), [
      "w",
      "[iterations 0–19]",
      "x",
      "MulBackward0",
      "PowBackward0",
      "AddBackward0",
      "[iterations 21–49]",
      "MeanBackward0",
    ]);
    assert.equal(shown.frames[0]?.at, 20);
    const face = groupFace(tree, (shown.items[1] as { group: Group }).group, 0);
    assert.deepEqual([face.count, face.content], [20, "60 ops · 21 constants"]);
  });

  it("bundles the links between the same two items, and no link of a folded group stays within it", () => {
    const tree = summedLoop(50).tree();
    const { wires } = shownOf(tree, { ...AUTOMATIC, level: 0 });
    assert.deepEqual(
      wires.map(({ producer, consumer, links }) => [
        producer.kind === "card" && producer.card.title,
        consumer.kind,
        links.length,
      ]),
      [
        ["w", "group", 50],
        [false, "card", 1],
      ],
    );
  });

  it("keeps every node within reach: each is drawn, or within the group that holds it", () => {
    const tree = layers(12).tree();
    for (const level of [0, 1, 2, 3, ALL]) {
      const shown = shownOf(tree, { ...AUTOMATIC, level });
      for (const card of tree.sequence) {
        const holder = shown.holder(card);
        const place = tree.placeOf.get(card)!;
        if (holder.kind === "card") assert.equal(holder.card, card);
        else assert.ok(holder.group.first <= place && place < holder.group.end);
      }
      if (level === ALL) assert.equal(shown.items.length, tree.sequence.length);
    }
  });

  it("unfolds what hides a card, and turns a series to the instance that holds it", () => {
    const tree = layers(12).tree();
    const card = tree.sequence.find(({ title }) => title === "w7");
    assert.ok(card);
    const folds = revealing({ ...AUTOMATIC, level: 0 }, tree, tree.groupOf.get(card) ?? null);
    const shown = shownOf(tree, folds);
    assert.equal(shown.holder(card).kind, "card");
    assert.ok(shown.items.length < 14, "the other layers stay folded");
  });

  it("tells what is wrong inside, in words too", () => {
    const program = new Program();
    let h = program.leaf("w");
    for (let i = 0; i < 4; i++) {
      const scope = [call("block", i)];
      h = program.op("Log", [program.op("Mul", [h], scope)], scope, i === 2);
    }
    program.op("Sum", [h]);
    const tree = program.tree();
    const series = named(tree, "block()");
    assert.ok(groupFace(tree, series, 0).bad);
    assert.equal(
      describeGroup(tree, series, 0),
      "block(), line 1, repeated, 4 calls, 8 operations · 1 leaf, 1 problem",
    );
  });

  it("leaves out groups of a part of the graph that holds nothing of them", () => {
    const graph = buildGraph(layers(6).pass());
    const [first] = graph.cards.filter(({ title }) => title === "w5");
    assert.ok(first);
    const tree = groupTree(partOf(graph, { constants: true, focus: { kind: "descendants", of: first.key } }));
    assert.ok(tree.groups.every((group) => group.end > group.first));
    assert.ok(tree.sequence.length < graph.cards.length);
  });

  it("reads saved folds back, and what is damaged as far as it goes", () => {
    const folds = { level: 2, chosen: { a: "folded" as const }, at: { b: 3 } };
    assert.deepEqual(foldsFrom(JSON.parse(JSON.stringify(folds))), folds);
    assert.deepEqual(foldsFrom({ level: "x", chosen: { a: 1, b: "open" }, at: null }), {
      level: null,
      chosen: { b: "open" },
      at: {},
    });
    assert.deepEqual(foldsFrom(null), AUTOMATIC);
  });
});

describe("the rows of the accessible tree", () => {
  it("mirror the groups: levels, places among their like, and which can be unfolded", () => {
    const tree = summedLoop(50).tree();
    const series = named(tree, "for");
    const shown = shownOf(tree, choose({ ...AUTOMATIC, level: 0 }, [series], "open"));
    const rows = outlineOf(shown).map(({ thing, expanded, level, position, siblings }) => [
      thing.kind === "card" ? thing.card.title : thing.group.title,
      expanded,
      `${level}: ${position} of ${siblings}`,
    ]);
    assert.deepEqual(rows, [
      ["MeanBackward0", null, "1: 1 of 3"],
      ["for", true, "1: 2 of 3"],
      ["iterations 1–49", false, "2: 1 of 6"],
      ["AddBackward0", null, "2: 2 of 6"],
      ["total", null, "2: 3 of 6"],
      ["PowBackward0", null, "2: 4 of 6"],
      ["MulBackward0", null, "2: 5 of 6"],
      ["x", null, "2: 6 of 6"],
      ["w", null, "1: 3 of 3"],
    ]);
  });

  it("nest as next_functions do where there are no groups", () => {
    const program = new Program();
    program.op("Mean", [program.op("Mul", [program.leaf("w")])]);
    const rows = outlineOf(shownOf(program.tree(), AUTOMATIC));
    assert.deepEqual(
      rows.map(({ level, expanded }) => [level, expanded]),
      [
        [1, null],
        [2, null],
        [3, null],
      ],
    );
  });
});
