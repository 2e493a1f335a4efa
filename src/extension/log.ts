/** @file The output channel "Gradwalk Log", made when there is something to say: a start has nothing to tell. */
import * as vscode from "vscode";

export class Log implements vscode.Disposable {
  #channel: vscode.LogOutputChannel | undefined;

  error(error: unknown): void {
    this.#open().error(error instanceof Error ? error : String(error));
  }

  debug(message: string): void {
    this.#open().debug(message);
  }

  show(): void {
    this.#open().show();
  }

  #open(): vscode.LogOutputChannel {
    this.#channel ??= vscode.window.createOutputChannel("Gradwalk Log", { log: true });
    return this.#channel;
  }

  dispose(): void {
    this.#channel?.dispose();
  }
}
