/** @file The walls of docs/architecture.md: the code keeps them, and the rules do reject what breaks them. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise, type ICruiseResult } from "dependency-cruiser";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const ruleSet = createRequire(import.meta.url)(join(root, ".dependency-cruiser.cjs"));

interface Violation {
  readonly file: string;
  readonly to: string;
  readonly rule: string;
}

async function violations(baseDir: string, folders: string[]): Promise<Violation[]> {
  const { options, ...rules } = ruleSet;
  const result = await cruise(folders, { ...options, baseDir, ruleSet: rules, validate: true });
  const summary = (result.output as ICruiseResult).summary;
  return summary.violations.map((v) => ({ file: v.from, to: v.to, rule: v.rule.name }));
}

/** Each fixture breaks one wall; its file name says which. */
const BREACHES: Record<string, string> = {
  "src/runner/deep-import-into-core.ts": "not-in-allowed",
  "src/core/node-builtin.ts": "not-in-allowed",
  "src/core/node-builtin-without-prefix.ts": "not-in-allowed",
  "src/core/type-only-import-of-protocol.ts": "not-in-allowed",
  "src/session/vscode-in-a-type.ts": "not-in-allowed",
  "src/adapter/vscode-loaded-late.ts": "not-in-allowed",
  "src/launcher/core.ts": "not-in-allowed",
  "src/code/protocol.ts": "not-in-allowed",
  "webview/core.ts": "not-in-allowed",
  "src/extension/core.ts": "not-in-allowed",
  "src/protocol/core.ts": "not-in-allowed",
  "src/session/launcher.ts": "not-in-allowed",
  "src/runner/session.ts": "not-in-allowed",
  "src/instrument/node-builtin.ts": "not-in-allowed",
  "src/cli/undeclared-library.ts": "not-in-allowed",
  "src/core/cycle-a.ts": "no-runtime-cycle",
  "src/core/unresolvable.ts": "not-resolvable",
};

describe("the architecture's walls", function () {
  this.timeout(120_000);

  it("are kept by the code", async () => {
    const found = await violations(root, ["src", "webview"]);
    assert.deepEqual(
      found.map((v) => `${v.file} → ${v.to}: ${v.rule}`),
      [],
    );
  });

  describe("reject what breaks them", () => {
    let found: Violation[];
    before(async () => {
      found = await violations(join(here, "fixtures"), ["src", "webview"]);
    });

    for (const [file, rule] of Object.entries(BREACHES)) {
      it(`${dirname(file)}: ${basename(file, ".ts").replaceAll("-", " ")}`, () => {
        assert.ok(
          found.some((v) => v.file === file && v.rule === rule),
          `no ${rule} reported for ${file}`,
        );
      });
    }

    it("and nothing else", () => {
      const unexpected = found.filter((v) => !(v.file in BREACHES));
      assert.deepEqual(unexpected, []);
    });
  });
});
