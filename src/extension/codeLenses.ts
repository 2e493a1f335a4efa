/** @file CodeLenses: the commands above the first line, a readout above each line that binds a tensor. */
import * as vscode from "vscode";
import { importsGradwalk, LANGUAGES } from "./programs.js";
import type { LineReadout, Readouts } from "./readouts.js";
import { onDidChangeSetting, readoutPlace } from "./settings.js";

export class CodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly readouts: Readouts) {
    this.#subscriptions = [
      vscode.languages.registerCodeLensProvider(
        LANGUAGES.map((language) => ({ language })),
        this,
      ),
      readouts.onDidChange(() => this.#changed.fire()),
      onDidChangeSetting("readouts", () => this.#changed.fire()),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const lenses = importsGradwalk(document) || this.readouts.isProgram(document) ? actions(document) : [];
    if (readoutPlace() !== "codeLens") return lenses;
    return [...lenses, ...this.readouts.of(document).map(lens)];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

function actions({ uri }: vscode.TextDocument): vscode.CodeLens[] {
  const top = new vscode.Range(0, 0, 0, 0);
  return [
    new vscode.CodeLens(top, {
      title: "$(play) Run and show graph",
      tooltip: "Run this file's text, saved or not, and draw its grad_fn graph",
      command: "gradwalk.run",
      arguments: [uri],
    }),
    new vscode.CodeLens(top, {
      title: "$(debug-alt) Step backward pass",
      tooltip: "Walk the backward pass one node at a time",
      command: "gradwalk.step",
      arguments: [uri],
    }),
  ];
}

function lens({ line, text, tooltip, pass, node }: LineReadout): vscode.CodeLens {
  const range = new vscode.Range(line, 0, line, 0);
  // A command of "" is text that cannot be pressed.
  const command = pass === null ? "" : "gradwalk.showNode";
  return new vscode.CodeLens(range, { title: text, tooltip, command, arguments: [pass, node] });
}
