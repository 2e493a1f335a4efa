/**
 * @file Writes docs/coverage.md: what of PyTorch's operator tests passes, entry by entry.
 *
 *     npx tsx test/parity/opinfo_coverage.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { ops } from "../../src/core/ops/op.js";
import { COLUMNS, type Column, type Entry, judgeEntry } from "./opinfo.js";

const folder = new URL("./fixtures/opinfo/", import.meta.url);
const target = new URL("../../docs/coverage.md", import.meta.url);
/** Entries that PyTorch 2.13's `op_db` has. */
const KNOWN = 702;

/** Entries of OpInfo that are to pass, by name. */
export function supportedEntries(): string[] {
  const list = readFileSync(new URL("./opinfo_ops.txt", import.meta.url), "utf8");
  return list.split("\n").filter((line) => line !== "");
}

const entries = new Map<string, Entry>();

/** An entry's fixture, read once. */
export function readEntry(name: string): Entry {
  const known = entries.get(name);
  if (known !== undefined) return known;
  const entry = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as Entry;
  entries.set(name, entry);
  return entry;
}

type Count = readonly [passed: number, total: number];

function counts(entry: Entry): Record<Column, Count> {
  const result = Object.fromEntries(COLUMNS.map((c) => [c, [0, 0] as Count])) as Record<Column, Count>;
  for (const verdicts of judgeEntry(entry)) {
    for (const column of COLUMNS) {
      const verdict = verdicts[column];
      if (verdict === undefined) continue;
      const [passed, total] = result[column];
      result[column] = [passed + (verdict === null ? 1 : 0), total + 1];
    }
  }
  return result;
}

/** The `grad_fn` names at the head of an entry's results. */
function heads(entry: Entry): string {
  const names = entry.cases.flatMap((c) => c.names ?? []).map((name) => name.split(/[(#]/)[0]!);
  const unique = [...new Set(names)].filter((name) => /^[A-Z]/.test(name));
  return unique.map((name) => `\`${name}\``).join(", ");
}

function cell([passed, total]: Count): string {
  return total === 0 ? "" : `${passed}/${total}`;
}

export function coverageText(): string {
  const entries = supportedEntries().map(readEntry);
  const table = entries.map((entry) => ({ entry, count: counts(entry) }));
  const sums = COLUMNS.map((column) => {
    const all = table.map(({ count }) => count[column]);
    return [all.reduce((n, [p]) => n + p, 0), all.reduce((n, [, t]) => n + t, 0)] as Count;
  });
  const full = table.filter(({ count }) => COLUMNS.every((c) => count[c][0] === count[c][1])).length;
  const rows = table.map(
    ({ entry, count }) =>
      `| ${entry.entry.replaceAll("__", "\\_\\_")} | ${heads(entry)} | ${COLUMNS.map((c) => cell(count[c])).join(" | ")} |`,
  );
  return `# Coverage

Written by \`test/parity/opinfo_coverage.ts\` from \`src/core/ops/schema.ts\` and the fixtures; do not edit.

PyTorch 2.13's operator tests (OpInfo) know ${KNOWN} entries; ${full} of them pass here in every case and column:
values of the result (as a function and as a method), the names of the whole graph behind it, gradients,
gradients of gradients, the in-place form, and the errors of bad input, character for character. Cases are
drawn with OpInfo's sizes made smaller, up to nine in float32 and four in float64 for each entry. A second
derivative that is zero may be absent here where PyTorch has zeros, and \`out=\` has no spelling. The
derivative table holds ${Object.keys(ops).length} ops.

| entry | \`grad_fn\` | ${COLUMNS.join(" | ")} |
| --- | --- |${" --- |".repeat(COLUMNS.length)}
${rows.join("\n")}
| **${full} entries** | | ${sums.map(cell).join(" | ")} |
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(target, coverageText());
