/** @file The launcher, made when it is first needed, and warmed up when it will be. */
import * as vscode from "vscode";
import { Launcher } from "../launcher/launcher.js";
import { limits } from "./settings.js";

/** Not at once: what the window shows first comes first. */
const WARM_UP = 500;

export class RunnerHost implements vscode.Disposable {
  #launcher: Launcher | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly extension: vscode.Uri) {}

  get(): Launcher {
    this.#launcher ??= new Launcher({
      runner: vscode.Uri.joinPath(this.extension, "dist", "runner.js").fsPath,
      spare: true,
      memoryLimit: limits().memoryLimit,
    });
    return this.#launcher;
  }

  /** Keeps a runner waiting from now on; no program runs in it before somebody asks. */
  warmUp(): void {
    if (this.#launcher) this.#launcher.keepReady();
    else if (vscode.workspace.isTrusted) this.#timer ??= setTimeout(() => this.get(), WARM_UP);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#launcher?.dispose();
  }
}
