/** @file A run that is pinned, to compare the next ones with: readouts then tell old → new. */
import * as vscode from "vscode";
import type { Session } from "../session/session.js";
import type { BackwardReadout, BindingPlace, Readout } from "../session/types.js";
import { HumanError } from "./errors.js";
import { type LineMap, lineMap } from "./lineMap.js";
import type { RunController } from "./runController.js";
import { t } from "./words.js";

/** A file of the pinned run against the same file of another. */
interface Match {
  readonly map: LineMap;
  readonly places: ReadonlyMap<number, readonly BindingPlace[]>;
}

export class Pin implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #pinned: Session | null = null;
  #matches = new WeakMap<Session, Map<string, Match | null>>();
  readonly #subscription: vscode.Disposable;

  constructor(private readonly runs: RunController) {
    // A program that is cleared, or given up for another, takes its pin along.
    this.#subscription = runs.onDidChange(() => {
      if (this.#pinned && this.#program() !== this.#pinned.outline().program.file) this.#set(null);
    });
  }

  get pinned(): Session | null {
    return this.#pinned;
  }

  /** @throws HumanError where nothing has been run */
  pin(): void {
    const session = this.runs.shown?.session;
    if (!session) throw new HumanError(t("There is no run to pin yet. Run a program first."));
    this.#set(session);
  }

  unpin(): void {
    this.#set(null);
  }

  #set(session: Session | null): void {
    if (session === this.#pinned) return;
    this.#pinned = session;
    this.#matches = new WeakMap();
    this.#changed.fire();
  }

  /** The file of the program that is shown, or that runs and has nothing to show yet. */
  #program(): string | null {
    const { shown, latest } = this.runs;
    return (shown?.session ?? latest?.session)?.outline().program.file ?? null;
  }

  /** What the pinned run says of a binding; null where it is the shown run, or has no such binding. */
  former(session: Session, path: string, readout: Readout): Readout | null {
    const match = this.#match(session, path);
    const line = match?.map.toOriginal(readout.line) ?? null;
    if (!this.#pinned || !match || line === null) return null;
    const named = (match.places.get(line) ?? []).filter(({ name }) => name === readout.name);
    return named.length === 1 ? this.#pinned.variables.last(named[0]!.site) : null;
  }

  formerBackward(session: Session, path: string, readout: BackwardReadout): BackwardReadout | null {
    const line = this.#match(session, path)?.map.toOriginal(readout.source.line) ?? null;
    if (!this.#pinned || line === null) return null;
    const there = this.#pinned.backwardReadouts(path).filter(({ source }) => source.line === line);
    return there.length === 1 ? there[0]! : null;
  }

  #match(session: Session, path: string): Match | null {
    if (!this.#pinned || this.#pinned === session) return null;
    const known = this.#matches.get(session) ?? new Map<string, Match | null>();
    this.#matches.set(session, known);
    let match = known.get(path);
    if (match === undefined) {
      match = this.#compare(session, path);
      // A run that goes on may load the file yet.
      if (match) known.set(path, match);
    }
    return match;
  }

  #compare(session: Session, path: string): Match | null {
    const before = this.#pinned?.text(path);
    const now = session.text(path);
    if (before == null || now === null || !this.#pinned) return null;
    const places = new Map<number, BindingPlace[]>();
    for (const place of this.#pinned.variables.places(path)) {
      const line = places.get(place.line);
      if (line) line.push(place);
      else places.set(place.line, [place]);
    }
    return { map: lineMap(before, now), places };
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
