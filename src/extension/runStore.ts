/** @file Keeps the shown run over a reload of the window, so that the panel comes back with its graph. */
import * as vscode from "vscode";
import { parseTraceDocument } from "../session/parse.js";
import { Session } from "../session/session.js";
import type { Log } from "./log.js";
import type { RunController, Shown } from "./runController.js";

/** A larger record is not worth the pause that writing it would be; the panel then offers to run again. */
const LARGEST = 20_000;
const DELAY = 300;

interface Saved {
  readonly uri: string;
  readonly path: string;
  readonly cwd: string;
  /** Milliseconds; a trace does not say. */
  readonly duration: number | null;
  readonly trace: string;
}

export class RunStore implements vscode.Disposable {
  readonly #subscription: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #saved: string | null = null;

  constructor(
    private readonly folder: vscode.Uri | undefined,
    private readonly runs: RunController,
    private readonly log: Log,
  ) {
    this.#subscription = runs.onDidChange(() => {
      clearTimeout(this.#timer);
      if (!runs.running) this.#timer = setTimeout(() => this.#save(), DELAY);
    });
  }

  /** Shows what was saved, where nothing has been run since. */
  async restore(): Promise<void> {
    if (!this.folder) return;
    const bytes = await readIfThere(this.#file(this.folder));
    if (!bytes) return;
    try {
      const shown = load(JSON.parse(new TextDecoder().decode(bytes)));
      this.#saved = shown.session.run;
      this.runs.restore(shown);
    } catch (error) {
      // By a version that wrote it differently: the panel starts empty.
      this.log.debug(`no run was restored: ${error}`);
    }
  }

  #file(folder: vscode.Uri): vscode.Uri {
    return vscode.Uri.joinPath(folder, "shown.gradwalk.json");
  }

  async #save(): Promise<void> {
    const { shown } = this.runs;
    const { folder } = this;
    if (!folder || (shown?.session.run ?? null) === this.#saved) return;
    this.#saved = shown?.session.run ?? null;
    const file = this.#file(folder);
    try {
      if (!shown || sizeOf(shown.session) > LARGEST) {
        if (await readIfThere(file)) await vscode.workspace.fs.delete(file);
        return;
      }
      await vscode.workspace.fs.createDirectory(folder);
      await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(save(shown))));
    } catch (error) {
      this.log.debug(`the shown run was not saved: ${error}`);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }
}

async function readIfThere(file: vscode.Uri): Promise<Uint8Array | null> {
  return vscode.workspace.fs.readFile(file).then(
    (bytes) => bytes,
    () => null,
  );
}

function sizeOf(session: Session): number {
  const kept = session.outline().passes.filter((pass) => pass.kept);
  return kept.reduce((sum, pass) => sum + pass.nodes + pass.steps, 0);
}

function save({ session, program }: Shown): Saved {
  const { uri, path, cwd } = program;
  const { duration } = session.outline();
  return { uri: uri.toString(), path, cwd, duration, trace: JSON.stringify(session.document()) };
}

function load(saved: Saved): Shown {
  const { uri, path, cwd, duration, trace } = saved;
  const session = Session.fromDocument(parseTraceDocument(trace));
  const { exit, error } = session.outline().program;
  session.finish({ state: error === null ? "done" : "failed", exit, error, duration });
  return { session, program: { uri: vscode.Uri.parse(uri, true), path, cwd } };
}
