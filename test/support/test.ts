/**
 * @file `npm test`: everything, quiet while it is green; the last line is the sum. `npm test -- unit check`
 * runs only the groups named.
 */
import { join } from "node:path";
import { runDesktopSuite } from "../vscode/host/desktop.js";
import { runHostSuite } from "../vscode/host/suite.js";
import { VERSIONS } from "../vscode/host/versions.js";
import { buildAll, TSC } from "./build.js";
import { tryCommand } from "./command.js";
import { runMocha, type Tally } from "./mochaRun.js";
import { ROOT } from "./paths.js";

interface Group {
  readonly name: string;
  readonly run: () => Promise<Tally>;
}

/** A tool whose exit status is one test. */
function tool(name: string, file: string, ...args: string[]): Group {
  return {
    name: `check: ${name}`,
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
      async run() {
        await buildAll();
        return { passed: 1, failures: [] };
      },
    },
    { name: "unit", run: () => runMocha("unit", []) },
    ...VERSIONS.map((version) => ({
      name: `extension host, VS Code ${version.vscode}`,
      run: () => runHostSuite(version),
    })),
    ...VERSIONS.map((version) => ({
      name: `workbench, VS Code ${version.vscode}`,
      run: () => runMocha(`workbench-${version.name}`, WORKBENCH, { GRADWALK_HOST: version.name }),
    })),
    ...(process.env.VSCODE_EXECUTABLE ? [{ name: "desktop VS Code", run: runDesktopSuite }] : []),
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

const wanted = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const group of groups()) {
  if (wanted.length > 0 && !wanted.some((word) => group.name.includes(word))) continue;
  const tally = await runGroup(group);
  passed += tally.passed;
  failed += tally.failures.length;
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
