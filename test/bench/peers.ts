/**
 * @file Gradwalk side by side with other libraries: medians of interleaved rounds, checked against each other,
 * printed and written to docs/benchmarks.md.
 */
import { writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/paths.js";
import { ROWS, type Row } from "./peerRows.js";
import {
  agree,
  GRADWALK,
  installPeers,
  type Library,
  libraries,
  measureOnce,
  median,
  type Results,
} from "./peerRuns.js";

const ROUNDS = 3;

type All = ReadonlyMap<string, Results>;

function figureOf(row: Row, results: Results | undefined): number | null {
  const times = new Map<string, number>();
  for (const name of row.measurements) {
    const outcome = results?.rows.get(name);
    if (outcome === undefined || outcome.error !== null || outcome.ms.length === 0) return null;
    times.set(name, median(outcome.ms));
  }
  return row.value((name) => times.get(name)!);
}

/** Whether `name` computed what Gradwalk did in every measurement of the row. */
function agrees(row: Row, all: All, name: string): boolean {
  const ours = all.get(GRADWALK.name)!.rows;
  const theirs = all.get(name)!.rows;
  return row.measurements.every((m) => {
    const [a, b] = [ours.get(m), theirs.get(m)];
    return a !== undefined && b !== undefined && agree(a, b);
  });
}

function figure(value: number): string {
  return value >= 1000 ? value.toFixed(0) : value.toPrecision(3);
}

function cell(row: Row, all: All, name: string): string {
  const value = figureOf(row, all.get(name));
  if (value === null) return "–";
  return figure(value) + (name === GRADWALK.name || agrees(row, all, name) ? "" : " ≠");
}

function targetCells(row: Row, all: All): string {
  const ours = figureOf(row, all.get(GRADWALK.name));
  return row.targets
    .flatMap(({ peer, ratio }) => {
      const theirs = figureOf(row, all.get(peer));
      if (ours === null || theirs === null) return [];
      const measured = ours / theirs;
      const met = row.moreIsBetter ? measured >= ratio : measured <= ratio;
      const sign = row.moreIsBetter ? "≥" : "≤";
      return [`${met ? "✓" : "✗"} ${measured.toFixed(2)} × ${peer} (${sign} ${ratio.toFixed(2)})`];
    })
    .join("<br>");
}

function table(all: All, names: readonly string[]): string {
  const head = ["", ...names, "ratio (target)"];
  const lines = ROWS.map((row) => [
    `${row.title}, ${row.unit}`,
    ...names.map((name) => cell(row, all, name)),
    targetCells(row, all),
  ]);
  return [head, head.map((_, i) => (i === 0 || i === head.length - 1 ? "---" : "--:")), ...lines]
    .map((line) => `| ${line.join(" | ")} |`)
    .join("\n");
}

function failures(all: All): string[] {
  return [...all].flatMap(([name, { error, rows }]) => [
    ...(error === null ? [] : [`- ${name} could not be measured: ${error}`]),
    ...[...rows].flatMap(([row, outcome]) =>
      outcome.error === null ? [] : [`- ${name}, ${row}: ${outcome.error}`],
    ),
  ]);
}

function page(all: All, names: readonly string[], rounds: number): string {
  const versions = names.map((name) => `${name} ${all.get(name)!.version}`).join(", ");
  const failed = failures(all);
  return `# Benchmarks

Written by \`npm run bench -- peers\`, never by hand. Every library runs the same rows on the same numbers in a
process of its own, ${rounds} of ${ROUNDS} rounds in turn; a figure is the median over rounds of the processor's time that a
run takes on average, so garbage collection is in it and other programs on the machine are not. Rows are forward
and backward unless they say otherwise. Results and gradients are compared with Gradwalk's; ≠ marks a library
whose differ. PyTorch runs on one thread.

Machine: ${cpus()[0]?.model.trim() ?? "unknown"}, ${process.platform} ${process.arch}, Node ${process.versions.node}.
Versions: ${versions}.

${table(all, names)}
${failed.length === 0 ? "" : `\nNot measured:\n\n${failed.join("\n")}\n`}`;
}

export async function measurePeers(): Promise<void> {
  await installPeers();
  const list: readonly Library[] = libraries();
  const all = new Map<string, Results>(
    list.map(({ name }) => [name, { version: "", error: null, rows: new Map() }]),
  );
  const measurements = [...new Set(ROWS.flatMap((row) => row.measurements))];
  let text = "";
  for (let round = 0; round < ROUNDS; round++) {
    for (const library of list) {
      const results = all.get(library.name)!;
      if (results.error === null) await measureOnce(library, measurements, results);
    }
    console.log(`peers: round ${round + 1} of ${ROUNDS}`);
    // After each round, so that who stops early has what there is.
    text = page(
      all,
      list.map(({ name }) => name),
      round + 1,
    );
    await writeFile(join(ROOT, "docs", "benchmarks.md"), text);
  }
  console.log(text.replaceAll("<br>", "; "));
}
