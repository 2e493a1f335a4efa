/** @file Everything that people read can be translated. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { speak, t } from "../../src/extension/words.js";
import { ROOT } from "../support/paths.js";
import { BUNDLE, messages } from "./messages.js";

const json = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;

describe("the extension's words", () => {
  it("are all in the bundle that translators start from", () => {
    const { literals, computed } = messages();
    assert.deepEqual(computed, [], "t() takes a text that stands in the source");
    const advice = "write it anew: node --import tsx test/extension/messages.ts";
    assert.deepEqual(Object.keys(json(BUNDLE)).sort(), literals, advice);
  });

  it("of the manifest are all in package.nls.json, and none there is left over", () => {
    const manifest = readFileSync(join(ROOT, "package.json"), "utf8");
    const used = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key!);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(json(join(ROOT, "package.nls.json"))).sort());
  });

  it("are put together in the language's own order", () => {
    assert.equal(t("{0} of {1}", 1, 2), "1 of 2");
    speak((message, ...args) => `<${message}|${args.join()}>`);
    try {
      assert.equal(t("{0} of {1}", 1, 2), "<{0} of {1}|1,2>");
    } finally {
      speak((message, ...args) => message.replace(/\{(\d+)\}/g, (_, i: string) => String(args[Number(i)])));
    }
  });
});
