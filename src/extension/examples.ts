/** @file The examples that ship with the extension, opened as copies that one may change and throw away. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { t } from "./words.js";

interface Example extends vscode.QuickPickItem {
  readonly uri: vscode.Uri;
}

/** Asks which, unless a name is given; null when the person chose none. */
export async function openExample(extension: vscode.Uri, name?: string): Promise<vscode.TextDocument | null> {
  const folder = vscode.Uri.joinPath(extension, "examples");
  const files = (await vscode.workspace.fs.readDirectory(folder)).map(([file]) => file);
  const examples = await Promise.all(
    files
      .filter((file) => file.endsWith(".ts"))
      .sort()
      .map((file) => describe(vscode.Uri.joinPath(folder, file))),
  );
  const chosen = name
    ? examples.find(({ uri }) => basename(uri.path) === name)
    : await vscode.window.showQuickPick(examples, {
        title: t("Open Example"),
        placeHolder: t("Opens as an untitled copy"),
        matchOnDetail: true,
      });
  if (!chosen) return null;
  const content = await readText(chosen.uri);
  const document = await vscode.workspace.openTextDocument({ language: "typescript", content });
  await vscode.window.showTextDocument(document);
  return document;
}

/** An example says what it shows in the comment that it starts with. */
async function describe(uri: vscode.Uri): Promise<Example> {
  const text = await readText(uri);
  const comment = /^\/\*\*?([\s\S]*?)\*\//.exec(text)?.[1] ?? /^\/\/(.*)/.exec(text)?.[1] ?? "";
  const words = comment
    .replace(/^\s*\*\s?/gm, "")
    .replace(/@file\s*/, "")
    .trim();
  const label = basename(uri.path, ".ts").replaceAll("-", " ");
  return { uri, label, detail: words.split(/\n\s*\n/)[0]!.replace(/\s+/g, " ") };
}

async function readText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}
