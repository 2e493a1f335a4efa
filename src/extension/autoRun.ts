/** @file The setting gradwalk.runOn: runs again on save or a moment after an edit, without asking or popping up. */
import * as vscode from "vscode";
import type { Consent } from "./consent.js";
import { importsGradwalk, isProgram, openDocument, pathOf } from "./programs.js";
import type { RunController } from "./runController.js";
import { type RunOn, runOn } from "./settings.js";

/** Quiet time after the last key, milliseconds. */
const DEBOUNCE = 300;

export interface AutoRunParts {
  readonly runs: RunController;
  readonly consent: Consent;
  /** A debugger is at work, which another run would end. */
  debugging(): boolean;
}

export class AutoRun implements vscode.Disposable {
  #timer: NodeJS.Timeout | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly parts: AutoRunParts) {
    this.#subscriptions = [
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (runOn() === "save") this.#schedule(document, "save");
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && runOn() === "type") this.#schedule(document, "type");
      }),
    ];
  }

  #schedule(document: vscode.TextDocument, on: RunOn): void {
    if (!isProgram(document) || !vscode.workspace.isTrusted || this.parts.debugging()) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(document, on), on === "type" ? DEBOUNCE : 0);
  }

  #run(document: vscode.TextDocument, on: RunOn): void {
    const { runs, consent, debugging } = this.parts;
    const program = this.#programFor(document);
    // The person may have changed their mind since.
    if (!program || program.isClosed || debugging() || runOn() !== on) return;
    // To save is to say so.
    if (on === "type" && !consent.given(pathOf(program))) return;
    runs.start(program, true);
  }

  /** The program that is shown, where the document is one of its modules; else the document itself. */
  #programFor(document: vscode.TextDocument): vscode.TextDocument | undefined {
    const { shown } = this.parts.runs;
    if (shown && shown.session.text(pathOf(document)) !== null) return openDocument(shown.program.path);
    return importsGradwalk(document) ? document : undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
