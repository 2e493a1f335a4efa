import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import * as fc from "fast-check";
import { instrument } from "../../src/instrument/instrument.js";
import type { InstrumentOptions } from "../../src/instrument/sites.js";

const folder = join(import.meta.dirname, "fixtures");
const fixtures = readdirSync(folder, { withFileTypes: true })
  .filter((each) => each.isFile())
  .map((each) => each.name);

function instrumented(text: string, more: Partial<InstrumentOptions> = {}) {
  return instrument(text, { fileName: "a.ts", firstSite: 0, probes: true, ...more });
}

describe("syntax errors", () => {
  it("have TypeScript's message and number, and their place in the text", () => {
    const { diagnostics } = instrumented("const x = ;\nfoo(");
    assert.deepEqual(diagnostics, [
      { message: "Expression expected.", code: 1109, line: 1, column: 11, endLine: 1, endColumn: 12 },
      { message: "')' expected.", code: 1005, line: 2, column: 5, endLine: 2, endColumn: 5 },
    ]);
  });

  it("include types in a JavaScript file", () => {
    const { diagnostics } = instrumented("let x: number = 1;", { fileName: "a.mjs" });
    assert.deepEqual(
      diagnostics.map((each) => each.code),
      [8010],
    );
  });

  it("don't include what only a type checker can know", () => {
    assert.deepEqual(instrumented('const x: number = "text"; x.nope(); missing();').diagnostics, []);
  });

  it("are for V8 to report where a parameter is declared again", () => {
    const { code } = instrumented("function f(x: number) { let x = g(); return x; }");
    assert.throws(
      () => new Function(code.replace(/^import.*$/m, "")),
      /Identifier 'x' has already been declared/,
    );
  });

  it("leave an empty file, comments alone and a lone shebang in peace", () => {
    for (const text of ["", "\uFEFF", "// nothing", "#!/usr/bin/env node", "\r\n\r\n", ";"]) {
      assert.deepEqual(instrumented(text).diagnostics, [], JSON.stringify(text));
      assert.deepEqual(instrumented(text).sites, []);
    }
  });
});

describe("long and deep files", () => {
  it("compile ten thousand lines", () => {
    const { sites, diagnostics, code } = instrumented("w = w.mul(x);\nlet n;\n".repeat(5_000));
    assert.deepEqual(diagnostics, []);
    assert.equal(sites.length, 10_000);
    assert.equal(sites.at(-1)?.line, 9_999);
    assert.ok(code.includes("9999"));
  }).timeout(60_000);

  it("compile a chain of a thousand operators", () => {
    const { sites, diagnostics } = instrumented(
      `y = ${Array.from({ length: 1000 }, (_, i) => `f(${i})`).join(" + ")};`,
    );
    assert.deepEqual(diagnostics, []);
    assert.equal(sites.filter((each) => each.kind === "call").length, 1000);
  }).timeout(60_000);

  it("say where nesting is too deep", () => {
    const { diagnostics, code } = instrumented(`const a = 1;\nlet y = x${".add(1)".repeat(20_000)};\n`);
    assert.equal(diagnostics.length, 1);
    assert.match(diagnostics[0]!.message, /nested too deeply/);
    assert.equal(code, "");
    const parens = instrumented("(".repeat(100_000));
    assert.match(parens.diagnostics[0]!.message, /nested too deeply/);
  }).timeout(60_000);
});

describe("any input", () => {
  const sources = fixtures.map((name) => readFileSync(join(folder, name), "utf8"));

  it("never throws on pieces of programs", () => {
    const piece = fc
      .constantFrom(...sources)
      .chain((text) =>
        fc
          .tuple(fc.nat(text.length), fc.nat(300))
          .map(([start, length]) => text.slice(start, start + length)),
      );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("a.ts", "b.tsx", "c.cjs", "d.js"),
        (parts, fileName) => {
          const text = parts.join("");
          const output = instrumented(text, { fileName, module: fileName === "c.cjs" ? "cjs" : "esm" });
          for (const { message } of output.diagnostics) assert.doesNotMatch(message, /could not be compiled/);
        },
      ),
      { numRuns: 60 },
    );
  }).timeout(60_000);

  it("tells the errors of a class that is half written where they are", () => {
    for (const text of ["class K {, async () => [...", "class K { [x", "class K { [x] [y: string"]) {
      const { diagnostics } = instrumented(text);
      assert.ok(diagnostics.length > 0);
      for (const { code } of diagnostics) assert.ok(code > 1000, `${text}: ${code}`);
    }
  });

  it("never throws on arbitrary text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        for (const { message } of instrumented(text).diagnostics)
          assert.doesNotMatch(message, /could not be compiled/);
      }),
      { numRuns: 100 },
    );
  }).timeout(60_000);
});

describe("the code that comes out", () => {
  it("takes names for the probe that the program does not use, written with escapes or not", () => {
    for (const name of ["__gw_at", "\\u005f_gw_at", "__gw_", "x__gw_y"]) {
      const { code } = instrumented(`const ${name} = f(1);`);
      assert.match(code, /__gw1_at/, name);
    }
  });

  it("keeps directives first and imports types no more", () => {
    const { code } = instrumented(
      '"use strict";\nimport { type A, b } from "./x.js"; import type { C } from "./c.js"; import { D } from "./d.js";\nlet d: D = b(1 as A as C);',
    );
    assert.match(
      code,
      /^"use strict";\nimport \{[^}]*\} from "gradwalk:probe";\nimport \{ b \} from "\.\/x\.js";\nlet d/,
    );
  });

  it("leaves require and exports to be found by tools that look for them", () => {
    const text = 'const a = require("a"); Object.defineProperty(exports, "x", { value: 1 });';
    const { code } = instrumented(text, { fileName: "a.cjs", module: "cjs" });
    assert.match(code, /= require\("a"\)/);
    assert.match(code, /defineProperty\(exports, "x", \{ value: 1 \}\)/);
  });

  it("turns the forms of CommonJS into imports and a default export", () => {
    const { code } = instrumented('import a = require("a"); import unused = require("b"); export = a;', {
      probes: false,
    });
    assert.equal(code, 'import a from "a";\nexport default a;\n');
  });

  it("lowers decorators by the older or the standard rules", () => {
    const text = "@f class A { @g m() {} }";
    assert.match(instrumented(text).code, /__esDecorate/);
    assert.match(instrumented(text, { experimentalDecorators: true }).code, /__decorate/);
  });

  it("holds no source map comment", () => {
    assert.doesNotMatch(instrumented("f(1);").code, /sourceMappingURL/);
  });
});

describe("the source map", () => {
  it("names the file as its only source", () => {
    const { map } = instrumented("f(1);", { fileName: "folder with spaces/ä.ts" });
    assert.deepEqual(JSON.parse(map).sources, ["folder with spaces/ä.ts"]);
  });

  it("maps every call in every fixture to the place that its site has", () => {
    for (const name of fixtures) {
      const text = readFileSync(join(folder, name), "utf8");
      const module = name.endsWith("cjs") || name.endsWith("cts") ? "cjs" : "esm";
      const experimentalDecorators = text.includes("@experimentalDecorators");
      const { code, map, sites } = instrumented(text, { fileName: name, module, experimentalDecorators });
      const trace = new TraceMap(map);
      const lines = code.split("\n");
      let checked = 0;
      for (const site of sites) {
        if (site.kind !== "call" || site.name === null || !/^\w+$/.test(site.name)) continue;
        const places = lines.flatMap((line, row) =>
          [...line.matchAll(new RegExp(`(?<![\\w$])${site.name}(?![\\w$])`, "g"))].map((match) =>
            originalPositionFor(trace, { line: row + 1, column: match.index }),
          ),
        );
        const { line, column } = site.anchor;
        assert.ok(
          places.some((each) => each.line === line && each.column === column - 1),
          `${name}: ${site.text} at ${line}:${column}`,
        );
        checked++;
      }
      assert.ok(checked > 0, name);
    }
  }).timeout(60_000);
});
