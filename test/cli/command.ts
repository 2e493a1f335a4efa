/** @file The real command in a real process, built from the sources as they are. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { OUT, ROOT } from "../support/paths.js";
import { buildRunner } from "../support/runner.js";

/** Beside the command's bundle stand those that it loads, as in the package. */
const outdir = join(OUT, "test/package/dist");
const CLI = join(outdir, "cli.js");

let built: Promise<void> | null = null;

/** Builds once a process. */
export function buildCommand(): Promise<void> {
  built ??= buildAll();
  return built;
}

async function buildAll(): Promise<void> {
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    outdir,
    bundle: true,
    format: "esm",
    logLevel: "silent",
  };
  await build({ ...common, platform: "node", target: "node20", entryPoints: { cli: "src/cli/main.ts" } });
  await buildRunner(outdir);
  await build({ ...common, platform: "neutral", entryPoints: { picture: "webview/static.ts" } });
  // The page itself is the webview's affair and tested there; here it is only put into a file.
  await writeFile(join(outdir, "webview.js"), 'const closing = "</script><!--";\n');
  await writeFile(join(outdir, "webview.css"), "#gradwalk { height: 100% }\n");
  await writeFile(join(outdir, "../package.json"), '{ "type": "module", "version": "1.2.3" }\n');
}

export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** stdout as text. */
  readonly text: string;
}

export interface Calling {
  readonly cwd?: string;
  readonly input?: string;
  /** Called with what came out so far, whenever something did. */
  readonly onOutput?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Stop reading the output after the first piece. */
  readonly hangUp?: boolean;
}

export async function gradwalk(args: readonly string[], calling: Calling = {}): Promise<Outcome> {
  await buildCommand();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: calling.cwd ?? ROOT, stdio: "pipe" });
    const out: Buffer[] = [];
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out.push(chunk);
      calling.onOutput?.(Buffer.concat(out).toString(), (signal) => child.kill(signal));
      if (calling.hangUp) child.stdout.destroy();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (status, signal) => {
      const stdout = Buffer.concat(out);
      resolve({ status, signal, stdout, stderr, text: stdout.toString() });
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(calling.input ?? "");
  });
}

/** A folder with these files, and gone again after the work. */
export async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "gradwalk cli ü "));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
