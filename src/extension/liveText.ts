/** @file The shown run's text against the editor's: where its lines are now, and whether it is stale. */
import * as vscode from "vscode";
import { type LineMap, lineMap } from "./lineMap.js";
import { isProgram, openDocument, pathOf } from "./programs.js";
import type { RunController } from "./runController.js";

interface Cached {
  readonly run: string;
  readonly version: number;
  readonly map: LineMap;
}

/** Milliseconds between edits and what the whole run makes of them. */
const PAUSE = 100;

export class LiveText implements vscode.Disposable {
  readonly #maps = new WeakMap<vscode.TextDocument, Cached>();
  #timer: NodeJS.Timeout | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly runs: RunController) {
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isProgram(document)) this.#compareSoon();
      }),
      runs.onDidChange(() => this.#compare()),
    ];
  }

  /** null where the document is no part of the shown run. */
  map(document: vscode.TextDocument): LineMap | null {
    const session = this.runs.shown?.session;
    const original = session?.text(pathOf(document)) ?? null;
    if (!session || original === null) return null;
    const cached = this.#maps.get(document);
    if (cached?.run === session.run && cached.version === document.version) return cached.map;
    const map = lineMap(original, document.getText());
    this.#maps.set(document, { run: session.run, version: document.version, map });
    return map;
  }

  /** Where a line of a file, as it ran, is now. */
  currentLine(path: string, line: number): number | null {
    const document = openDocument(path);
    const map = document && this.map(document);
    return map ? map.toCurrent(line) : line;
  }

  /** Not on every key: the lenses look for themselves. */
  #compareSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#compare();
    }, PAUSE);
  }

  #compare(): void {
    this.runs.setStale(this.stale);
  }

  /** Whether a document of the shown run is no longer what ran. */
  get stale(): boolean {
    return vscode.workspace.textDocuments.some(
      (document) => isProgram(document) && this.map(document)?.identical === false,
    );
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
