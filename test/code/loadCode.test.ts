/** @file Code that is kept compiled: used by whoever loads the same text, by nobody else. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCode } from "../../src/code/loadCode.js";

const require = createRequire(import.meta.url);

/** As the build wraps it, giving `value`. */
const text = (value: number) =>
  `(function(exports,require,module,__filename,__dirname){ exports.value = ((x) => x)(${value}); })`;

describe("compiled code", () => {
  let folder = "";
  let file = "";
  const write = (value: number, seconds: number) => {
    writeFileSync(file, text(value));
    utimesSync(file, seconds, seconds);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gradwalk-code-"));
    file = join(folder, "some.code.js");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is used once it has been kept", () => {
    write(1, 1000);
    const { exports, keep } = loadCode(file, require);
    assert.deepEqual({ ...(exports as object) }, { value: 1 });
    keep!();
    assert.equal(readdirSync(folder).length, 2);
    const again = loadCode(file, require);
    assert.deepEqual({ ...(again.exports as object) }, { value: 1 });
    assert.equal(again.keep, null);
  });

  it("is not used for a newer text, be it of the same length", () => {
    write(1, 1000);
    loadCode(file, require).keep!();
    write(2, Date.now() / 1000 + 60);
    const { exports, keep } = loadCode(file, require);
    assert.deepEqual({ ...(exports as object) }, { value: 2 });
    assert.notEqual(keep, null);
  });
});
