import assert from "node:assert/strict";
import { join } from "node:path";
import { type Files, Programs } from "../support/programs.js";

/** One program that imports in every way; each line of its output is one of the checks. */
const everyKind: Files = {
  "src/main.ts": [
    'import * as torch from "gradwalk";',
    'import { readFileSync } from "node:fs";',
    'import path from "path";',
    'import { js } from "./js-to-ts.js";',
    'import { bare } from "./bare";',
    'import { withTs } from "./with-ts.ts";',
    'import { indexed } from "./folder";',
    'import mjs from "./module.mjs";',
    'import { both } from "./both.js";',
    'import common, { named } from "./common.cjs";',
    'import cts from "./typed.cjs";',
    'import data, { kept } from "./data.json";',
    'import { a } from "./cycle-a.js";',
    'import pkg, { pkgNamed } from "cjs-package";',
    'import { esm, same } from "esm-package/sub";',
    'import { deep } from "@lib/deep";',
    'import { hash } from "#internal";',
    'import type { OnlyType } from "./types.js";',
    'import { space } from "./mit leer ü.js";',
    "const typed: OnlyType = { ok: true };",
    'console.log("ts", js, bare, withTs, indexed, mjs, both);',
    'console.log("cjs", common.named, named, cts.typed);',
    'console.log("json", data.kept, kept);',
    'console.log("cycle", a());',
    'console.log("packages", pkg.pkgNamed, pkgNamed, esm, same(torch.Tensor), deep, hash);',
    'console.log("builtin", typeof readFileSync, path.basename(import.meta.filename));',
    'console.log("meta", import.meta.url.endsWith("/src/main.ts"), import.meta.dirname === path.dirname(import.meta.filename),',
    '  import.meta.resolve("./bare").endsWith("/src/bare.ts"), import.meta.resolve("node:fs"));',
    'const lazy = await import("./lazy.js");',
    'console.log("dynamic", lazy.default, (await import("./lazy.js")) === lazy, typed.ok, space);',
    'console.log("same", (await import("cjs-package")).default === pkg);',
  ].join("\n"),
  "src/js-to-ts.ts": "export const js: string = 'js';",
  "src/bare.ts": "export const bare: number = 1;",
  "src/with-ts.ts": "export enum E { A = 2 }\nexport const withTs = E.A;",
  "src/folder/index.ts": "export const indexed = 'index';",
  "src/module.mts": "export default 'mts';",
  "src/both.ts": "export const both = 'source';",
  "src/both.js": "export const both = 'output';",
  "src/common.cjs": "exports.named = 'named'; exports.fs = require('fs');",
  "src/typed.cts": "const x: string = require('./common.cjs').named;\nexport = { typed: x + '!' };",
  "src/data.json": '{ "kept": [1, 2], "not-a-name": 1 }',
  "src/cycle-a.ts":
    'import { b } from "./cycle-b.js";\nexport const a = (): string => "a" + b();\nexport const tail = "!";',
  "src/cycle-b.ts":
    'import { tail } from "./cycle-a.js";\nexport function b(): string { return "b" + tail; }',
  "src/types.ts": "export interface OnlyType { ok: boolean }",
  "src/mit leer ü.ts": "export const space = 'ü';",
  "src/lazy.ts": "await null;\nexport default 'lazy';",
  "lib/deep.ts": "export const deep = 'mapped';",
  "internal/hash.ts": "export const hash = 'imports';",
  "tsconfig.json": '{ // comment\n "compilerOptions": { "paths": { "@lib/*": ["./lib/*"], }, } }',
  "package.json": '{ "imports": { "#internal": "./internal/hash.ts" } }',
  "node_modules/cjs-package/index.js":
    "exports.pkgNamed = 'cjs'; exports.torch = require('gradwalk').Tensor !== undefined;",
  "node_modules/esm-package/package.json":
    '{ "type": "module", "exports": { "./sub": { "import": "./esm.js", "require": "./nope.js" } } }',
  "node_modules/esm-package/esm.js":
    "import { Tensor } from 'gradwalk'; export const esm = 'esm'; export const same = (other) => other === Tensor;",
};

describe("modules of a program", () => {
  const programs = new Programs();
  after(() => programs.dispose());

  it("imports of every kind resolve as in TypeScript and Node", async () => {
    const { stdout, stderr } = await programs.run(everyKind, {}, "ein ordner é");
    assert.equal(stderr, "");
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      "ts js 1 2 index mts source",
      "cjs named named named!",
      "json [ 1, 2 ] [ 1, 2 ]",
      "cycle ab!",
      "packages cjs cjs esm true mapped imports",
      "builtin function main.ts",
      "meta true true true node:fs",
      "dynamic lazy true true ü",
      "same true",
    ]);
  });

  it("the library that a program imports has the fast kernels, which round where the plain loops would not", async () => {
    const { stdout } = await programs.run(`
      import * as torch from "gradwalk";
      torch.manual_seed(1);
      const [a, b] = [torch.randn(64, 64).requires_grad_(), torch.randn(64, 64)];
      const [got, want] = [a.matmul(b), a.double().matmul(b.double())];
      console.log("rounded once", got.equal(want.float()), "close", torch.allclose(got.double(), want, { atol: 1e-5 }));
      torch.log_softmax(got, 1).tanh().sum().backward();
      const grad = a.grad!;
      a.grad = null;
      torch._C.installKernels(null);
      const plain = a.matmul(b);
      torch.log_softmax(plain, 1).tanh().sum().backward();
      console.log("rounded once", plain.equal(want.float()), "gradients", torch.allclose(grad, a.grad!, { atol: 1e-5 }));
    `);
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      "rounded once false close true",
      "rounded once true gradients true",
    ]);
  });

  it("runs unsaved text of the program and of what it imports", async () => {
    const folder = programs.folder({ "lib.ts": "export const saved = 'disk';" });
    const overlays = new Map([
      [
        join(folder, "new.ts"),
        'import { saved } from "./lib.js";\nimport { fresh } from "./never-saved.js";\nconsole.log(saved, fresh);',
      ],
      [join(folder, "lib.ts"), "export const saved = 'editor';"],
      [join(folder, "never-saved.ts"), "export const fresh = true;"],
    ]);
    const { stdout } = await programs.run({}, { program: join(folder, "new.ts"), overlays });
    assert.equal(stdout, "editor true\n");
  });

  it("runs CommonJS programs, byte order marks and CRLF", async () => {
    const common = await programs.run({
      "main.cts":
        '\uFEFFimport torch = require("gradwalk");\r\nconst lib = require("./lib.cjs");\r\nconst y = torch.tensor([lib.two]).requires_grad_().mul(3);\r\nconsole.log(y.item(), require.main === module, module.exports === exports);\r\nthrow new Error("line 5");\r\n',
      "lib.cjs": "module.exports = { two: 2 };",
    });
    assert.equal(common.stdout, "6 true true\n");
    assert.deepEqual([common.end.error?.line, common.end.error?.column], [5, 7]);
    const y = common.document.bindings.find(({ name }) => name === "y");
    assert.deepEqual([y?.line, y?.column, y?.grad_fn], [3, 7, "MulBackward0"]);
  });
});
