/** @file Launch configurations: completed, made up where there are none, refused with a reason. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { HumanError, noProgram, untrusted } from "../errors.js";
import { importsGradwalk, isProgram, pathOf, programOf } from "../programs.js";

export const DEBUG_TYPE = "gradwalk";

// biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code puts the active file in its place
const ACTIVE_FILE = "${file}";

export class Configurations implements vscode.DebugConfigurationProvider, vscode.Disposable {
  readonly #registrations: vscode.Disposable[];

  /** @param failed tells the person why a configuration is refused */
  constructor(private readonly failed: (error: unknown) => void) {
    const { Initial, Dynamic } = vscode.DebugConfigurationProviderTriggerKind;
    this.#registrations = [Initial, Dynamic].map((kind) =>
      vscode.debug.registerDebugConfigurationProvider(DEBUG_TYPE, this, kind),
    );
  }

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    const document = vscode.window.activeTextEditor?.document;
    const active = document && importsGradwalk(document) ? basename(pathOf(document)) : null;
    return [
      {
        ...stepFile(ACTIVE_FILE),
        name: active ? `Step the backward pass of ${active}` : "Step backward pass",
      },
    ];
  }

  /** undefined ends the start: the person has been told why. */
  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration | undefined {
    try {
      return this.#complete(configuration);
    } catch (error) {
      this.failed(error);
      return undefined;
    }
  }

  #complete(configuration: vscode.DebugConfiguration): vscode.DebugConfiguration {
    if (!vscode.workspace.isTrusted) throw untrusted();
    const { request, name, program, trace } = configuration;
    // F5 without a launch.json comes with nothing at all.
    const none = !request && !name;
    if (request === "attach" || trace) return configuration;
    if (none || program === undefined || program === ACTIVE_FILE) {
      return { ...configuration, ...launch(activeProgram(), none ? {} : configuration) };
    }
    return configuration;
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
  }
}

function launch(document: vscode.TextDocument, given: Partial<vscode.DebugConfiguration>) {
  const { path, cwd } = programOf(document);
  return { ...stepFile(path), name: `Step ${basename(path)}`, cwd, ...given, program: path };
}

function stepFile(program: string): vscode.DebugConfiguration {
  return { type: DEBUG_TYPE, request: "launch", name: "Step backward pass", program, stopOnBackward: true };
}

/** Where the graph or a list has the focus, the program beside it is meant. */
function activeProgram(): vscode.TextDocument {
  const { activeTextEditor, visibleTextEditors } = vscode.window;
  const editors = activeTextEditor ? [activeTextEditor] : visibleTextEditors;
  const document = editors.map((editor) => editor.document).find(isProgram);
  if (!document) throw noProgram();
  requireRelevant(document);
  return document;
}

/** A program may have its tensors in a module of its own. */
const IMPORTS_OWN = /\b(?:from|import|require)\s*\(?\s*["']\.{1,2}\//;

/** @throws HumanError for a program that can't call backward */
export function requireRelevant(document: vscode.TextDocument): void {
  if (importsGradwalk(document) || IMPORTS_OWN.test(document.getText())) return;
  throw new HumanError(
    `${basename(pathOf(document))} does not import "gradwalk", so it has no backward pass to step through. ` +
      "Open a program that does.",
    [{ title: "Open Example", command: "gradwalk.openExample" }],
  );
}

/** Starts a session that stops at each backward pass, on the text as it stands in the editor. */
export async function startStepping(document: vscode.TextDocument): Promise<boolean> {
  if (!vscode.workspace.isTrusted) throw untrusted();
  requireRelevant(document);
  const configuration = {
    ...launch(document, {}),
    // The graph and the variables tell what happens; what the program prints is a click away.
    internalConsoleOptions: "neverOpen",
  };
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const started = await vscode.debug.startDebugging(folder, configuration, { suppressSaveBeforeStart: true });
  if (started) await showVariables();
  return started;
}

/** VS Code itself opens them at a breakpoint only, and the start of a pass is none. */
async function showVariables(): Promise<void> {
  if (vscode.workspace.getConfiguration("debug").get("openDebug") === "neverOpen") return;
  await vscode.commands.executeCommand("workbench.view.debug");
  await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
}
