/** @file The setting gradwalk.runOn: runs again on save or a moment after an edit, without asking or popping up. */
import * as vscode from "vscode";
import { importsGradwalk, isProgram, openDocument, pathOf } from "./programs.js";
import type { RunController } from "./runController.js";
import { runOn } from "./settings.js";

/** Quiet time after the last key, milliseconds. */
const DEBOUNCE = 300;

export class AutoRun implements vscode.Disposable {
  #timer: NodeJS.Timeout | undefined;
  readonly #subscriptions: vscode.Disposable[];

  /** @param debugging a debugger is at work, which another run would end */
  constructor(
    private readonly runs: RunController,
    private readonly debugging: () => boolean,
  ) {
    this.#subscriptions = [
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (runOn() === "save") this.#schedule(document, 0);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && runOn() === "type") this.#schedule(document, DEBOUNCE);
      }),
    ];
  }

  #schedule(document: vscode.TextDocument, delay: number): void {
    if (!isProgram(document) || !vscode.workspace.isTrusted || this.debugging()) return;
    const program = this.#programFor(document);
    if (!program) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (program.isClosed || this.debugging()) return;
      this.runs.start(program);
    }, delay);
  }

  /** The program that is shown, where the document is one of its modules; else the document itself. */
  #programFor(document: vscode.TextDocument): vscode.TextDocument | undefined {
    const { shown } = this.runs;
    if (shown && shown.session.text(pathOf(document)) !== null) return openDocument(shown.program.path);
    return importsGradwalk(document) ? document : undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
