/**
 * @file The part of TypeScript that the runner uses. The package is one file that keeps everything alive, by its
 * table of exports and by services that register themselves; with both cut to what is used, esbuild drops a third.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The file from its first declaration to its last, and its table of exports. */
const SHAPE =
  /^var ts = \{\}; \(\(module\) => \{\n([\s\S]*)^var typescript_exports = \{\};\n__export\(typescript_exports, \{\n([\s\S]*?)\n\}\);\nmodule\.exports = __toCommonJS\(typescript_exports\);\n([\s\S]*?)^\/\/ src\/server\//m;

/** Leaves of TypeScript's file what the files of a folder name as `ts.…`. */
export function typescriptPart(folder) {
  return {
    name: "typescript-part",
    setup(build) {
      // It hashes the files that it watches, which is not done here.
      build.onResolve({ filter: /^crypto$/ }, ({ path }) => ({ path, namespace: "none" }));
      build.onLoad({ filter: /.*/, namespace: "none" }, () => ({ contents: "" }));
      build.onLoad({ filter: /[\\/]typescript\.js$/ }, async ({ path }) => {
        const match = SHAPE.exec(await readFile(path, "utf8"));
        if (!match)
          throw new Error("This version of TypeScript is laid out differently: see esbuild.typescript.mjs.");
        const [, head, table, body] = match;
        const named = await namesIn(folder);
        const exported = [...table.matchAll(/^ {2}(\w+): \(\) => (\w+),?$/gm)]
          .filter(([, name, local]) => named.has(name) && declares(body, local))
          .map(([, name, local]) => `${local} as ${name}`);
        const quiet = body.replace(/^register(?:CodeFix|Refactor)\(/gm, "/* @__PURE__ */ $&");
        return { contents: `${head}${quiet}\nexport { ${exported.join(", ")} };` };
      });
    },
  };
}

/** Not every name stands for a value, and a comment may mention what is not used. */
function declares(body, name) {
  return new RegExp(`^(?:async )?(?:function\\*?|var|let|const|class) ${name}\\b`, "m").test(body);
}

async function namesIn(folder) {
  const names = new Set();
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".ts")) continue;
    for (const [, name] of (await readFile(join(folder, file), "utf8")).matchAll(/\bts\.(\w+)/g))
      names.add(name);
  }
  return names;
}
