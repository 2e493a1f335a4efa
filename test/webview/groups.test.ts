/** @file Groups made from scopes, and what of them is drawn. */
import assert from "node:assert/strict";
import type { Scope } from "../../src/protocol/export.js";
import type { PassView } from "../../src/protocol/view.js";
import { EmbeddedTrace } from "../../webview/document.js";
import { describeGroup, groupFace } from "../../webview/groups/face.js";
import { ALL, AUTOMATIC, choose, foldsFrom, revealing, slideTo } from "../../webview/groups/folds.js";
import { outlineOf } from "../../webview/groups/outline.js";
import { periodsOf } from "../../webview/groups/periods.js";
import { shownOf } from "../../webview/groups/shown.js";
import { groupTree } from "../../webview/groups/tree.js";
import { type Group, type GroupTree, isGroup, type Shown } from "../../webview/groups/types.js";
import { buildGraph } from "../../webview/model/graph.js";
import { partOf } from "../../webview/model/subset.js";
import { node, tensor, trace } from "./support/traces.js";

const loop = (iteration: number, line = 4): Scope => ({ kind: "loop", name: "for", line, iteration });
const call = (name: string, count: number, line = 1): Scope => ({
  kind: "function",
  name,
  line,
  call: count,
});
const module = (name: string): Scope => ({ kind: "module", name, line: 9, call: 0 });

/** Builds a pass as a program does: each call makes a node from its inputs and returns its id. */
class Program {
  private readonly nodes: ReturnType<typeof node>[] = [];
  private readonly edges: { from: number; to: number; input_nr: number }[] = [];

  leaf(label: string): number {
    return this.add({ kind: "accumulate", label });
  }

  constant(label: string, scope: readonly Scope[] = []): number {
    return this.add({ kind: "constant", label, scope });
  }

  op(
    name: string,
    inputs: readonly number[],
    scope: readonly Scope[] = [],
    bad = false,
    extra: Pick<Parameters<typeof node>[2], "source" | "text"> = {},
  ): number {
    const id = this.add({ name: `${name}Backward0`, scope, ...extra }, bad ? Number.NaN : 1);
    for (const to of inputs) this.edges.push({ from: id, to, input_nr: 0 });
    return id;
  }

  private add(extra: Parameters<typeof node>[2], value = 1): number {
    this.nodes.push(node(this.nodes.length, tensor([value]), extra));
    return this.nodes.length - 1;
  }

  pass(): PassView {
    const pass = new EmbeddedTrace(trace([{ nodes: this.nodes, edges: this.edges }], [])).pass(0);
    assert.ok(pass);
    return pass;
  }

  tree(): GroupTree {
    return groupTree(buildGraph(this.pass()));
  }
}

/** The groups by their titles, nested; cards are left out. */
function titles(members: GroupTree["top"]): unknown[] {
  return members.flatMap((member) => {
    if (!isGroup(member)) return [];
    const inner = titles(member.members);
    return [inner.length === 0 ? member.title : [member.title, ...inner]];
  });
}

function named(tree: GroupTree, title: string): Group {
  const found = tree.groups.find((group) => group.title === title);
  assert.ok(found, `a group ${title} among ${tree.groups.map((group) => group.title).join(", ")}`);
  return found;
}

function texts({ items }: Shown): string[] {
  return items.map((item) =>
    item.kind === "card" ? (item.card.node.label ?? item.card.node.name ?? "") : `[${item.group.title}]`,
  );
}

/** `steps` iterations that each multiply and add, all summed. */
function summedLoop(steps: number): Program {
  const program = new Program();
  const w = program.leaf("w");
  let total = program.constant("total");
  for (let i = 0; i < steps; i++) {
    const y = program.op("Mul", [w, program.constant("x", [loop(i)])], [loop(i)]);
    total = program.op("Add", [total, program.op("Pow", [y], [loop(i)])], [loop(i)]);
  }
  program.op("Mean", [total]);
  return program;
}

/** Blocks of a network, each with its own weight, run by a loop over them. */
function layers(count: number): Program {
  const program = new Program();
  let h = program.constant("x");
  for (let i = 0; i < count; i++) {
    const scope = [module("Net"), call("forward", 0), loop(i), module(`layers.${i}`), call("forward", i + 1)];
    const product = program.op("Mm", [h, program.leaf(`w${i}`)], [...scope, module(`layers.${i}.linear`)]);
    h = program.op("Tanh", [program.op("Add", [product], [...scope, module(`layers.${i}.linear`)])], scope);
  }
  program.op("Loss", [h]);
  return program;
}

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
