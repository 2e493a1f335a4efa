/**
 * @file Whether readouts are marked as stale. While programs run as one types, the next result is nearly there:
 * marking for that moment would be flicker, so the mark waits until the text has been ahead for a while.
 */
import * as vscode from "vscode";
import type { LiveText } from "./liveText.js";
import type { RunController } from "./runController.js";
import { runOn } from "./settings.js";

/** As long as a quick run takes from the last key, milliseconds. */
const PATIENCE = 1200;

export class Freshness implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #overdue = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #subscription: vscode.Disposable;

  constructor(
    runs: RunController,
    private readonly live: LiveText,
  ) {
    this.#subscription = runs.onDidChange(() => this.#follow());
  }

  get dimmed(): boolean {
    return this.live.stale && (runOn() !== "type" || this.#overdue);
  }

  #follow(): void {
    if (!this.live.stale) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#overdue = false;
      return;
    }
    if (this.#overdue || this.#timer || runOn() !== "type") return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#overdue = this.live.stale;
      if (this.#overdue) this.#changed.fire();
    }, PATIENCE);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
