/** @file Runs programs with and without probes in one child process, and brings back what each printed, threw and recorded. */

import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { instrument } from "../../src/instrument/instrument.js";
import { PROBE_MODULE } from "../../src/instrument/probe.js";
import type { Instrumented, InstrumentOptions, Site } from "../../src/instrument/sites.js";

export interface Program {
  readonly name: string;
  readonly text: string;
}

/** An operation of the toy library, with the site and the scope that the probe had when it ran. */
export interface Recorded {
  readonly op: string;
  readonly site: number;
  readonly scope: readonly { site: number; count: number }[];
}

export interface Outcome {
  readonly printed: readonly string[];
  readonly error: string | null;
  readonly ops: readonly Recorded[];
  readonly bound: readonly { site: number; op: string; value: number }[];
}

export interface Compared {
  readonly plain: Outcome;
  readonly probed: Outcome;
  readonly output: Instrumented;
  readonly sites: readonly Site[];
}

const run = promisify(execFile);
const here = import.meta.dirname;

export async function compare(programs: readonly Program[]): Promise<Compared[]> {
  const folder = mkdtempSync(join(tmpdir(), "gradwalk-instrument-"));
  try {
    writeSupport(folder);
    const outputs = programs.map((program, i) => {
      const plain = emit(folder, program, `plain${i}`, false);
      const probed = emit(folder, program, `probed${i}`, true);
      return { plain, probed };
    });
    writeFileSync(
      join(folder, "list.json"),
      JSON.stringify(outputs.flatMap((each) => [each.plain.entry, each.probed.entry])),
    );
    await run(process.execPath, ["child.mjs"], {
      cwd: folder,
      maxBuffer: 1 << 26,
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    const outcomes = JSON.parse(readFileSync(join(folder, "outcomes.json"), "utf8")) as Outcome[];
    return outputs.map(({ probed }, i) => ({
      plain: outcomes[2 * i]!,
      probed: outcomes[2 * i + 1]!,
      output: probed.output,
      sites: probed.output.sites,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function optionsFor(program: Program): Omit<InstrumentOptions, "firstSite" | "probes"> {
  const isCommon = /\.c[jt]s$/.test(program.name);
  return {
    fileName: program.name,
    module: isCommon ? "cjs" : "esm",
    jsx: "react",
    experimentalDecorators: program.text.includes("@experimentalDecorators"),
  };
}

interface Entry {
  readonly file: string;
  readonly map: string;
  readonly probes: boolean;
}

function emit(
  folder: string,
  program: Program,
  sub: string,
  probes: boolean,
): { entry: Entry; output: Instrumented } {
  const options = optionsFor(program);
  const output = instrument(program.text, { ...options, firstSite: 0, probes });
  const isCommon = options.module === "cjs";
  const stem = program.name.slice(0, -extname(program.name).length);
  const file = join(folder, sub, `${stem}.${isCommon ? "cjs" : "mjs"}`);
  mkdirSync(join(folder, sub));
  const extension = isCommon ? "cjs" : "mjs";
  const code = output.code
    .replaceAll(`"${PROBE_MODULE}"`, JSON.stringify(join(folder, `probe.${extension}`)))
    .replaceAll('"gradwalk"', JSON.stringify(join(folder, `toy.${extension}`)))
    .replaceAll(`"./${stem}.js"`, `"./${stem}.mjs"`);
  writeFileSync(file, code);
  return { entry: { file, map: output.map, probes }, output };
}

/** The probe, transpiled by what is under test, and a library of numbers that records as a tensor library would. */
function writeSupport(folder: string): void {
  const root = join(here, "../../src/instrument");
  for (const name of ["probe", "reference-probe"]) {
    const text = readFileSync(join(root, `${name}.ts`), "utf8");
    const options = { fileName: `${name}.ts`, firstSite: 0, probes: false };
    writeFileSync(join(folder, `${name}.js`), instrument(text, options).code);
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const name of ["child.mjs", "state.mjs", "toy.mjs"])
    writeFileSync(join(folder, name), readFileSync(join(here, "fixtures/support", name)));
  writeFileSync(join(folder, "toy.cjs"), "module.exports = globalThis.toyForTests;");
  writeFileSync(join(folder, "probe.cjs"), "module.exports = globalThis.probeForTests;");
}

/** One line for each operation other than `tensor`: `neg 7:3 in task#1 > for#0`, places and names as written. */
export function recordedLines({ probed, sites }: Compared): string[] {
  return probed.ops
    .filter((each) => each.op !== "tensor")
    .map(({ op, site, scope }) => {
      const place = sites[site];
      const at = place === undefined ? "nowhere" : `${place.line}:${place.column}`;
      const inside = scope
        .map((frame) => `${sites[frame.site]?.name ?? "anonymous"}#${frame.count}`)
        .join(" > ");
      return inside === "" ? `${op} ${at}` : `${op} ${at} in ${inside}`;
    });
}

/** One line for each tensor that got a name: `y 3:7 mul`. */
export function boundLines({ probed, sites }: Compared): string[] {
  return probed.bound.map(
    ({ site, op }) => `${sites[site]!.name} ${sites[site]!.line}:${sites[site]!.column} ${op}`,
  );
}
