/**
 * @file Builds everything in dist/ from source: `node esbuild.mjs [--minify]`.
 * What each bundle is made of is written to out/meta, for the tests of the architecture and of the size.
 */
import { chmod, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { build } from "esbuild";
import { runnerBuilds, wrapped } from "./esbuild.runner.mjs";
import { typescriptPart } from "./esbuild.typescript.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const minify = process.argv.includes("--minify");
const node = { platform: "node", target: "node20" };

/**
 * One module for VS Code's API. Without it, every file that imports the API makes a copy of its some 400 names
 * when the extension is loaded, which takes longer than everything else at the start.
 */
const vscodeOnce = {
  name: "vscode-once",
  setup(build) {
    build.onResolve({ filter: /^vscode$/ }, ({ namespace }) =>
      namespace === "vscode" ? { path: "vscode", external: true } : { path: "vscode", namespace: "vscode" },
    );
    build.onLoad({ filter: /.*/, namespace: "vscode" }, async () => {
      const types = await readFile(join(root, "node_modules/@types/vscode/index.d.ts"), "utf8");
      const names = [...types.matchAll(/^\texport (?:class|enum|namespace|const) (\w+)/gm)].map(
        ([, name]) => name,
      );
      return { contents: `export const { ${[...new Set(names)].join(", ")} } = require("vscode");` };
    });
  },
};

/** `import code from "worker:./x.js"`: a worker's whole script as text, for pages that may load no other. */
const workerAsText = {
  name: "worker-as-text",
  setup(build) {
    build.onResolve({ filter: /^worker:/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.slice("worker:".length).replace(/\.js$/, ".ts")),
      namespace: "worker",
    }));
    build.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const result = await bundle(basename(path, ".ts"), {
        entryPoints: [path],
        format: "iife",
        write: false,
      });
      return { contents: result.outputFiles[0].text, loader: "text", watchFiles: [path] };
    });
  },
};

/** Bundles whose metafile goes to out/meta/<name>.json. */
async function bundle(name, options) {
  const result = await build({
    absWorkingDir: root,
    bundle: true,
    minify,
    metafile: true,
    target: "es2022",
    logLevel: "warning",
    legalComments: "none",
    // Error names and class names are shown to people.
    keepNames: minify,
    ...options,
  });
  await writeFile(join(root, "out/meta", `${name}.json`), JSON.stringify(result.metafile));
  return result;
}

function bundles() {
  return {
    extension: {
      ...node,
      ...wrapped,
      entryPoints: ["src/extension/extension.ts"],
      outfile: "dist/extension.code.js",
      format: "cjs",
      plugins: [vscodeOnce],
    },
    "extension-start": {
      ...node,
      entryPoints: ["src/extension/start.ts"],
      outfile: "dist/extension.cjs",
      format: "cjs",
    },
    ...runnerBuilds("dist", "./typescript.cjs"),
    cli: {
      ...node,
      format: "esm",
      entryPoints: ["src/cli/main.ts"],
      outfile: "dist/cli.js",
      banner: { js: "#!/usr/bin/env node" },
    },
    webview: {
      entryPoints: { webview: "webview/main.ts" },
      outdir: "dist",
      format: "iife",
      platform: "browser",
      plugins: [workerAsText],
      loader: { ".svg": "text" },
    },
    // The page's drawing for `gradwalk run --svg` and `--dot`, which loads it when asked for a picture.
    picture: {
      entryPoints: ["webview/static.ts"],
      outfile: "dist/picture.js",
      format: "esm",
      platform: "neutral",
    },
    // Nobody runs this one: it proves that the core needs neither Node nor a browser.
    core: { entryPoints: ["src/core/index.ts"], outfile: "out/core.js", format: "esm", platform: "neutral" },
    compiler: {
      ...node,
      entryPoints: ["src/runner/typescript.ts"],
      outfile: "dist/typescript.cjs",
      format: "cjs",
      footer: { js: "module.exports = module.exports.typescript;" },
    },
    typescript: {
      ...node,
      entryPoints: ["node_modules/typescript/lib/typescript.js"],
      ...wrapped,
      outfile: "dist/typescript.code.js",
      format: "cjs",
      minify: true,
      keepNames: false,
      plugins: [typescriptPart(join(root, "src/instrument"))],
    },
  };
}

/** The core's WebAssembly kernels. Nothing is imported by them and nothing of a runtime is in them. */
async function compileKernels() {
  const { error, stderr } = await asc.main([
    join(root, "wasm/index.ts"),
    ...["--outFile", join(root, "dist/kernels.wasm"), "--runtime", "stub", "--noAssert", "-O3"],
    ...["--shrinkLevel", "0", "--enable", "simd", "--enable", "bulk-memory", "--disableWarning", "112"],
  ]);
  if (error) throw new Error(`The kernels do not compile.\n${stderr}`);
}

/** The licences of what is bundled, as their authors ask. */
async function writeNotices(metafiles) {
  const packages = new Set();
  for (const { inputs } of metafiles) {
    for (const path of Object.keys(inputs)) {
      const match = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
      if (match) packages.add(match[1]);
    }
  }
  const notices = await Promise.all(
    [...packages].sort().map(async (name) => {
      const folder = join(root, "node_modules", name);
      const { version } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const texts = ["LICENSE", "LICENSE.txt", "LICENSE.md"].map((file) =>
        readFile(join(folder, file), "utf8"),
      );
      return `${name} ${version}\n\n${(await Promise.any(texts)).trim()}\n`;
    }),
  );
  await writeFile(join(root, "dist/NOTICES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));
}

/** The core's declarations, which `gradwalk.addTypes` writes into a workspace; `tsc -b src/core` made them. */
async function copyTypes() {
  await cp(join(root, "out/types/src/core"), join(root, "dist/types"), {
    recursive: true,
    filter: (path) => !/\.(map|tsbuildinfo)$/.test(path),
  });
}

// A package must hold nothing that an older build left behind.
if (minify) await rm(join(root, "dist"), { recursive: true, force: true });
await mkdir(join(root, "out/meta"), { recursive: true });
await mkdir(join(root, "dist"), { recursive: true });
const kernels = compileKernels();
const results = await Promise.all(Object.entries(bundles()).map(([name, options]) => bundle(name, options)));
await kernels;
await chmod(join(root, "dist/cli.js"), 0o755);
await writeNotices(results.map((result) => result.metafile));
await copyTypes();
