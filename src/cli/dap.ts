/** @file `gradwalk dap`: the debug adapter alone, on this process's streams or on a socket. */
import { serve, serveSocket } from "../adapter/serve.js";
import { Launcher } from "../launcher/launcher.js";
import type { DapCall } from "./arguments.js";
import { runnerPath } from "./runner.js";
import { UsageError } from "./usage.js";

/** @returns the exit status */
export async function dap({ port }: DapCall): Promise<number> {
  const launcher = new Launcher({ runner: runnerPath() });
  // Whatever ends this process, the programs' go first.
  process.on("exit", () => launcher.dispose());
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop.abort());
  try {
    if (port === null) await serve(process.stdin, process.stdout, launcher, stop.signal);
    else await serveOn(port, launcher, stop.signal);
    return 0;
  } finally {
    launcher.dispose();
  }
}

async function serveOn(port: number, launcher: Launcher, stop: AbortSignal): Promise<void> {
  let server: Awaited<ReturnType<typeof serveSocket>>;
  try {
    server = await serveSocket(port, launcher, stop);
  } catch (error) {
    throw new UsageError(`--port ${port} can't be listened on: ${(error as Error).message}`);
  }
  // Whoever started this reads here that it can connect, and where.
  process.stdout.write(`gradwalk dap: listening on 127.0.0.1:${server.port}\n`);
  await server.closed;
}
