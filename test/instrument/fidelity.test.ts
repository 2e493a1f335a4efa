import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Compared, compare } from "./harness.js";

const folder = join(import.meta.dirname, "fixtures");
const programs = readdirSync(folder, { withFileTypes: true })
  .filter((each) => each.isFile())
  .map(({ name }) => ({ name, text: readFileSync(join(folder, name), "utf8") }));

describe("a program with probes does what it does without", () => {
  let compared: Compared[];
  before(async function () {
    this.timeout(60_000);
    compared = await compare(programs);
  });
  for (const [i, { name }] of programs.entries()) {
    it(name, () => {
      const { plain, probed, output } = compared[i]!;
      assert.deepEqual(output.diagnostics, []);
      assert.deepEqual(probed.printed, plain.printed);
      assert.equal(probed.error, plain.error);
      assert.ok(plain.printed.length > 0, "the program printed something");
      assert.ok(probed.ops.length > 0, "the program recorded operations");
    });
  }
});
