/** @file The command that compares a program's gradients with finite differences, with progress and cancel. */
import * as vscode from "vscode";
import type { GradientCheck } from "../../protocol/checks.js";
import type { RunController } from "../runController.js";
import { t } from "../words.js";
import { outcomeText } from "./checkText.js";

/** What `gradwalk.checkGradients` resolves to. */
export interface CheckResult {
  readonly compared: number;
  readonly wrong: number;
  readonly unchecked: number;
  readonly exit: number | null;
}

export async function checkGradients(
  runs: RunController,
  document: vscode.TextDocument,
): Promise<CheckResult> {
  const run = runs.start(document, false, true);
  const checks = () => run.session.checks();
  const end = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: t("Checking the gradients of {0}", run.name),
      cancellable: true,
    },
    async (progress, cancelled) => {
      cancelled.onCancellationRequested(() => void run.process.stop());
      const listening = run.process.onBatch(({ events }) => {
        for (const event of events)
          if (event.type === "check") progress.report({ message: about(event.check) });
      });
      const ended = await run.ended;
      listening.dispose();
      return ended;
    },
  );
  const count = (verdict: GradientCheck["verdict"]) =>
    checks().filter((check) => check.verdict === verdict).length;
  const wrong = count("disagrees");
  if (end.reason !== "stopped") {
    const tell = wrong > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
    void tell(outcomeText(checks()));
  }
  return { compared: checks().length, wrong, unchecked: count("unchecked"), exit: end.exit };
}

function about({ leaf, pass }: GradientCheck): string {
  return t("pass {0}, {1}", pass + 1, leaf ?? t("a leaf"));
}
