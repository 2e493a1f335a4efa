/**
 * @file `npm test`: everything, quiet while it is green; the last line is the sum. `npm test -- unit check`
 * runs only the groups named.
 */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { runDesktopSuite } from "../vscode/host/desktop.js";
import { runHostSuite } from "../vscode/host/suite.js";
import { VERSIONS } from "../vscode/host/versions.js";
import { buildAll, TSC } from "./build.js";
import { tryCommand } from "./command.js";
import { runMocha, type Tally } from "./mochaRun.js";
import { ROOT } from "./paths.js";

/** One after the other: what the others need; what computes; what draws, and is looked at while it does. */
const STAGES = ["build", "tests", "windows"] as const;

interface Group {
  readonly name: string;
  readonly stage: (typeof STAGES)[number];
  readonly run: () => Promise<Tally>;
}

/** A tool whose exit status is one test. */
function tool(name: string, file: string, ...args: string[]): Group {
  return {
    name: `check: ${name}`,
    stage: "build",
    async run() {
      const { status, output } = await tryCommand(process.execPath, [join(ROOT, file), ...args], {
        cwd: ROOT,
      });
      return status === 0
        ? { passed: 1, failures: [] }
        : { passed: 0, failures: [{ title: name, text: output }] };
    },
  };
}

const WORKBENCH = ["--no-config", "--import=tsx", "--timeout", "120000", "test/vscode/workbench/*.test.ts"];

function groups(): Group[] {
  return [
    tool("types", TSC.slice(ROOT.length), "-b"),
    tool("style", "node_modules/@biomejs/biome/bin/biome", "check", "--reporter=summary"),
    {
      name: "build",
      stage: "build",
      async run() {
        await buildAll();
        return { passed: 1, failures: [] };
      },
    },
    { name: "unit", stage: "tests", run: () => runMocha("unit", []) },
    ...VERSIONS.map((version) => ({
      name: `extension host, VS Code ${version.vscode}`,
      stage: "tests" as const,
      run: () => runHostSuite(version),
    })),
    ...VERSIONS.map((version) => ({
      name: `workbench, VS Code ${version.vscode}`,
      stage: "windows" as const,
      run: () => runMocha(`workbench-${version.name}`, WORKBENCH, { GRADWALK_HOST: version.name }),
    })),
    ...(process.env.VSCODE_EXECUTABLE
      ? [{ name: "desktop VS Code", stage: "windows" as const, run: runDesktopSuite }]
      : []),
  ];
}

async function runGroup(group: Group): Promise<Tally> {
  const start = Date.now();
  const tally = await group.run().catch((error: unknown) => ({
    passed: 0,
    failures: [
      { title: group.name, text: error instanceof Error ? (error.stack ?? error.message) : `${error}` },
    ],
  }));
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`${group.name}: ${tally.passed} passed, ${tally.failures.length} failed (${seconds} s)`);
  for (const { title, text } of tally.failures)
    console.log(`\n  ✗ ${title}\n${text.replace(/^/gm, "    ")}\n`);
  return tally;
}

/** Tests wait for processes and windows more than for the processor: two groups go side by side. */
const LANES = Math.min(2, availableParallelism());

async function runAll(groups: readonly Group[]): Promise<Tally[]> {
  const tallies: Tally[] = [];
  const lane = async (queue: Group[]): Promise<void> => {
    for (let group = queue.shift(); group; group = queue.shift()) tallies.push(await runGroup(group));
  };
  for (const stage of STAGES) {
    const queue = groups.filter((group) => group.stage === stage);
    await Promise.all(Array.from({ length: stage === "build" ? 1 : LANES }, () => lane(queue)));
  }
  return tallies;
}

const wanted = process.argv.slice(2);
const tallies = await runAll(
  groups().filter(({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word))),
);
const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
const failed = tallies.reduce((sum, { failures }) => sum + failures.length, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
