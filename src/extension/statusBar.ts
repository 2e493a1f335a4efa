/** @file One item in the status bar: state, duration, problems; a click stops what runs. */
import * as vscode from "vscode";
import { problemsOf } from "./problems.js";
import { durationText, endText } from "./programOutput.js";
import { importsGradwalk } from "./programs.js";
import type { RunController } from "./runController.js";
import { t } from "./words.js";

export class StatusBar implements vscode.Disposable {
  #item: vscode.StatusBarItem | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly runs: RunController) {
    this.#subscriptions = [
      runs.onDidChange(() => this.#update()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#update()),
    ];
  }

  #update(): void {
    const { latest } = this.runs;
    const editor = vscode.window.activeTextEditor;
    if (!latest || (editor && !importsGradwalk(editor.document) && !latest.running)) {
      this.#item?.hide();
      return;
    }
    this.#item ??= this.#create();
    const item = this.#item;
    item.backgroundColor = undefined;
    const { end } = latest;
    if (!end && latest.session.outline().state === "paused") {
      item.text = `$(debug-pause) ${t("Gradwalk: paused")}`;
      item.tooltip = t("{0} waits in the debugger. Click to show its graph.", latest.name);
      item.command = "gradwalk.showGraph";
    } else if (!end) {
      item.text = `$(sync~spin) ${t("Gradwalk: running")}`;
      item.tooltip = tooltip(t("{0} runs. Click to stop it.", latest.name));
      item.command = "gradwalk.stop";
    } else {
      const problems = problemsOf(latest.session).length;
      const failed = end.reason !== "exit" || end.exit !== 0;
      const icon = failed ? (end.reason === "stopped" ? "debug-stop" : "error") : "type-hierarchy";
      const notes = [durationText(end.duration), ...problemsText(problems)];
      item.text = `$(${icon}) Gradwalk: ${notes.join(", ")}`;
      item.tooltip = tooltip(t("{0} {1}. Click to show its graph.", latest.name, endText(end)));
      item.command = "gradwalk.showGraph";
      if (failed && end.reason !== "stopped") {
        item.backgroundColor = new vscode.ThemeColor("statusBarItem.errorBackground");
      }
    }
    item.accessibilityInformation = { label: item.text.replace(/\$\([^)]*\) /, "") };
    item.show();
  }

  #create(): vscode.StatusBarItem {
    const item = vscode.window.createStatusBarItem("gradwalk.state", vscode.StatusBarAlignment.Left);
    item.name = "Gradwalk";
    return item;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item?.dispose();
  }
}

function problemsText(problems: number): string[] {
  if (problems === 0) return [];
  return [problems === 1 ? t("1 problem") : t("{0} problems", problems)];
}

/** With a link to what the program printed. */
function tooltip(text: string): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.appendText(text);
  markdown.appendMarkdown(`\n\n[${t("Show Output")}](command:gradwalk.showOutput)`);
  markdown.isTrusted = { enabledCommands: ["gradwalk.showOutput"] };
  return markdown;
}
