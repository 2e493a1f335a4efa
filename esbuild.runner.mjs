/** @file How the runner is built, for the package and for tests. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const node = { absWorkingDir: root, bundle: true, platform: "node", target: "node20" };

/** As Node wraps a CommonJS file, for what src/code/loadCode.ts loads. */
export const wrapped = {
  banner: { js: "(function(exports,require,module,__filename,__dirname){" },
  footer: { js: "})" },
};

/**
 * Options of esbuild's builds that make the runner in a folder.
 * @param {string} outdir
 * @param {string} typescript where the runner, there, finds the compiler
 */
export function runnerBuilds(outdir, typescript) {
  const compiler = {
    name: "typescript-beside",
    setup(build) {
      build.onResolve({ filter: /^typescript$/ }, ({ namespace }) =>
        namespace === "typescript"
          ? { path: typescript, external: true }
          : { path: "typescript", namespace: "typescript" },
      );
      // Its names as they are: a namespace with a copy of all of them takes as long as half of the compiler.
      build.onLoad({ filter: /.*/, namespace: "typescript" }, () => ({
        contents: 'export default require("typescript");',
      }));
    },
  };
  return {
    runner: {
      ...node,
      entryPoints: ["src/runner/runner.ts"],
      outfile: join(outdir, "runner.js"),
      format: "esm",
    },
    "runner-begin": {
      ...node,
      entryPoints: ["src/runner/begin.ts"],
      outfile: join(outdir, "runner-begin.cjs"),
      format: "cjs",
    },
    "runner-watch": {
      ...node,
      entryPoints: ["src/runner/watch.ts"],
      outfile: join(outdir, "runner-watch.cjs"),
      format: "cjs",
    },
    "runner.code": {
      ...node,
      ...wrapped,
      entryPoints: ["src/runner/main.ts"],
      outfile: join(outdir, "runner.code.js"),
      format: "cjs",
      plugins: [compiler],
    },
  };
}
