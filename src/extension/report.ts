/** @file What to put into a bug report: versions, settings, the last run, the newest lines of the log. */
import { homedir } from "node:os";
import { basename } from "node:path";
import * as vscode from "vscode";
import type { Log } from "./log.js";
import type { RunController } from "./runController.js";

export interface ReportParts {
  readonly version: string;
  readonly runs: RunController;
  readonly log: Log;
}

/** Markdown. Names the program's file and no folder of the person's; holds no text and no value of theirs. */
export function report({ version, runs, log }: ReportParts): string {
  const facts: Readonly<Record<string, string>> = {
    Gradwalk: version,
    "VS Code": `${vscode.version} (${vscode.env.appName}, ${vscode.env.uiKind === vscode.UIKind.Web ? "web" : "desktop"})`,
    Remote: vscode.env.remoteName ?? "none",
    System: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    Workspace: `${vscode.workspace.workspaceFolders?.length ?? 0} folders, ${vscode.workspace.isTrusted ? "trusted" : "not trusted"}`,
    Settings: settings(),
    "Last run": lastRun(runs),
  };
  const lines = Object.entries(facts).map(([name, value]) => `- ${name}: ${value}`);
  const recent = log.recent.map((line) => line.replaceAll(homedir(), "~"));
  return [
    ...lines,
    "",
    "<details><summary>Log</summary>",
    "",
    "```text",
    ...recent,
    "```",
    "",
    "</details>",
    "",
  ].join("\n");
}

/** Those that are not at their default. */
function settings(): string {
  const configuration = vscode.workspace.getConfiguration("gradwalk");
  const { properties } = (
    vscode.extensions.getExtension("gradwalk.gradwalk")?.packageJSON as
      | { readonly contributes: { readonly configuration: readonly { readonly properties: object }[] } }
      | undefined
  )?.contributes.configuration.reduce<{ properties: Record<string, unknown> }>(
    (all, group) => ({ properties: { ...all.properties, ...group.properties } }),
    { properties: {} },
  ) ?? { properties: {} };
  const changed = Object.keys(properties).flatMap((id) => {
    const name = id.replace(/^gradwalk\./, "");
    const found = configuration.inspect(name);
    const value = configuration.get<unknown>(name);
    return JSON.stringify(value) === JSON.stringify(found?.defaultValue)
      ? []
      : [`${id} = ${JSON.stringify(value)}`];
  });
  return changed.join(", ") || "all at their defaults";
}

function lastRun({ latest, shown }: RunController): string {
  const session = latest?.session ?? shown?.session;
  if (!session) return "none";
  const { state, program, duration, passes, dropped } = session.outline();
  const { error, exit, file } = program;
  const parts = [
    basename(file),
    state,
    `exit ${exit}`,
    `${Math.round(duration ?? 0)} ms`,
    `${passes.length} backward passes`,
  ];
  if (dropped) parts.push(`${dropped.passes} passes only summarised`);
  if (error) parts.push(error.name);
  return parts.join(", ");
}
