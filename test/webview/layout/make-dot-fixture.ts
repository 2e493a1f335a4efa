/**
 * @file Measures graphviz `dot` on the corpus and writes fixtures/dot.json, which the tests compare ours with:
 * `npx tsx test/webview/layout/make-dot-fixture.ts [KIND …]`. Without arguments every kind is measured that the
 * file lacks; named kinds are measured again. Needs `dot`; what it has not drawn after a quarter of an hour is noted as null.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { flat, kinds } from "./corpus.js";
import { dotVersion, layoutByDot } from "./dot.js";
import { type Measures, measure } from "./measures.js";

export interface DotMeasures extends Pick<Measures, "crossings" | "edgeLength" | "area"> {
  readonly nodes: number;
  readonly edges: number;
}

export interface DotFixture {
  readonly made: string;
  readonly sizes: readonly number[];
  /** By kind and size, as in "mlp 100"; null where dot did not finish. */
  readonly measures: Record<string, DotMeasures | null>;
}

const file = new URL("fixtures/dot.json", import.meta.url);
const version = dotVersion();
if (version === null) throw new Error("dot is not installed.");
const sizes = [100, 1000];
/** Seconds after which a graph counts as too large for dot. */
const patience = 900;
const measures: DotFixture["measures"] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as DotFixture).measures
  : {};
const named = process.argv.slice(2);
for (const size of sizes) {
  for (const kind of kinds) {
    const key = `${kind.name} ${size}`;
    if (named.length > 0 ? !named.includes(kind.name) : key in measures) continue;
    const input = flat(kind.make(size).input());
    const drawn = layoutByDot(input, patience);
    measures[key] = drawn && rounded(input.nodes.length, input.edges.length, measure(input, drawn));
    console.log(key, measures[key]);
    const fixture: DotFixture = { made: `by ${version} with make-dot-fixture.ts`, sizes, measures };
    writeFileSync(file, `${JSON.stringify(fixture, null, 2)}\n`);
  }
}

function rounded(nodes: number, edges: number, { crossings, edgeLength, area }: Measures): DotMeasures {
  return { nodes, edges, crossings, edgeLength: Math.round(edgeLength), area: Math.round(area) };
}
