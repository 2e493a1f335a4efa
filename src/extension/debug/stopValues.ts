/** @file At a stop, the gradient of each variable as of the step, at the end of its line. */
import * as vscode from "vscode";
import { LANGUAGES } from "../programs.js";
import type { Readouts } from "../readouts.js";
import { readoutPlace } from "../settings.js";
import type { Standing } from "../standing.js";
import { DEBUG_TYPE } from "./configurations.js";

export class StopValues implements vscode.InlineValuesProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlineValues = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly readouts: Readouts,
    standing: Standing,
  ) {
    this.#subscriptions = [
      vscode.languages.registerInlineValuesProvider(
        LANGUAGES.map((language) => ({ language })),
        this,
      ),
      standing.onDidChange(() => this.#changed.fire()),
    ];
  }

  provideInlineValues(document: vscode.TextDocument, viewPort: vscode.Range): vscode.InlineValue[] {
    if (vscode.debug.activeDebugSession?.type !== DEBUG_TYPE) return [];
    // The readouts say the same, above the line or at its end.
    if (readoutPlace() !== "off") return [];
    return this.readouts.of(document).flatMap(({ line, gradient }) => {
      if (gradient === null || line < viewPort.start.line || line > viewPort.end.line) return [];
      const { range } = document.lineAt(line);
      return [new vscode.InlineValueText(range, gradient)];
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}
