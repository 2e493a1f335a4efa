/** @file Runs each library's rows in a process of its own, in turn, and compares what they computed. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../support/paths.js";

export const PEERS = join(ROOT, "test", "bench", "peers");

export interface Library {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What one process said of one row. A digest is a weighted sum of an array and the sum of its magnitudes. */
interface Line {
  readonly version?: string;
  readonly row?: string;
  readonly ms?: number;
  readonly error?: string;
  readonly digests?: readonly (readonly [sum: number, size: number])[];
}

export interface Outcome {
  readonly ms: number[];
  digests: NonNullable<Line["digests"]> | null;
  error: string | null;
}

export interface Results {
  version: string;
  /** Why the library could not be measured at all. */
  error: string | null;
  readonly rows: Map<string, Outcome>;
}

const node = (file: string): Pick<Library, "command" | "args"> => ({
  command: process.execPath,
  args: [join(PEERS, "run.mjs"), `./${file}`],
});

export const GRADWALK: Library = { name: "Gradwalk", ...node("gradwalk.mjs") };

/** GRADWALK_PYTHON names a Python that has PyTorch and NumPy. */
export function libraries(): Library[] {
  const python = process.env.GRADWALK_PYTHON;
  return [
    GRADWALK,
    ...(python ? [{ name: "PyTorch", command: python, args: [join(PEERS, "pytorch.py")] }] : []),
    { name: "tfjs-wasm", ...node("tfjs.mjs") },
    { name: "jax-js jit", ...node("jax.mjs") },
    { name: "jax-js eager", ...node("jax.mjs"), env: { JAX_EAGER: "1" } },
    { name: "deepbox", ...node("deepbox.mjs") },
    { name: "js-pytorch", ...node("js-pytorch.mjs") },
    { name: "adnn", ...node("adnn.mjs") },
  ];
}

interface Exit {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Exit> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", (error) => resolve({ status: null, stdout, stderr: error.message }));
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** Installs the peers where the lock file's are missing. Their install scripts are not run: none is needed. */
export async function installPeers(): Promise<void> {
  const installed = join(PEERS, "node_modules", ".package-lock.json");
  const wanted = join(PEERS, "package-lock.json");
  if (existsSync(installed) && (await sameVersions(wanted, installed))) return;
  console.log("Installing the peers …");
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const npm = process.env.npm_execpath;
  const { status, stderr } = npm?.endsWith("npm-cli.js")
    ? await run(process.execPath, [npm, ...args], PEERS)
    : await run("npm", args, PEERS);
  if (status !== 0) console.log(`npm ci failed, so peers may be missing:\n${stderr}`);
}

async function sameVersions(wanted: string, installed: string): Promise<boolean> {
  interface Lock {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>;
  }
  const [a, b] = (await Promise.all([wanted, installed].map((file) => readFile(file, "utf8")))).map(
    (text) => JSON.parse(text) as Lock,
  );
  return Object.entries(a!.packages).every(
    ([path, { version, optional }]) =>
      path === "" || optional === true || b!.packages[path]?.version === version,
  );
}

/** Adds one process's measurements to `results`. */
export async function measureOnce(
  library: Library,
  rows: readonly string[],
  results: Results,
): Promise<void> {
  const { status, stdout, stderr } = await run(
    library.command,
    [...library.args, ...rows],
    PEERS,
    library.env,
  );
  const lines = stdout
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  if (lines.length === 0 || status !== 0) {
    const said = stderr.split("\n").find((line) => /error/i.test(line)) ?? `exit status ${status}`;
    results.error = said.replaceAll(ROOT, "…");
  }
  for (const { version, row, ms, error, digests } of lines) {
    if (version !== undefined) results.version = version;
    if (row === undefined) continue;
    const outcome = results.rows.get(row) ?? { ms: [], digests: null, error: null };
    results.rows.set(row, outcome);
    if (ms !== undefined) outcome.ms.push(ms);
    outcome.error = error ?? null;
    outcome.digests = digests ?? null;
  }
}

/** Relative: single precision, sums of a million terms in different orders, ten steps of training. */
const TOLERANCE = 1e-4;

/** Whether two libraries computed the same values and gradients. */
export function agree(a: Outcome, b: Outcome): boolean {
  if (a.digests === null || b.digests === null || a.digests.length !== b.digests.length) return false;
  return a.digests.every(([sum, size], i) => {
    const [otherSum, otherSize] = b.digests![i]!;
    const scale = TOLERANCE * Math.max(size, otherSize);
    return Math.abs(sum - otherSum) <= scale && Math.abs(size - otherSize) <= scale;
  });
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
