/**
 * @file Times the layout on the corpus and prints a table: `npx tsx test/bench/layout.ts [--dot] [SIZE …]`.
 * Milliseconds, the best of several runs (the first one in brackets, when nothing is compiled yet); with groups as
 * the panel asks for them, and flat. With --dot, also what graphviz takes for the flat graph.
 */
import { layoutNow } from "../../webview/layout/layout.js";
import type { LayoutInput } from "../../webview/layout/types.js";
import { extremes, flat, type Kind, kinds } from "../webview/layout/corpus.js";
import { dotVersion, layoutByDot } from "../webview/layout/dot.js";
import { measure } from "../webview/layout/measures.js";

const named = process.argv.slice(2);
const withDot = named.includes("--dot") && dotVersion() !== null;
const numbers = named.map(Number).filter((size) => size > 0);
const sizes = numbers.length > 0 ? numbers : [100, 1_000, 5_000, 20_000];
const all: Kind[] = [
  ...kinds,
  { name: "chain", make: extremes.chain },
  { name: "fan-in", make: extremes.fanIn },
];
/** Seconds that dot is waited for. */
const patience = 60;
/** Measuring takes the square of the size. */
const largestMeasured = 1_000;

function time(run: () => void): number {
  const began = performance.now();
  run();
  return performance.now() - began;
}

function best(input: LayoutInput, runs: number): { first: number; best: number } {
  const times = Array.from({ length: runs }, () => time(() => layoutNow(input)));
  return { first: times[0]!, best: Math.min(...times) };
}

for (const size of sizes) {
  console.log(`\n${size} nodes`);
  const rows: Record<string, Record<string, string | number>> = {};
  for (const { name, make } of all) {
    const grouped = make(size).input();
    const input = flat(grouped);
    const runs = size > 5_000 ? 3 : 7;
    const { first, best: flatBest } = best(input, runs);
    const row: Record<string, string | number> = {
      nodes: input.nodes.length,
      edges: input.edges.length,
      flat: `${flatBest.toFixed(0)} (${first.toFixed(0)})`,
      groups: grouped.groups?.length ? best(grouped, runs).best.toFixed(0) : "",
    };
    if (size <= largestMeasured) {
      const { crossings, edgeLength, bends } = measure(input, layoutNow(input));
      Object.assign(row, { crossings, length: Math.round(edgeLength), bends });
    }
    if (withDot) {
      let drawn: ReturnType<typeof layoutByDot> = null;
      const took = time(() => {
        drawn = layoutByDot(input, patience);
      });
      row.dot = drawn === null ? `> ${patience} s` : took.toFixed(0);
    }
    rows[name] = row;
  }
  console.table(rows);
}
