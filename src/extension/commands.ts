/** @file The commands: what each does, told in terms of the parts that do it. */
import * as vscode from "vscode";
import type { Outline, RunState } from "../protocol/view.js";
import type { TypesAction, TypesWriter } from "./addTypes.js";
import { startStepping } from "./debug/configurations.js";
import { showVariable } from "./debug/showVariable.js";
import { checkGradients } from "./diagnostics/checkGradients.js";
import { noProgram } from "./errors.js";
import { openExample } from "./examples.js";
import type { Exporter, ExportRequest } from "./exporter.js";
import type { Log } from "./log.js";
import type { ProgramOutput } from "./programOutput.js";
import { isProgram } from "./programs.js";
import { type ReadoutCommandParts, readoutCommands } from "./readoutCommands.js";
import { report } from "./report.js";
import type { RunController } from "./runController.js";
import { t } from "./words.js";

export interface Parts extends ReadoutCommandParts {
  readonly context: vscode.ExtensionContext;
  readonly log: Log;
  readonly exporter: Exporter;
  readonly types: TypesWriter;
  readonly output: ProgramOutput;
}

/** What `gradwalk.run` resolves to, for other extensions and tasks. */
export interface RunResult {
  readonly state: RunState;
  readonly exit: number | null;
  /** Milliseconds. */
  readonly duration: number | null;
  readonly passes: number;
  readonly error: string | null;
}

type Command = (...args: never[]) => unknown;

/** By the id behind `gradwalk.`. */
export function commands(parts: Parts): Readonly<Record<string, Command>> {
  const { runs, panel } = parts;
  const run = async (uri?: vscode.Uri): Promise<RunResult> => {
    const run = runs.start(await programDocument(runs, uri));
    panel.show();
    await run.ended;
    return result(run.session.outline());
  };
  return {
    run,
    step: async (uri?: vscode.Uri) => {
      const document = await programDocument(runs, uri);
      panel.show();
      return startStepping(document);
    },
    checkGradients: async (uri?: vscode.Uri) => checkGradients(runs, await programDocument(runs, uri)),
    showVariable: (context: unknown) => showVariable(context, parts),
    showGraph: () => {
      panel.show();
      parts.walk.tell();
    },
    lockGraph: () => panel.toggleLock(),
    unlockGraph: () => panel.toggleLock(),
    stop: () => runs.stop(),
    clear: () => runs.clear(),
    export: (request?: ExportRequest) => parts.exporter.export(request),
    addTypes: (action?: TypesAction) => parts.types.command(action),
    openExample: async (name?: string) => {
      await openExample(parts.context.extensionUri, name);
    },
    openWalkthrough: () =>
      vscode.commands.executeCommand(
        "workbench.action.openWalkthrough",
        `${parts.context.extension.id}#start`,
        false,
      ),
    showLog: () => parts.log.show(),
    copyReport: () => copyReport(parts),
    ...readoutCommands(parts),
    showOutput: () => parts.output.show(),
  };
}

/** The document of `uri`, of the active editor, or of the program whose graph has the focus. */
async function programDocument(runs: RunController, uri?: vscode.Uri): Promise<vscode.TextDocument> {
  if (uri instanceof vscode.Uri) return vscode.workspace.openTextDocument(uri);
  const active = vscode.window.activeTextEditor?.document;
  if (active && isProgram(active)) return active;
  const shown = (runs.shown ?? runs.latest)?.program.uri;
  if (shown && !active) return vscode.workspace.openTextDocument(shown);
  const visible = vscode.window.visibleTextEditors.find(({ document }) => isProgram(document));
  if (visible && !active) return visible.document;
  throw noProgram();
}

function result({ state, program, duration, passes }: Outline): RunResult {
  const { exit, error } = program;
  return {
    state,
    exit,
    duration,
    passes: passes.length,
    error: error && `${error.name}: ${error.message}`,
  };
}

async function copyReport({ context, runs, log }: Parts): Promise<void> {
  const { version } = context.extension.packageJSON as { readonly version: string };
  await vscode.env.clipboard.writeText(report({ version, runs, log }));
  void vscode.window.showInformationMessage(
    t(
      "The report is on the clipboard: versions, settings and the log, and nothing of your program but its name.",
    ),
  );
}
