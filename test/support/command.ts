/** @file Child processes for scripts: quiet while all is well, everything they said when it is not. */
import { spawn } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Pass the output through instead of keeping it for the error. */
  readonly show?: boolean;
}

export interface CommandResult {
  readonly status: number;
  readonly output: string;
}

/** Runs a command to its end, whatever its status. */
export function tryCommand(file: string, args: readonly string[], options: CommandOptions = {}) {
  return new Promise<CommandResult>((resolve) => {
    const child = spawn(file, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", options.show ? "inherit" : "pipe", options.show ? "inherit" : "pipe"],
      // npm is a batch file on Windows, which only a shell can start.
      shell: process.platform === "win32" && !file.endsWith(".exe"),
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => resolve({ status: 127, output: error.message }));
    child.on("close", (code, signal) =>
      resolve({ status: code ?? (signal ? 128 : 1), output: Buffer.concat(chunks).toString() }),
    );
  });
}

/** Runs a command and throws all that it printed when it fails. */
export async function command(file: string, args: readonly string[], options: CommandOptions = {}) {
  const { status, output } = await tryCommand(file, args, options);
  if (status !== 0) {
    const where = options.cwd ? ` (in ${options.cwd})` : "";
    throw new Error(`${[file, ...args].join(" ")}${where} ended with status ${status}\n${output}`);
  }
  return output;
}

/** `npm` as the one that started us, without what it told its scripts about the project around. */
export async function npm(args: readonly string[], cwd: string): Promise<void> {
  const env: Record<string, string | undefined> = { npm_config_local_prefix: undefined };
  for (const key of Object.keys(process.env)) {
    if (/^npm_(package|lifecycle)_/.test(key)) env[key] = undefined;
  }
  const quiet = ["--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
  const cli = process.env.npm_execpath;
  if (cli?.endsWith("npm-cli.js")) await command(process.execPath, [cli, ...args, ...quiet], { cwd, env });
  else await command("npm", [...args, ...quiet], { cwd, env });
}

/** First of the names found on PATH, or undefined. */
export async function which(...names: readonly string[]): Promise<string | undefined> {
  const finder = process.platform === "win32" ? "where" : "which";
  for (const name of names) {
    const { status, output } = await tryCommand(finder, [name]);
    const found = output.split(/\r?\n/)[0]?.trim();
    if (status === 0 && found) return found;
  }
  return undefined;
}
