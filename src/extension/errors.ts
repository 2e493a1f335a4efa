/** @file Errors for people, whose message holds what happened and what to do, apart from bugs. */
import * as vscode from "vscode";
import type { Log } from "./log.js";
import { t } from "./words.js";

export interface Remedy {
  readonly title: string;
  readonly command: string;
}

/** Only the messages of these are shown as they are. */
export class HumanError extends Error {
  constructor(
    message: string,
    readonly remedies: readonly Remedy[] = [],
  ) {
    super(message);
    this.name = "HumanError";
  }
}

export const untrusted = () =>
  new HumanError(
    t("Gradwalk runs no program in a workspace that is not trusted, because running it is running its code."),
    [{ title: t("Manage Workspace Trust"), command: "workbench.trust.manage" }],
  );

export const noProgram = () =>
  new HumanError(
    t("Open a TypeScript or JavaScript file first: Gradwalk runs the program of the active editor."),
    [{ title: t("Open Example"), command: "gradwalk.openExample" }],
  );

export const nothingToExport = () =>
  new HumanError(t("There is no graph to export yet. Run a program that calls backward() first."), [
    { title: t("Run"), command: "gradwalk.run" },
  ]);

/** Shows an error without waiting for the person to answer. */
export async function showError(error: unknown, log: Log): Promise<void> {
  if (error instanceof HumanError) {
    const remedies = error.remedies.map(({ title }) => title);
    const chosen = await vscode.window.showErrorMessage(error.message, ...remedies);
    const remedy = error.remedies.find(({ title }) => title === chosen);
    if (remedy) await vscode.commands.executeCommand(remedy.command);
    return;
  }
  log.error(error);
  const message = error instanceof Error ? error.message : String(error);
  const [show, copy] = [t("Show Log"), t("Copy Report")];
  const chosen = await vscode.window.showErrorMessage(
    t("Gradwalk met a bug of its own: {0}", message),
    show,
    copy,
  );
  if (chosen === show) log.show();
  if (chosen === copy) await vscode.commands.executeCommand("gradwalk.copyReport");
}
