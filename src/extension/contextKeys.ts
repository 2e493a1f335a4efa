/** @file The context keys that package.json's `when` clauses ask. */
import * as vscode from "vscode";
import type { Pin } from "./pin.js";
import { importsGradwalk } from "./programs.js";
import type { RunController } from "./runController.js";

export class ContextKeys implements vscode.Disposable {
  readonly #values = new Map<string, boolean>();
  readonly #subscriptions: vscode.Disposable[];

  /** @param onRelevant called when a program that uses the library is in front */
  constructor(
    private readonly runs: RunController,
    private readonly pin: Pin,
    private readonly onRelevant: () => void,
  ) {
    this.#subscriptions = [
      runs.onDidChange(() => this.#update()),
      pin.onDidChange(() => this.#update()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#update()),
      vscode.workspace.onDidOpenTextDocument(() => this.#update()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) this.#update();
      }),
    ];
    this.#update();
  }

  #update(): void {
    const document = vscode.window.activeTextEditor?.document;
    const relevant = document !== undefined && importsGradwalk(document);
    if (relevant) this.onRelevant();
    // The panel in front leaves the button of the editor beside it as it is.
    if (document) this.#set("relevant", relevant);
    this.#set("running", this.runs.running);
    const { shown } = this.runs;
    this.#set("hasRun", shown !== null);
    this.#set("pinned", this.pin.pinned !== null);
    const kept = shown?.session.outline().passes.filter((pass) => pass.kept) ?? [];
    this.#set("hasIterations", kept.length > 1);
  }

  #set(name: string, value: boolean): void {
    if (this.#values.get(name) === value) return;
    this.#values.set(name, value);
    void vscode.commands.executeCommand("setContext", `gradwalk.${name}`, value);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
