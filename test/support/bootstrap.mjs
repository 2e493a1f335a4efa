/**
 * @file The first step of `npm start` and `npm test`: needs nothing but Node. Installs the dependencies where
 * they are missing or not the ones of the lock file, then hands over: `node bootstrap.mjs <script> [args …]`
 * runs test/support/<script>.ts.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** The packages that a lock file names, without the ones that npm leaves out on other platforms. */
function lockedPackages(file) {
  if (!existsSync(file)) return null;
  const { packages } = JSON.parse(readFileSync(file, "utf8"));
  return Object.entries(packages).filter(([path]) => path !== "");
}

/** Whether node_modules holds what package-lock.json asks for; npm keeps a record of what it installed. */
function isInstalled() {
  const wanted = lockedPackages(join(root, "package-lock.json"));
  const found = new Map(lockedPackages(join(root, "node_modules", ".package-lock.json")) ?? []);
  return wanted.every(([path, { version, optional }]) => {
    const installed = found.get(path);
    return installed ? installed.version === version : optional === true;
  });
}

function install() {
  console.log("Installing dependencies …");
  const cli = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: root, encoding: "utf8" };
  const result = cli?.endsWith("npm-cli.js")
    ? spawnSync(process.execPath, [cli, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (result.status === 0) return;
  console.error(`npm ci failed:\n${result.error?.message ?? ""}${result.stdout ?? ""}${result.stderr ?? ""}`);
  process.exit(1);
}

/** Two commands started at once must not install over each other. */
function installOnce() {
  const lock = join(root, ".installing");
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, "pid"), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (!holderLives(join(lock, "pid"))) rmSync(lock, { recursive: true, force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  }
  try {
    if (!isInstalled()) install();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function holderLives(file) {
  try {
    process.kill(Number(readFileSync(file, "utf8")), 0);
    return true;
  } catch (error) {
    // Not written yet, or another user's: somebody is there.
    return error.code === "ENOENT" || error.code === "EPERM";
  }
}

const major = Number(process.versions.node.split(".")[0]);
if (major < 20) {
  console.error(`Gradwalk needs Node 20 or newer; this is ${process.version}.`);
  process.exit(1);
}
if (!isInstalled()) installOnce();
const [script, ...args] = process.argv.slice(2);
const child = spawnSync(
  process.execPath,
  ["--import", "tsx", join(root, "test", "support", `${script}.ts`), ...args],
  { cwd: root, stdio: "inherit" },
);
process.exitCode = child.status ?? 1;
