import assert from "node:assert/strict";
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
      const before = layoutNow(input);
      const after = layoutNow({ ...input, options: { ...input.options, previous: positions(before) } });
      assert.equal(swaps(positions(before), after), 0);
      assert.ok(medianShift(positions(before), after) < 1);
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

function medianShift(before: ReadonlyMap<string, Point>, after: LayoutResult): number {
  const shifts = after.nodes.map(({ id, x, y }) => Math.hypot(x - before.get(id)!.x, y - before.get(id)!.y));
  return shifts.sort((a, b) => a - b)[shifts.length >> 1]!;
}
