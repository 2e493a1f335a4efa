/**
 * @file Keeps what is shown over a reload of the window, so that panels come back with their graphs: the run that is
 * shown now, and of each locked panel the run of its program.
 */
import { createHash } from "node:crypto";
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

/** A panel that is locked to a program, and what it shows of it. */
export interface LockedView {
  readonly lock: string;
  readonly shown: Shown | null;
}

const LATEST = "shown.gradwalk.json";

function lockedName(path: string): string {
  return `locked-${createHash("sha256").update(path).digest("hex").slice(0, 16)}.gradwalk.json`;
}

export class RunStore implements vscode.Disposable {
  readonly #subscription: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  /** The run that each file holds; null for one that is not there. */
  readonly #saved = new Map<string, string | null>();

  constructor(
    private readonly folder: vscode.Uri | undefined,
    private readonly runs: RunController,
    private readonly panels: { locked(): readonly LockedView[] },
    private readonly log: Log,
  ) {
    this.#subscription = runs.onDidChange(() => {
      clearTimeout(this.#timer);
      if (!runs.running) this.#timer = setTimeout(() => this.#save(), DELAY);
    });
  }

  /** Shows what was saved, where nothing has been run since. */
  async restore(): Promise<void> {
    const shown = await this.#read(LATEST);
    if (shown) this.runs.restore(shown);
  }

  /** What was saved of a panel that is locked to this program. */
  async lockedTo(path: string): Promise<Shown | null> {
    return this.#read(lockedName(path));
  }

  async #read(name: string): Promise<Shown | null> {
    if (!this.folder) return null;
    const bytes = await readIfThere(vscode.Uri.joinPath(this.folder, name));
    if (!bytes) return null;
    try {
      const shown = load(JSON.parse(new TextDecoder().decode(bytes)));
      this.#saved.set(name, shown.session.run);
      return shown;
    } catch (error) {
      // By a version that wrote it differently: the panel starts empty.
      this.log.debug(`no run was restored: ${error}`);
      return null;
    }
  }

  async #save(): Promise<void> {
    const { folder } = this;
    if (!folder) return;
    const locked = this.panels.locked();
    try {
      await this.#write(folder, LATEST, this.runs.shown);
      // A panel that was not told of its run yet keeps what was saved of it.
      for (const { lock, shown } of locked) if (shown) await this.#write(folder, lockedName(lock), shown);
      await this.#deleteUnlocked(folder, new Set(locked.map(({ lock }) => lockedName(lock))));
    } catch (error) {
      this.log.debug(`the shown run was not saved: ${error}`);
    }
  }

  async #write(folder: vscode.Uri, name: string, shown: Shown | null): Promise<void> {
    const run = shown?.session.run ?? null;
    if (this.#saved.get(name) === run) return;
    this.#saved.set(name, run);
    const file = vscode.Uri.joinPath(folder, name);
    if (!shown || sizeOf(shown.session) > LARGEST) {
      if (await readIfThere(file)) await vscode.workspace.fs.delete(file);
      return;
    }
    await vscode.workspace.fs.createDirectory(folder);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(save(shown))));
  }

  /** Only of panels that this window has seen: others come back locked when they are looked at. */
  async #deleteUnlocked(folder: vscode.Uri, kept: ReadonlySet<string>): Promise<void> {
    for (const name of this.#saved.keys()) {
      if (name === LATEST || kept.has(name)) continue;
      this.#saved.delete(name);
      const file = vscode.Uri.joinPath(folder, name);
      if (await readIfThere(file)) await vscode.workspace.fs.delete(file);
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
