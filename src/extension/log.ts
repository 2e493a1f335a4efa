/** @file The output channel "Gradwalk Log", made when there is something to say: a start has nothing to tell. */
import * as vscode from "vscode";

type Level = "trace" | "debug" | "info" | "warn" | "error";

/** Lines that a report quotes. */
const RECENT = 100;

export class Log implements vscode.Disposable {
  #channel: vscode.LogOutputChannel | undefined;
  readonly #recent: string[] = [];

  error(error: unknown): void {
    this.#note("error", error instanceof Error ? (error.stack ?? error.message) : String(error));
    this.#open().error(error instanceof Error ? error : String(error));
  }

  warn(message: string): void {
    this.#note("warn", message);
    this.#open().warn(message);
  }

  /** What a person who looks for the reason of something wants to know: runs, and how they ended. */
  info(message: string): void {
    this.#note("info", message);
    this.#open().info(message);
  }

  debug(message: string): void {
    this.#note("debug", message);
    this.#open().debug(message);
  }

  /** The newest lines, whatever level the channel shows. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  show(): void {
    this.#open().show();
  }

  #note(level: Level, message: string): void {
    this.#recent.push(`${new Date().toISOString()} [${level}] ${message}`);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }

  #open(): vscode.LogOutputChannel {
    this.#channel ??= vscode.window.createOutputChannel("Gradwalk Log", { log: true });
    return this.#channel;
  }

  dispose(): void {
    this.#channel?.dispose();
  }
}
