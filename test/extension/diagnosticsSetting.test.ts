import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DIAGNOSTICS } from "../../src/protocol/diagnostics.js";
import { ROOT } from "../support/paths.js";

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Readonly<
        Record<string, { readonly properties?: Readonly<Record<string, { readonly default: string }>> }>
      >;
    }[];
  };
}

describe("the setting gradwalk.diagnostics", () => {
  it("has every code with its default, which its description names", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
    const texts = JSON.parse(readFileSync(join(ROOT, "package.nls.json"), "utf8")) as Record<string, string>;
    const all = Object.assign({}, ...manifest.contributes.configuration.map(({ properties }) => properties));
    const { properties } = all["gradwalk.diagnostics"] as { properties: Record<string, { default: string }> };
    assert.deepEqual(Object.keys(properties).sort(), Object.keys(DIAGNOSTICS).sort());
    for (const [code, { severity }] of Object.entries(DIAGNOSTICS)) {
      assert.equal(properties[code]!.default, severity);
      assert.match(texts[`diagnostics.${code}`]!, new RegExp(`Default: ${severity}\\.$`));
      const page = readFileSync(join(ROOT, `docs/diagnostics/${code}.md`), "utf8");
      assert.match(page, new RegExp(`^Default severity: ${severity}\\b`, "m"));
    }
  });
});
