/**
 * The architecture's walls (docs/architecture.md), as an allow-list: what is not named here is refused.
 * test/architecture proves with violating fixtures that every wall holds.
 */
const builtin = { dependencyTypes: ["core"] };
const within = (folder) => ({ from: { path: `^${folder}/` }, to: { path: `^${folder}/` } });
const mayImport = (folder, ...targets) =>
  targets.map((target) => ({
    from: { path: `^${folder}/` },
    to: typeof target === "string" ? { path: target } : target,
  }));
const npm = (name) => `node_modules/${name}(/|$)`;

const core = "^src/core/index\\.ts$";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-runtime-cycle",
      comment: "A module that needs itself to be loaded first works by luck. Type-only imports are free.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "not-resolvable",
      comment: "An import that nobody can resolve is a typo.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true, pathNot: "^(vscode|gradwalk)$|^worker:" },
    },
  ],
  allowedSeverity: "error",
  allowed: [
    ...[
      "protocol",
      "core",
      "instrument",
      "session",
      "code",
      "runner",
      "launcher",
      "adapter",
      "cli",
      "extension",
    ].map((f) => within(`src/${f}`)),
    within("webview"),
    ...mayImport("src/instrument", npm("typescript")),
    ...mayImport("src/session", "^src/protocol/"),
    ...mayImport(
      "src/runner",
      "^src/(protocol|instrument|code)/",
      core,
      npm("@jridgewell/trace-mapping"),
      builtin,
    ),
    ...mayImport("src/code", builtin),
    ...mayImport("src/launcher", "^src/(protocol|instrument)/", builtin),
    ...mayImport("src/adapter", "^src/(protocol|session|launcher)/", npm("@vscode/debugprotocol"), builtin),
    ...mayImport("src/cli", "^src/(protocol|session|launcher|adapter)/", builtin),
    ...mayImport(
      "src/extension",
      "^src/(protocol|session|launcher|adapter|code)/",
      "^vscode$",
      npm("@types/vscode"),
      npm("@vscode/debugprotocol"),
      builtin,
    ),
    // `worker:` is the build's spelling of a worker's whole script as text.
    ...mayImport("webview", "^src/protocol/", npm("cytoscape"), npm("@vscode/codicons"), "^worker:\\./"),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    builtInModules: { add: [] },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      conditionNames: ["import", "node", "default", "types"],
    },
    extraExtensionsToScan: [".css"],
  },
};
