/** @file Starts and stops a VS Code server; every one has empty folders for its data and extensions. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installHost } from "./install.js";
import type { HostVersion } from "./versions.js";

export interface ServerOptions {
  /** Ask whether a folder is trusted, as a new user is asked; off by default. */
  readonly workspaceTrust?: boolean;
  /** Machine settings, the ones below any workspace's. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the server and its extension hosts. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly port: number;
  /** Everything that it printed. */
  readonly log: () => string;
  stop(): Promise<void>;
}

/** What no test wants to see: tips, updates, tours, assistants. */
const QUIET_SETTINGS: Readonly<Record<string, unknown>> = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.cursorBlinking": "solid",
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "telemetry.telemetryLevel": "off",
  "typescript.disableAutomaticTypeAcquisition": true,
  "typescript.tsserver.useSyntaxServer": "never",
  "update.mode": "none",
};

export async function startServer(version: HostVersion, options: ServerOptions = {}): Promise<Server> {
  const host = await installHost(version);
  const folder = await mkdtemp(join(tmpdir(), `gradwalk-${version.name}-`));
  const data = join(folder, "data");
  await mkdir(join(data, "Machine"), { recursive: true });
  const settings = { ...QUIET_SETTINGS, ...options.settings };
  await writeFile(join(data, "Machine", "settings.json"), JSON.stringify(settings));
  const child = spawn(host.node, serverArguments(host.folder, folder, version, options), {
    cwd: folder,
    env: { ...serverEnvironment(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    // Its own process group, so that stopping it takes its extension hosts along.
    detached: process.platform !== "win32",
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk));
  const emergency = () => killGroup(child);
  process.once("exit", emergency);
  const port = await listening(child, () => text);
  return {
    port,
    log: () => text,
    async stop() {
      process.off("exit", emergency);
      const gone = new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) resolve();
        else child.once("exit", () => resolve());
      });
      killGroup(child);
      await gone;
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

function serverArguments(folder: string, own: string, version: HostVersion, options: ServerOptions) {
  return [
    join(folder, "out", "server-main.js"),
    "--host=127.0.0.1",
    "--port=0",
    "--without-connection-token",
    "--accept-server-license-terms",
    `--server-data-dir=${own}`,
    `--user-data-dir=${join(own, "data")}`,
    `--extensions-dir=${join(own, "extensions")}`,
    "--telemetry-level=off",
    ...(options.workspaceTrust ? [] : ["--disable-workspace-trust"]),
    ...version.flags,
  ];
}

/** Without what VS Code's own terminal or a debugger put there; the server would listen to it. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const key of Object.keys(env)) {
    if (/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_)/.test(key)) delete env[key];
  }
  return env;
}

function listening(child: ChildProcess, log: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const match = /Extension host agent listening on (\d+)/.exec(log());
      if (match) resolve(Number(match[1]));
    };
    child.stdout?.on("data", look);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the VS Code server ended with ${code}\n${log()}`)));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
