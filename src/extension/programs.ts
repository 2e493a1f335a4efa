/** @file Documents as programs: which can be run, under which path the runner knows them, what is unsaved. */
import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import * as vscode from "vscode";

const EXTENSIONS: Readonly<Record<string, string>> = {
  typescript: ".ts",
  typescriptreact: ".tsx",
  javascript: ".js",
  javascriptreact: ".jsx",
};

export const LANGUAGES = Object.keys(EXTENSIONS);

/** Whether the runner can run it: TypeScript or JavaScript, wherever it is kept. */
export function isProgram(document: vscode.TextDocument): boolean {
  return document.languageId in EXTENSIONS;
}

const IMPORTS_GRADWALK = /\b(?:from|import|require)\s*\(?\s*["']gradwalk["']/;

/** Whether it uses the library; others get no lenses and no button, only the command. */
export function importsGradwalk(document: vscode.TextDocument): boolean {
  if (!isProgram(document)) return false;
  const known = imports.get(document);
  if (known?.version === document.version) return known.found;
  const found = IMPORTS_GRADWALK.test(document.getText());
  imports.set(document, { version: document.version, found });
  return found;
}

/** Asked by many at every key. */
const imports = new WeakMap<vscode.TextDocument, { readonly version: number; readonly found: boolean }>();

/** A program as the launcher takes it. */
export interface Program {
  readonly uri: vscode.Uri;
  readonly path: string;
  readonly cwd: string;
}

export function programOf(document: vscode.TextDocument): Program {
  const path = pathOf(document);
  const folder = vscode.workspace.getWorkspaceFolder(document.uri) ?? onlyFolder(document);
  return { uri: document.uri, path, cwd: folder ? canonical(folder.uri.fsPath) : dirname(path) };
}

/** A document that no folder holds belongs to the first one, so that its imports are found there. */
function onlyFolder(document: vscode.TextDocument): vscode.WorkspaceFolder | undefined {
  if (document.uri.scheme === "file") return undefined;
  return vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === "file");
}

/** The path under which the runner knows a document; need not exist on disk. */
export function pathOf(document: vscode.TextDocument): string {
  if (document.uri.scheme === "file") return canonical(document.uri.fsPath);
  const folder = onlyFolder(document);
  const name = basename(document.uri.path);
  const extension = extname(name) === "" ? (EXTENSIONS[document.languageId] ?? "") : "";
  return join(folder ? canonical(folder.uri.fsPath) : homedir(), name + extension);
}

/** The document of a path that a run named; opens it when no editor has. */
export async function openPath(path: string): Promise<vscode.TextDocument> {
  return openDocument(path) ?? vscode.workspace.openTextDocument(vscode.Uri.file(path));
}

export function openDocument(path: string): vscode.TextDocument | undefined {
  const open = vscode.workspace.textDocuments.filter(isProgram);
  // Of a file shown plain and in a diff editor, the plain one is meant.
  return (
    open.find((document) => document.uri.scheme === "file" && pathOf(document) === path) ??
    open.find((document) => document.uri.scheme === "untitled" && pathOf(document) === path) ??
    open.find((document) => pathOf(document) === path)
  );
}

export function uriOf(path: string): vscode.Uri {
  return openDocument(path)?.uri ?? vscode.Uri.file(path);
}

/** Texts that the disk does not have: unsaved documents, and an open program as the editor decoded it. */
export function overlays(program: vscode.TextDocument | undefined): Map<string, string> {
  const texts = new Map<string, string>();
  for (const document of vscode.workspace.textDocuments) {
    const unsaved = document.uri.scheme === "file" && document.isDirty;
    if (unsaved || document.uri.scheme === "untitled") texts.set(pathOf(document), document.getText());
  }
  if (program) texts.set(pathOf(program), program.getText());
  return texts;
}

const canonicalPaths = new Map<string, string>();

/** Modules are known by their real path, as in Node; what does not exist keeps its name. */
function canonical(path: string): string {
  let real = canonicalPaths.get(path);
  if (real === undefined) {
    try {
      real = realpathSync.native(path);
    } catch {
      return path;
    }
    canonicalPaths.set(path, real);
  }
  return real;
}
