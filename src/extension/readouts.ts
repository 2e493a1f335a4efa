/** @file What the shown run says of each line of a document as it is now, for every way of showing it. */
import * as vscode from "vscode";
import type { Session } from "../session/session.js";
import type { LiveText } from "./liveText.js";
import { pathOf } from "./programs.js";
import { backwardText, readoutText } from "./readoutText.js";
import type { RunController } from "./runController.js";
import type { Standing } from "./standing.js";
import { standsFor, steppedGradient, steppedText } from "./steppedText.js";

export interface LineReadout {
  /** 0-based line of the document as it is now. */
  readonly line: number;
  readonly text: string;
  readonly tooltip: string;
  /** Where it is in the graph; null where its tensor takes part in none that is kept. */
  readonly pass: number | null;
  readonly node: number | null;
  /** Its gradient as of the step that a walk stands at, for the end of the line; null while nobody walks. */
  readonly gradient: string | null;
}

/** Of more bindings on a line, the rest is counted. */
const A_LINE = 4;

interface Cached {
  readonly session: Session;
  readonly version: number;
  readonly readouts: readonly LineReadout[];
}

export class Readouts implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  /** A session tells nothing new between two changes of the runs or of where a walk stands. */
  #cache = new WeakMap<vscode.TextDocument, Cached>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly runs: RunController,
    private readonly live: LiveText,
    private readonly standing: Standing,
  ) {
    this.#subscriptions = [runs, standing].map(({ onDidChange }) =>
      onDidChange(() => {
        this.#cache = new WeakMap();
        this.#changed.fire();
      }),
    );
  }

  /** Whether it is the program whose run is shown. */
  isProgram(document: vscode.TextDocument): boolean {
    return this.runs.shown?.program.path === pathOf(document);
  }

  of(document: vscode.TextDocument): readonly LineReadout[] {
    const session = this.runs.shown?.session;
    if (!session) return [];
    const cached = this.#cache.get(document);
    if (cached?.session === session && cached.version === document.version) return cached.readouts;
    const readouts = this.#read(document, session);
    this.#cache.set(document, { session, version: document.version, readouts });
    return readouts;
  }

  #read(document: vscode.TextDocument, session: Session): LineReadout[] {
    const map = this.live.map(document);
    if (!map) return [];
    const path = pathOf(document);
    const { stale } = this.live;
    const found: LineReadout[] = [];
    const add = (
      original: number,
      text: string,
      pass: number | null,
      node: number | null,
      gradient: string | null = null,
    ) => {
      const line = map.toCurrent(original);
      if (line === null) return;
      found.push({
        line: line - 1,
        text: stale ? `${text} · stale` : text,
        tooltip: tooltip(stale, pass),
        pass,
        node,
        gradient,
      });
    };
    for (const readout of session.readouts(path)) {
      const at = standsFor(readout, this.standing.stand, session);
      if (at) {
        const gradient = `${readout.name}: ${steppedGradient(at)}`;
        add(readout.line, steppedText(readout, at), at.pass.index, at.node.id, gradient);
      } else add(readout.line, readoutText(readout), readout.graph, readout.node);
    }
    for (const readout of session.backwardReadouts(path)) {
      const root = session.pass(readout.pass)?.roots[0] ?? null;
      const { stand } = this.standing;
      const text = backwardText(readout, stand?.session === session ? stand : null);
      add(readout.source.line, text, root === null ? null : readout.pass, root);
    }
    return shorten(found.sort((a, b) => a.line - b.line));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

function tooltip(stale: boolean, pass: number | null): string {
  const text = stale ? "The text has been edited since this run. " : "";
  return text + (pass === null ? "It takes part in no graph that is kept." : "Show it in the graph.");
}

function shorten(readouts: readonly LineReadout[]): LineReadout[] {
  const short: LineReadout[] = [];
  for (let start = 0; start < readouts.length; ) {
    let end = start;
    while (readouts[end]?.line === readouts[start]!.line) end += 1;
    const line = readouts.slice(start, end);
    short.push(...line.slice(0, A_LINE));
    const rest = line.slice(A_LINE);
    if (rest[0]) {
      const names = rest.map(({ text }) => text).join("\n");
      short.push({
        ...rest[0],
        text: `${rest.length} more`,
        tooltip: names,
        pass: null,
        node: null,
        gradient: null,
      });
    }
    start = end;
  }
  return short;
}
