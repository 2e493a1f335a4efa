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

/**
 * Whether it is a text that somebody writes: not the other side of a comparison, nor what an extension shows. Those
 * are nobody's program, whatever they are called.
 */
export function isSource(document: vscode.TextDocument): boolean {
  const { scheme } = document.uri;
  const kept =
    scheme === "file" || scheme === "untitled" || vscode.workspace.fs.isWritableFileSystem(scheme) === true;
  return kept && isProgram(document);
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
  const { uri } = document;
  if (uri.scheme === "file") return canonical(uri.fsPath);
  const folder = onlyFolder(document);
  const base = folder ? canonical(folder.uri.fsPath) : homedir();
  const name = basename(uri.path);
  const extension = extname(name) === "" ? (EXTENSIONS[document.languageId] ?? "") : "";
  if (uri.scheme === "untitled") return join(base, name + extension);
  // Under a folder of its own, so that nothing on the disk and on no other file system has the same path.
  const path = join(base, `.${uri.scheme}`, uri.authority, dirname(uri.path), name + extension);
  elsewhere.set(path, uri);
  return path;
}

/** Documents of other file systems, by the path under which the runner knows them. */
const elsewhere = new Map<string, vscode.Uri>();

/** The document of a path that a run named; opens it when no editor has. */
export async function openPath(path: string): Promise<vscode.TextDocument> {
  return openDocument(path) ?? vscode.workspace.openTextDocument(uriOf(path));
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
  return openDocument(path)?.uri ?? elsewhere.get(path) ?? vscode.Uri.file(path);
}

/** Texts that the disk does not have: unsaved documents, and an open program as the editor decoded it. */
export function overlays(program: vscode.TextDocument | undefined): Map<string, string> {
  const texts = new Map<string, string>();
  for (const document of vscode.workspace.textDocuments) {
    const { scheme } = document.uri;
    const unsaved = scheme === "file" && document.isDirty;
    // Of another file system, the runner can read nothing but what is open.
    const beside = scheme !== "file" && scheme === program?.uri.scheme;
    if (unsaved || scheme === "untitled" || beside) texts.set(pathOf(document), document.getText());
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
