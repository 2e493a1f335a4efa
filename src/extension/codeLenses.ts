/** @file CodeLenses: the commands above the first line, a readout above each line that binds a tensor. */
import * as vscode from "vscode";
import type { LineReadout } from "./lineReadout.js";
import { importsGradwalk, isSource, LANGUAGES } from "./programs.js";
import type { Readouts } from "./readouts.js";
import { onDidChangeSetting, readoutPlace } from "./settings.js";
import { t } from "./words.js";

/** A lens that has its place, and gets its words once it is in view. */
class ReadoutLens extends vscode.CodeLens {
  constructor(
    line: number,
    readonly tell: () => vscode.Command,
  ) {
    super(new vscode.Range(line, 0, line, 0));
  }
}

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
    if (!isSource(document)) return [];
    const lenses = importsGradwalk(document) || this.readouts.isProgram(document) ? actions(document) : [];
    if (readoutPlace() !== "codeLens") return lenses;
    return [...lenses, ...this.readouts.of(document).flatMap(lensesOf)];
  }

  resolveCodeLens(lens: vscode.CodeLens): vscode.CodeLens {
    if (lens instanceof ReadoutLens) lens.command = lens.tell();
    return lens;
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
      title: `$(play) ${t("Run and show graph")}`,
      tooltip: t("Run this file's text, saved or not, and draw its grad_fn graph"),
      command: "gradwalk.run",
      arguments: [uri],
    }),
    new vscode.CodeLens(top, {
      title: `$(debug-alt) ${t("Step backward pass")}`,
      tooltip: t("Walk the backward pass one node at a time"),
      command: "gradwalk.step",
      arguments: [uri],
    }),
  ];
}

function lensesOf(readout: LineReadout): vscode.CodeLens[] {
  const { line, loop } = readout;
  const lens = new ReadoutLens(line, () => {
    const { text, tooltip, pass, node } = readout;
    // A command of "" is text that cannot be pressed.
    return {
      title: text,
      tooltip,
      command: pass === null ? "" : "gradwalk.showNode",
      arguments: [pass, node],
    };
  });
  if (!loop) return [lens];
  const at = loop.passes.indexOf(loop.at);
  const to = (icon: string, tooltip: string, pass: number | undefined) =>
    new ReadoutLens(line, () => ({
      title: `$(${icon})`,
      tooltip,
      command: pass === undefined ? "" : "gradwalk.goToIteration",
      arguments: [pass],
    }));
  return [
    lens,
    to(
      "chevron-left",
      t("Show the previous iteration, in all readouts and in the graph"),
      loop.passes[at - 1],
    ),
    new ReadoutLens(line, () => ({
      title: loop.name,
      tooltip: t("Go to an iteration"),
      command: "gradwalk.goToIteration",
    })),
    to("chevron-right", t("Show the next iteration, in all readouts and in the graph"), loop.passes[at + 1]),
  ];
}
