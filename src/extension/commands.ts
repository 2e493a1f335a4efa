/** @file The commands: what each does, told in terms of the parts that do it. */
import * as vscode from "vscode";
import type { Outline, RunState } from "../protocol/view.js";
import type { TypesAction, TypesWriter } from "./addTypes.js";
import { startStepping } from "./debug/configurations.js";
import type { DebugSessions } from "./debug/debugSessions.js";
import { showVariable } from "./debug/showVariable.js";
import { noProgram } from "./errors.js";
import { openExample } from "./examples.js";
import type { Exporter, ExportRequest } from "./exporter.js";
import type { GraphPanel } from "./graphPanel.js";
import type { ProgramOutput } from "./programOutput.js";
import { isProgram } from "./programs.js";
import type { RunController } from "./runController.js";
import { readoutPlace, setReadoutPlace } from "./settings.js";

export interface Parts {
  readonly extension: vscode.Uri;
  readonly runs: RunController;
  readonly panel: GraphPanel;
  readonly debug: DebugSessions;
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
    showVariable: (context: unknown) => showVariable(context, parts),
    showGraph: () => panel.show(),
    stop: () => runs.stop(),
    clear: () => runs.clear(),
    export: (request?: ExportRequest) => parts.exporter.export(request),
    addTypes: (action?: TypesAction) => parts.types.command(action),
    openExample: async (name?: string) => {
      await openExample(parts.extension, name);
    },
    toggleReadouts: toggleReadouts(),
    showNode: (pass: number, node: number) => {
      panel.show();
      panel.select(pass, node);
    },
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

/** Off and on again as it was: what was shown before it was turned off is remembered while the window lives. */
function toggleReadouts(): () => Promise<void> {
  let before = readoutPlace() === "inline" ? ("inline" as const) : ("codeLens" as const);
  return async () => {
    const place = readoutPlace();
    if (place !== "off") before = place;
    await setReadoutPlace(place === "off" ? before : "off");
  };
}
