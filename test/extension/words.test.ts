/** @file Everything that people read can be translated. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { inWords, speak, t } from "../../src/extension/words.js";
import { plain, say } from "../../src/protocol/words.js";
import { ROOT } from "../support/paths.js";
import { BUNDLE, messages } from "./messages.js";

const json = (path: string) => JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;

/** `{0}` and `{1}` of a message, each as often as it is there; languages may repeat or order them as they like. */
const arguments_ = (message: string) => [...new Set(message.match(/\{\d+\}/g) ?? [])].sort();

describe("the extension's words", () => {
  const { literals, computed } = messages();
  it("are all in the bundle that translators start from", () => {
    assert.deepEqual(computed, [], "t() takes a text that stands in the source");
    const advice = "write it anew: node --import tsx test/extension/messages.ts";
    assert.deepEqual(Object.keys(json(BUNDLE)).sort(), literals, advice);
  });

  it("of the manifest are all in package.nls.json, and none there is left over", () => {
    const manifest = readFileSync(join(ROOT, "package.json"), "utf8");
    const used = [...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key!);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(json(join(ROOT, "package.nls.json"))).sort());
  });

  for (const bundle of readdirSync(join(ROOT, "l10n")).filter((name) => name !== basename(BUNDLE))) {
    const translated = json(join(ROOT, "l10n", bundle)) as Record<string, string>;

    it(`are all translated in ${bundle}, which knows no others`, () => {
      assert.deepEqual(Object.keys(translated).sort(), literals);
    });

    it(`have the same arguments in ${bundle}, and code as it is`, () => {
      for (const [message, translation] of Object.entries(translated)) {
        assert.deepEqual(arguments_(translation), arguments_(message), message);
        const code = message.match(/\b\w+(?:\.\w+)*\(\)|retain_graph: true|requires_grad: true/g) ?? [];
        for (const piece of code) assert.ok(translation.includes(piece), `${piece} in ${translation}`);
      }
    });
  }

  for (const file of readdirSync(ROOT).filter((name) => /^package\.nls\..+\.json$/.test(name))) {
    it(`of the manifest are all translated in ${file}, with the same links, and no others`, () => {
      const own = json(join(ROOT, "package.nls.json")) as Record<string, string>;
      const translated = json(join(ROOT, file)) as Record<string, string>;
      assert.deepEqual(Object.keys(translated).sort(), Object.keys(own).sort());
      const links = (text: string) => text.match(/\(command:[^)]*\)|`[^`]*`/g) ?? [];
      for (const [key, text] of Object.entries(own))
        assert.deepEqual(links(translated[key]!).sort(), links(text).sort(), key);
    });
  }

  it("keep braces that are code away from those of an argument", () => {
    // VS Code looks for the next closing brace, whatever stands in between.
    for (const message of literals) assert.doesNotMatch(message, /\{[^}]*\{/);
  });

  it("that a runner sends are put together in the language of the editor", () => {
    const told = say("{0}: {1}", say("The derivative of {0}", "Log"), 3);
    assert.equal(inWords(told), "The derivative of Log: 3");
    const german = json(join(ROOT, "l10n/bundle.l10n.de.json")) as Record<string, string>;
    speak((message, ...args) => plain(german[message] ?? message, ...args));
    try {
      assert.equal(inWords(told), "Die Ableitung von Log: 3");
      assert.equal(inWords(undefined), null);
    } finally {
      speak(plain);
    }
  });

  it("are put together in the language's own order", () => {
    assert.equal(t("{0} of {1}", 1, 2), "1 of 2");
    speak((message, ...args) => `<${message}|${args.join()}>`);
    try {
      assert.equal(t("{0} of {1}", 1, 2), "<{0} of {1}|1,2>");
    } finally {
      speak(plain);
    }
  });
});
