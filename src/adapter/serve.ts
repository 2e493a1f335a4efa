/** @file The adapter alone, for any DAP client: on a pair of streams, or on a socket. */
import { createServer, type Server, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { DebugProtocol } from "@vscode/debugprotocol";
import { GradwalkAdapter } from "./adapter.js";
import { BrokenStream, frame, MessageReader } from "./framing.js";
import type { ProgramLauncher } from "./types.js";

/**
 * Serves one client.
 * @param stop ends the session as if the client had gone
 * @returns resolves when the client has gone, and what it launched with it
 */
export async function serve(
  input: Readable,
  output: Writable,
  launcher: ProgramLauncher,
  stop: AbortSignal,
): Promise<void> {
  const done = new AbortController();
  const end = (): void => done.abort();
  const adapter = new GradwalkAdapter({
    launcher,
    send(message) {
      if (!output.writable) return;
      output.write(frame(message));
      const { type, command } = message as DebugProtocol.Response;
      // A client that has said goodbye need not close the stream.
      if (type === "response" && command === "disconnect") end();
    },
  });
  const reader = new MessageReader();
  input.on("data", (chunk: Buffer) => {
    try {
      for (const message of reader.push(chunk)) adapter.handle(message as DebugProtocol.ProtocolMessage);
    } catch (error) {
      if (!(error instanceof BrokenStream)) throw error;
      process.stderr.write(`gradwalk dap: the client does not speak DAP: ${error.message}\n`);
      end();
    }
  });
  for (const event of ["end", "close", "error"]) input.on(event, end);
  for (const event of ["close", "error"]) output.on(event, end);
  await new Promise<void>((resolve) => {
    if (stop.aborted || done.signal.aborted) resolve();
    stop.addEventListener("abort", () => resolve(), { once: true });
    done.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await adapter.dispose();
  input.destroy();
  output.end();
}

/**
 * Serves every client that connects to a port of this machine.
 * @param port 0: any that is free
 * @returns the server, listening
 */
export async function serveSocket(
  port: number,
  launcher: ProgramLauncher,
  stop: AbortSignal,
): Promise<{ readonly port: number; readonly closed: Promise<void> }> {
  const sessions = new Set<Promise<void>>();
  const server = createServer((socket: Socket) => {
    const session = serve(socket, socket, launcher, stop).finally(() => sessions.delete(session));
    sessions.add(session);
  });
  await listening(server, port);
  const closed = new Promise<void>((resolve) => {
    const close = (): void => {
      server.close();
      void Promise.all(sessions).then(() => resolve());
    };
    if (stop.aborted) close();
    else stop.addEventListener("abort", close, { once: true });
  });
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : port, closed };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Whoever reaches the port runs programs here: nobody from elsewhere shall.
    server.listen(port, "127.0.0.1", () => resolve());
  });
}
