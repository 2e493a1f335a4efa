/** @file Installs a VS Code server from the npm registry into `.vscode-test/`, once. */
import { existsSync } from "node:fs";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { npm, which } from "../../support/command.js";
import { withLock } from "../../support/lock.js";
import { HOSTS } from "../../support/paths.js";
import type { HostVersion } from "./versions.js";

export interface InstalledHost {
  /** `lib/vscode` of code-server. */
  readonly folder: string;
  readonly node: string;
}

/** The installed server of `version`; installs it first where it is missing (20 to 40 s). */
export async function installHost(version: HostVersion): Promise<InstalledHost> {
  const target = join(HOSTS, `code-server-${version.codeServer}`);
  await once(target, async (folder) => {
    await npm(["install", "--ignore-scripts", `code-server@${version.codeServer}`], folder);
    const server = serverFolder(folder);
    await npm(["install", "--ignore-scripts", "--omit=dev"], server);
    await npm(["install", "--ignore-scripts", "--omit=dev"], join(server, "extensions"));
    await linkRipgrep(server);
  });
  return { folder: serverFolder(target), node: await nodeBinary(version.node) };
}

/** This process's Node where its major version fits, else the binary from npm. */
async function nodeBinary(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const target = join(HOSTS, `node-${major}`);
  await once(target, (folder) => npm(["install", "--ignore-scripts", `${name}@${major}`], folder));
  return join(target, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
}

function serverFolder(root: string): string {
  return join(root, "node_modules", "code-server", "lib", "vscode");
}

/** Fills `target` through a folder beside it that is renamed when complete, so that none is ever half done. */
async function once(target: string, fill: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  await withLock(`${target}.lock`, async () => {
    if (existsSync(target)) return;
    const partial = `${target}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    // A package.json of its own keeps npm from climbing up into the project.
    await writeFile(join(partial, "package.json"), '{ "private": true }\n');
    await fill(partial);
    await rename(partial, target);
  });
}

/** The oldest server brings no ripgrep; searching in the workbench then needs one from the system. */
async function linkRipgrep(server: string): Promise<void> {
  const bin = join(server, "node_modules", "@vscode", "ripgrep", "bin");
  const found = await which("rg");
  if (!found || existsSync(join(bin, "rg"))) return;
  await mkdir(bin, { recursive: true });
  await symlink(found, join(bin, "rg"));
}
