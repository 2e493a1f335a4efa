import assert from "node:assert/strict";
import { routeAround, runsThrough } from "../../webview/layout/free-route.js";
import { layoutNow } from "../../webview/layout/layout.js";
import type { LayoutInput, LayoutResult, Point } from "../../webview/layout/types.js";
import { kinds, type Tape } from "./layout/corpus.js";
import { measure } from "./layout/measures.js";

const make = (kind: string, size: number): Tape => kinds.find(({ name }) => name === kind)!.make(size);

const positions = (result: LayoutResult): Map<string, Point> =>
  new Map([...result.nodes, ...result.groups].map(({ id, x, y }) => [id, { x, y }]));

/** The input with one group folded to a card that bears the group's id. */
function fold(input: LayoutInput, group: string): LayoutInput {
  const groups = input.groups ?? [];
  const inside = new Set([group]);
  for (const { id, parent } of groups) if (parent !== null && inside.has(parent)) inside.add(id);
  const folded = new Set(
    input.nodes.filter((node) => node.group != null && inside.has(node.group)).map(({ id }) => id),
  );
  const end = (id: string) => (folded.has(id) ? group : id);
  const parent = groups.find(({ id }) => id === group)!.parent;
  return {
    ...input,
    nodes: [
      ...input.nodes.filter(({ id }) => !folded.has(id)),
      { id: group, width: 190, height: 68, group: parent },
    ],
    groups: groups.filter(({ id }) => !inside.has(id)),
    edges: input.edges
      .map(({ id, from, to }) => ({ id, from: end(from), to: end(to) }))
      .filter(({ from, to }) => from !== to),
  };
}

/** Pairs of neighbours on a rank, of nodes in both drawings, that changed sides. */
function swaps(before: ReadonlyMap<string, Point>, after: LayoutResult): number {
  const common = after.nodes.filter(({ id }) => before.has(id));
  let count = 0;
  for (const a of common) {
    for (const b of common) {
      const [p, q] = [before.get(a.id)!, before.get(b.id)!];
      if (Math.abs(p.y - q.y) < 1 && Math.abs(a.y - b.y) < 1 && p.x < q.x && a.x > b.x) count++;
    }
  }
  return count;
}

describe("layout after a former one", () => {
  for (const { name, make } of kinds) {
    it(`leaves ${name} where it is if nothing changed`, () => {
      const input = make(100).input();
      const before = positions(layoutNow(input));
      const after = layoutNow({ ...input, options: { ...input.options, previous: before } });
      for (const { id, x, y } of after.nodes)
        assert.ok(Math.hypot(x - before.get(id)!.x, y - before.get(id)!.y) < 0.01, id);
    });
  }

  it("keeps the order of a drawing that a person knows, though another has as few crossings", () => {
    const input = make("transformer", 70).input();
    const mirrored = new Map([...positions(layoutNow(input))].map(([id, { x, y }]) => [id, { x: -x, y }]));
    const after = layoutNow({ ...input, options: { ...input.options, previous: mirrored } });
    assert.ok(swaps(mirrored, after) < 4);
  });

  it("gives up a former order that costs many crossings", () => {
    const input = make("mlp", 60).input();
    const shuffled = new Map(input.nodes.map(({ id }, i) => [id, { x: (i * 7919) % 1009, y: 0 }]));
    const fresh = measure(input, layoutNow(input)).crossings;
    const after = measure(
      input,
      layoutNow({ ...input, options: { ...input.options, previous: shuffled } }),
    ).crossings;
    assert.ok(after <= fresh * 1.1 + 2);
  });

  it("does not move the anchor when its group is folded and unfolded", () => {
    const open = make("mlp", 60).input();
    const group = open.groups![1]!.id;
    const before = layoutNow(open);
    const closed = fold(open, group);
    const folded = layoutNow({
      ...closed,
      options: { ...closed.options, previous: positions(before), anchor: group },
    });
    const at = (result: LayoutResult) => positions(result).get(group)!;
    assert.deepEqual(at(folded), at(before));
    const again = layoutNow({
      ...open,
      options: { ...open.options, previous: positions(folded), anchor: group },
    });
    assert.deepEqual(at(again), at(before));
  });

  it("leaves groups elsewhere as they are inside when one is folded", () => {
    const open = make("lstm", 80).input();
    // The step right after the folded one is fed by its card instead of by two operations, so it may change.
    const [first, , other] = open.groups!;
    const before = positions(layoutNow(open));
    const closed = fold(open, first!.id);
    const after = layoutNow({ ...closed, options: { ...closed.options, previous: before } });
    const inside = closed.nodes.filter(({ group }) => group === other!.id).map(({ id }) => id);
    const at = positions(after);
    const shift = (id: string) => ({
      x: at.get(id)!.x - before.get(id)!.x,
      y: at.get(id)!.y - before.get(id)!.y,
    });
    const { x, y } = shift(inside[0]!);
    for (const id of inside) {
      assert.ok(Math.abs(shift(id).x - x) < 0.01);
      assert.ok(Math.abs(shift(id).y - y) < 0.01);
    }
  });

  it("moves few nodes when one more step is recorded", () => {
    const input = make("linear regression", 60).input();
    const longer = make("linear regression", 68).input();
    const before = positions(layoutNow(input));
    const after = layoutNow({ ...longer, options: { ...longer.options, previous: before } });
    assert.ok(swaps(before, after) <= 4);
  });
});

describe("layout with nodes that a person has moved", () => {
  const input = make("mlp", 60).input();
  const before = positions(layoutNow(input));
  const { id } = input.nodes[20]!;
  const { x, y } = before.get(id)!;

  it("keeps them where they were put", () => {
    const previous = new Map(before).set(id, { x: x + 900, y: y + 150 });
    const after = layoutNow({ ...input, options: { ...input.options, previous, pinned: [id] } });
    assert.deepEqual(positions(after).get(id), { x: x + 900, y: y + 150 });
  });

  it("leads edges to them around other cards", () => {
    const flat = { ...input, groups: [], nodes: input.nodes.map((node) => ({ ...node, group: null })) };
    const places = positions(layoutNow(flat));
    const moved = flat.nodes[2]!.id;
    const right = Math.max(...[...places.values()].map((at) => at.x)) + 400;
    const previous = new Map(places).set(moved, { x: right, y: places.get(moved)!.y + 500 });
    const after = layoutNow({ ...flat, options: { ...flat.options, previous, pinned: [moved] } });
    assert.equal(measure(flat, after).edgesThroughNodes, 0);
  });

  it("leads edges that they now cover around them", () => {
    const node = (id: string) => ({ id, width: 100, height: 50 });
    const simple: LayoutInput = {
      nodes: [node("a"), node("b"), node("c")],
      edges: [{ id: "e", from: "a", to: "b" }],
      options: { direction: "down", rankGap: 300 },
    };
    const places = positions(layoutNow(simple));
    const [a, b] = [places.get("a")!, places.get("b")!];
    const previous = new Map(places).set("c", { x: a.x, y: (a.y + b.y) / 2 });
    const after = layoutNow({ ...simple, options: { ...simple.options, previous, pinned: ["c"] } });
    assert.equal(measure(simple, after).edgesThroughNodes, 0);
    assert.equal(after.edges[0]!.points.length, 4);
  });

  it("ignores an id whose place is not known", () => {
    const after = layoutNow({
      ...input,
      options: { ...input.options, previous: new Map(), pinned: [id, "gone"] },
    });
    assert.deepEqual(after, layoutNow(input));
  });
});

describe("a route around cards", () => {
  const card = (x: number, y: number) => ({ x, y, width: 100, height: 40 });

  it("is straight where nothing is in the way", () => {
    assert.deepEqual(routeAround(card(0, 0), card(0, 200), [card(300, 100)]), [
      { x: 0, y: 20 },
      { x: 0, y: 180 },
    ]);
  });

  it("goes round what is, by the shorter side", () => {
    const others = [card(-20, 100)];
    const route = routeAround(card(0, 0), card(0, 200), others);
    assert.ok(!runsThrough(route, others[0]!));
    assert.ok(route.slice(1, -1).every(({ x }) => x > 0));
  });

  it("finds through a wall's gap", () => {
    const others = [card(-110, 100), card(0, 100), card(110, 100), card(300, 100)];
    const route = routeAround(card(0, 0), card(0, 200), others);
    assert.ok(others.every((other) => !runsThrough(route, other)));
  });
});
