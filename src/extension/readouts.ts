/** @file What the shown run says of each line of a document as it is now, for every way of showing it. */
import * as vscode from "vscode";
import type { RunState } from "../protocol/view.js";
import type { Session } from "../session/session.js";
import type { BackwardReadout, Readout } from "../session/types.js";
import type { Freshness } from "./freshness.js";
import { byLine, LineReadout, type Loop, type Told } from "./lineReadout.js";
import type { LiveText } from "./liveText.js";
import { momentOf } from "./moment.js";
import type { Pin } from "./pin.js";
import { pathOf } from "./programs.js";
import { absentText, backwardText, passReadout, readoutText, whichPass, whyText } from "./readoutText.js";
import type { RunController } from "./runController.js";
import type { Stand, Standing } from "./standing.js";
import { standsFor, steppedGradient, steppedText } from "./steppedText.js";
import { t } from "./words.js";

interface Cached {
  readonly session: Session;
  readonly version: number;
  readonly readouts: readonly LineReadout[];
}

/** What a readout is worked out of. */
interface Reading {
  readonly session: Session;
  readonly path: string;
  readonly stand: Stand | null;
}

export interface ReadoutParts {
  readonly runs: RunController;
  readonly live: LiveText;
  readonly standing: Standing;
  readonly freshness: Freshness;
  readonly pin: Pin;
}

export class Readouts implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  /** A session tells nothing new between two changes of the runs or of where a walk stands. */
  #cache = new WeakMap<vscode.TextDocument, Cached>();
  #shown: { session: Session | null; state: RunState | null; dimmed: boolean } = {
    session: null,
    state: null,
    dimmed: false,
  };
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly parts: ReadoutParts) {
    const { runs, standing, freshness, pin } = parts;
    this.#subscriptions = [
      runs.onDidChange(() => {
        if (this.#isOther()) this.#refresh();
      }),
      ...[standing, freshness, pin].map(({ onDidChange }) => onDidChange(() => this.#refresh())),
    ];
  }

  #refresh(): void {
    this.#cache = new WeakMap();
    this.#changed.fire();
  }

  /**
   * Whether there is anything else to read out: while a run is started, or waits for its end behind the result that
   * is shown, the lenses have nothing to ask for.
   */
  #isOther(): boolean {
    const { shown, latest, running } = this.parts.runs;
    const session = shown?.session ?? null;
    const known = this.#shown;
    const state = session?.outline().state ?? null;
    this.#shown = { session, state, dimmed: this.dimmed };
    if (running && latest?.session === session) return true;
    return session !== known.session || state !== known.state || this.dimmed !== known.dimmed;
  }

  /** Whether it is the program whose run is shown. */
  isProgram(document: vscode.TextDocument): boolean {
    return this.parts.runs.shown?.program.path === pathOf(document);
  }

  /** The run is no longer that of the text, and will not be at once. */
  get dimmed(): boolean {
    return this.parts.freshness.dimmed;
  }

  /** By line; what each of them says is worked out when it is asked for. */
  of(document: vscode.TextDocument): readonly LineReadout[] {
    const session = this.parts.runs.shown?.session;
    if (!session) return [];
    const cached = this.#cache.get(document);
    if (cached?.session === session && cached.version === document.version) return cached.readouts;
    const readouts = this.#read(document, session);
    this.#cache.set(document, { session, version: document.version, readouts });
    return readouts;
  }

  #read(document: vscode.TextDocument, session: Session): LineReadout[] {
    const map = this.parts.live.map(document);
    if (!map) return [];
    const { stand: current } = this.parts.standing;
    const path = pathOf(document);
    const reading: Reading = { session, path, stand: current?.session === session ? current : null };
    const found: LineReadout[] = [];
    const add = (original: number, tell: () => Told, loop: Loop | null = null) => {
      const line = map.toCurrent(original);
      if (line !== null) found.push(new LineReadout(line - 1, () => this.#marked(tell()), loop));
    };
    for (const { site, line } of session.variables.places(path)) {
      add(line, () => this.#tellBinding(site, reading));
    }
    for (const readout of session.backwardReadouts(path)) {
      const { passes } = readout;
      const stood = reading.stand?.pass.index ?? -1;
      const at = passes.includes(stood) ? stood : passes.at(-1)!;
      const moment = at === passes.at(-1) ? null : momentOf(session, at);
      const name = whichPass(readout, moment);
      const loop = name === null ? null : { passes, at, name };
      add(readout.source.line, () => this.#tellBackward(readout, at, reading), loop);
    }
    return byLine(found, leftOut);
  }

  #tellBinding(site: number, { session, path, stand }: Reading): Told {
    const last = session.variables.last(site)!;
    const at = stand && isWithin(stand) ? standsFor(last, stand, session) : null;
    if (at) {
      const gradient = `${last.name}: ${steppedGradient(at)}`;
      return told(steppedText(last, at), at.pass.index, at.node.id, { gradient });
    }
    // What is bound once and has no gradient is the same at any moment.
    if (stand && !isWithin(stand) && (last.times > 1 || last.requires_grad)) {
      const { index } = stand.pass;
      const moment = momentOf(session, index);
      const then = session.variables.asOf(site, index);
      if (then) return told(readoutText(then, { moment }), then.graph, then.node, { long: reasonOf(then) });
      return told(absentText(last, moment), null, null);
    }
    const former = this.parts.pin.former(session, path, last);
    return told(readoutText(last, { former }), last.graph, last.node, { long: reasonOf(last) });
  }

  #tellBackward(readout: BackwardReadout, at: number, { session, path, stand }: Reading): Told {
    const last = at === readout.pass;
    const then = last ? readout : passReadout(readout, at, session);
    const root = session.kept(at)?.record.roots[0] ?? null;
    const former = last ? this.parts.pin.formerBackward(session, path, readout) : null;
    return told(backwardText(then, { stand, former }), root === null ? null : at, root);
  }

  #marked(told: Told): Told {
    if (!this.dimmed) return told;
    const tooltip = `${t("The text has been edited since this run.")} ${told.tooltip}`;
    return { ...told, text: `${told.text} · ${t("stale")}`, tooltip };
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

/** In the middle of a pass, not at its end. */
const isWithin = ({ pass, step, stopped }: Stand) => stopped || step < pass.steps.length;

interface More {
  readonly gradient?: string;
  /** What the text has no room for. */
  readonly long?: string | null;
}

function told(text: string, pass: number | null, node: number | null, more: More = {}): Told {
  const { gradient = null, long = null } = more;
  const click = pass === null ? t("It takes part in no graph that is kept.") : t("Show it in the graph.");
  const tooltip = long === null ? click : `${long}. ${click}`;
  return { text, tooltip, pass, node: pass === null ? null : node, gradient };
}

const reasonOf = ({ grad, why_no_grad, dtype }: Readout): string | null =>
  grad || !why_no_grad ? null : whyText(why_no_grad, dtype);

function leftOut(rest: readonly LineReadout[]): Told {
  const tooltip = rest.map(({ text }) => text).join("\n");
  return { text: t("{0} more", rest.length), tooltip, pass: null, node: null, gradient: null };
}
