import assert from "node:assert/strict";
import fc from "fast-check";
import { layout, layoutNow } from "../../webview/layout/layout.js";
import {
  type Direction,
  LayoutCancelled,
  type LayoutInput,
  LayoutInputError,
  type LayoutResult,
} from "../../webview/layout/types.js";
import { extremes, flat, kinds, Tape } from "./layout/corpus.js";
import { cards, faults, groupFaults, measure } from "./layout/measures.js";

const directions: Direction[] = ["down", "up", "right", "left"];

/** What must hold for every drawing. */
function assertSound(input: LayoutInput, result = layoutNow(input)): LayoutResult {
  assert.deepEqual(faults(input, result), { overlaps: 0, edgesThroughNodes: 0 });
  assert.deepEqual(groupFaults(input, result), { foreignNodes: 0, overlaps: 0, sticksOut: 0 });
  assert.deepEqual(
    result.nodes.map(({ id }) => id),
    input.nodes.map(({ id }) => id),
  );
  const numbers = [
    ...result.nodes.flatMap(({ x, y }) => [x, y]),
    ...result.edges.flatMap(({ points }) => points.flatMap(({ x, y }) => [x, y])),
  ];
  assert.ok(numbers.every(Number.isFinite));
  assertEndsOnBorders(input, result);
  return result;
}

function assertEndsOnBorders(input: LayoutInput, result: LayoutResult): void {
  const rects = new Map(cards(input, result).map((rect, i) => [input.nodes[i]!.id, rect]));
  const near = (a: number, b: number) => Math.abs(a - b) < 0.01;
  result.edges.forEach(({ id, points }, i) => {
    const { from, to } = input.edges[i]!;
    for (const [node, point] of [
      [from, points[0]!],
      [to, points.at(-1)!],
    ] as const) {
      const { left, right, top, bottom } = rects.get(node)!;
      const inside =
        point.x > left - 0.01 && point.x < right + 0.01 && point.y > top - 0.01 && point.y < bottom + 0.01;
      const onBorder =
        near(point.x, left) || near(point.x, right) || near(point.y, top) || near(point.y, bottom);
      assert.ok(inside && onBorder, `edge ${id} ends beside the border of ${node}`);
    }
  });
}

describe("layout of the corpus", () => {
  for (const { name, make } of kinds) {
    for (const size of [30, 100, 400]) {
      it(`draws ${name} of ${size} nodes without overlaps and without edges through cards`, () => {
        assertSound(flat(make(size).input()));
      });
    }
    it(`draws the groups of ${name} as rectangles that hold their own nodes only`, () => {
      assertSound(make(120).input());
    });
    it(`draws chains in ${name} straight`, () => {
      const input = flat(make(100).input());
      assert.ok(measure(input, layoutNow(input)).straightChains > 0.95);
    });
    it(`draws ${name} the same each time`, () => {
      const input = make(100).input();
      assert.deepEqual(layoutNow(input), layoutNow(structuredClone(input)));
    });
  }

  for (const direction of directions) {
    it(`lets edges point ${direction}`, () => {
      const input = kinds
        .find(({ name }) => name === "transformer")!
        .make(70)
        .input({ direction });
      const result = assertSound(input);
      const at = new Map(result.nodes.map((node) => [node.id, node]));
      for (const { from, to } of input.edges) {
        const [a, b] = [at.get(from)!, at.get(to)!];
        const ahead = { down: b.y - a.y, up: a.y - b.y, right: b.x - a.x, left: a.x - b.x }[direction];
        assert.ok(ahead > 0);
      }
    });
  }

  it("keeps a title's height free above the cards of a group in every direction", () => {
    for (const direction of directions) {
      const tape = new Tape();
      tape.within("f", () => tape.op("MulBackward0", tape.leaf("w"), tape.constant("x")));
      const input = tape.input({ direction });
      const result = assertSound(input);
      const group = result.groups[0]!;
      const highest = Math.min(...cards(input, result).map(({ top }) => top));
      assert.ok(highest - (group.y - group.height / 2) >= 24);
    }
  });
});

describe("layout of leaves and constants", () => {
  it("puts each on the rank before the operation that uses it", () => {
    const input = flat(
      kinds
        .find(({ name }) => name === "mlp")!
        .make(60)
        .input(),
    );
    const result = layoutNow(input);
    const at = new Map(result.nodes.map((node) => [node.id, node]));
    for (const { from, to } of input.edges) {
      if (from.includes("Backward")) continue;
      assert.ok(at.get(to)!.y - at.get(from)!.y < 150, `${from} floats far above ${to}`);
    }
  });

  it("follows the hint to the first or the last rank where edges allow it", () => {
    const tape = new Tape();
    const late = tape.op(
      "AddBackward0",
      tape.op("ExpBackward0", tape.op("SinBackward0", tape.leaf("x"))),
      tape.leaf("b"),
    );
    const input = tape.input();
    const hinted = {
      ...input,
      nodes: input.nodes.map((node) =>
        node.id.startsWith("b") ? { ...node, rankHint: "first" as const } : node,
      ),
    };
    const y = (result: LayoutResult, prefix: string) =>
      result.nodes.find(({ id }) => id.startsWith(prefix))!.y;
    assert.ok(y(layoutNow(input), "b") > y(layoutNow(input), "x"));
    assert.equal(y(assertSound(hinted), "b"), y(layoutNow(hinted), "x"));
    assert.ok(late.length > 0);
  });
});

describe("layout of extremes", () => {
  it("draws nothing as nothing", () => {
    assert.deepEqual(layoutNow(extremes.empty().input()), {
      nodes: [],
      edges: [],
      groups: [],
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    });
  });

  it("draws one node at the origin", () => {
    const input = extremes.one().input();
    const { width, height } = input.nodes[0]!;
    const result = layoutNow(input);
    assert.deepEqual(result.nodes, [{ id: input.nodes[0]!.id, x: width / 2, y: height / 2 }]);
    assert.deepEqual([result.x, result.y, result.width, result.height], [0, 0, width, height]);
  });

  it("draws a chain of 20,000 nodes as one straight line", () => {
    const input = extremes.chain(20_000).input();
    const result = layoutNow(input);
    assert.equal(new Set(result.nodes.map(({ x }) => x)).size, 1);
    assert.ok(result.edges.every(({ points }) => points.length === 2));
  });

  it("wraps 5,000 inputs of one node to a block", () => {
    const result = assertSound(extremes.fanIn(5_000).input());
    assert.ok(result.width / result.height < 4 && result.height / result.width < 4);
  });

  it("packs isolated nodes and thousands of separate graphs to a block", () => {
    for (const tape of [extremes.isolated(3_000), extremes.passes(1_000)]) {
      const result = assertSound(tape.input());
      assert.ok(result.width / result.height < 4 && result.height / result.width < 4);
    }
  });

  it("runs edges beside the drawing that are too long and too many to be cut at each rank", () => {
    const tape = new Tape();
    const made = [tape.leaf("x")];
    while (made.length < 400) made.push(tape.op("AddBackward0", made.at(-1)!, made.at(-150) ?? made[0]!));
    assertSound(tape.input());
  });

  it("draws edges between the same two nodes side by side", () => {
    const tape = new Tape();
    const x = tape.leaf("x");
    tape.op("MulBackward0", x, x, x);
    const starts = assertSound(tape.input()).edges.map(({ points }) => points[0]!.x);
    assert.equal(new Set(starts).size, 3);
  });

  it("draws a loop beside its node", () => {
    const tape = new Tape();
    const x = tape.op("ExpBackward0", tape.leaf("x"));
    tape.edges.push({ id: "loop", from: x, to: x });
    const loop = assertSound(tape.input()).edges.find(({ id }) => id === "loop")!;
    assert.equal(loop.points.length, 4);
  });

  it("draws cycles, also those that only folding makes", () => {
    const tape = new Tape();
    const a = tape.op("A", tape.leaf("x"));
    const b = tape.op("B", a);
    tape.edges.push({ id: "back", from: b, to: a });
    assertSound(tape.input());
    const folded = new Tape();
    const [first, last] = folded.within("f", () => [folded.leaf("in"), folded.op("Out")]);
    folded.edges.push({ id: "out", from: folded.op("Between", first!), to: last! });
    assertSound(folded.input());
  });

  it("stays sound for any graph, with any groups, in any direction", () => {
    const graph = fc.record({
      size: fc.integer({ min: 1, max: 24 }),
      pairs: fc.array(fc.tuple(fc.nat(23), fc.nat(23)), { maxLength: 40 }),
      groups: fc.array(fc.nat(5), { minLength: 24, maxLength: 24 }),
      parents: fc.array(fc.nat(5), { minLength: 5, maxLength: 5 }),
      sizes: fc.array(fc.tuple(fc.integer({ min: 1, max: 240 }), fc.integer({ min: 1, max: 120 })), {
        minLength: 24,
        maxLength: 24,
      }),
      direction: fc.constantFrom(...directions),
    });
    fc.assert(
      fc.property(graph, ({ size, pairs, groups, parents, sizes, direction }) => {
        assertSound({
          nodes: Array.from({ length: size }, (_, i) => ({
            id: `${i}`,
            width: sizes[i]![0],
            height: sizes[i]![1],
            group: groups[i] === 0 ? null : `g${groups[i]}`,
          })),
          edges: pairs
            .filter(([a, b]) => a < size && b < size)
            .map(([a, b], i) => ({ id: `${i}`, from: `${a}`, to: `${b}` })),
          // A group's parent has a smaller number, so that there is no cycle.
          groups: parents.map((parent, i) => ({
            id: `g${i + 1}`,
            parent: parent % (i + 1) === 0 ? null : `g${parent % (i + 1)}`,
          })),
          options: { direction },
        });
      }),
      { numRuns: 150, seed: 20 },
    );
  });
});

describe("layout of bad input", () => {
  const node = (id: string) => ({ id, width: 100, height: 50 });
  const bad: [string, Partial<LayoutInput>, RegExp][] = [
    [
      "an unknown node",
      { edges: [{ id: "e", from: "a", to: "zz" }] },
      /Edge "e" joins node "zz", which is not/,
    ],
    ["an unknown group", { nodes: [{ ...node("a"), group: "g" }] }, /Node "a" is in group "g", which is not/],
    ["a node given twice", { nodes: [node("a"), node("a")] }, /node "a" is given twice/],
    [
      "a size that is no number",
      { nodes: [{ ...node("a"), width: Number.NaN }] },
      /Node "a" has the size NaN × 50/,
    ],
    [
      "groups inside each other",
      {
        groups: [
          { id: "g", parent: "h" },
          { id: "h", parent: "g" },
        ],
      },
      /group "g" is inside itself/,
    ],
  ];
  for (const [what, part, message] of bad) {
    it(`refuses ${what} with a sentence that names it`, () => {
      const input: LayoutInput = { nodes: [node("a")], edges: [], options: { direction: "down" }, ...part };
      assert.throws(
        () => layoutNow(input),
        (error) => error instanceof LayoutInputError && message.test(error.message),
      );
    });
  }

  it("shortens names of 10,000 characters in its messages", () => {
    const id = "x".repeat(10_000);
    const input: LayoutInput = { nodes: [node(id), node(id)], edges: [], options: { direction: "down" } };
    assert.throws(
      () => layoutNow(input),
      (error) => error instanceof LayoutInputError && error.message.length < 200,
    );
  });
});

describe("layout in slices", () => {
  const input = flat(
    kinds
      .find(({ name }) => name === "lstm")!
      .make(300)
      .input(),
  );

  it("gives the same drawing as at once", async () => {
    assert.deepEqual(await layout(input, { slice: 0 }), layoutNow(input));
  });

  it("reports progress that never falls", async () => {
    const seen: number[] = [];
    await layout(input, { slice: 0, onProgress: (done) => seen.push(done) });
    assert.ok(seen.length > 3);
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
    assert.ok(seen[0]! >= 0 && seen.at(-1)! <= 1);
  });

  it("stops when its signal is aborted", async () => {
    const signal = { aborted: false };
    const running = layout(input, {
      signal,
      slice: 0,
      onProgress: () => {
        signal.aborted = true;
      },
    });
    await assert.rejects(running, LayoutCancelled);
  });
});
