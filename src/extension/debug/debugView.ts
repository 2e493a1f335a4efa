/** @file One debug session as the views follow it: its run is shown, its stops are stood at. */
import { dirname, isAbsolute, join } from "node:path";
import type { DebugPosition, RecordedRun } from "../../adapter/types.js";
import type { EngineState } from "../../protocol/debug.js";
import type { GraphPanel } from "../graphPanel.js";
import { type Program, uriOf } from "../programs.js";
import type { RunController } from "../runController.js";
import type { Standing } from "../standing.js";
import type { InlineAdapter } from "./inlineAdapter.js";
import { PassCache } from "./passCache.js";
import type { StopMark } from "./stopMark.js";

export interface DebugViewParts {
  readonly runs: RunController;
  readonly panel: GraphPanel;
  readonly standing: Standing;
  readonly mark: StopMark;
}

/** A step that takes no longer than this is shown as one change, milliseconds. */
const FLICKER = 200;

export class DebugView {
  #recorded: RecordedRun | null = null;
  #passes: PassCache | null = null;
  #position: DebugPosition | null = null;
  /** Counts the stops, so that what is asked at one is not shown at the next. */
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;
  #stops = 0;
  /** The pass that the panel draws with steps to come, which do not come where the program is stopped. */
  #foresaw: number | null = null;
  readonly #listening: { dispose(): void }[];

  /** @param folder names the files of a trace that names none absolutely */
  constructor(
    private readonly inline: InlineAdapter,
    private readonly folder: string,
    private readonly parts: DebugViewParts,
  ) {
    const { adapter } = inline;
    this.#listening = [
      adapter.onSession((recorded) => this.#show(recorded)),
      adapter.onChange(() => this.#changed()),
      adapter.onPosition((position) => void this.#moved(position)),
      inline.onDidInvalidate(() => void this.#edited()),
    ];
  }

  get recorded(): RecordedRun | null {
    return this.#recorded;
  }

  /** Where it stands; null while the program runs. */
  get position(): DebugPosition | null {
    return this.#position;
  }

  /** How often it has stopped in a backward pass. */
  get stops(): number {
    return this.#stops;
  }

  /** The views show this session's run, and not one that was started since. */
  get isShown(): boolean {
    const { session } = this.#recorded ?? {};
    const { shown, latest } = this.parts.runs;
    return session !== undefined && (shown?.session === session || latest?.session === session);
  }

  /** A pass as the panel is to draw it; null where the session knows no better. */
  pass(index: number) {
    return this.#passes?.told(index) ?? null;
  }

  #show(recorded: RecordedRun): void {
    const { runs } = this.parts;
    const { session, run } = recorded;
    this.#recorded = recorded;
    this.#passes = new PassCache(session);
    this.#leave();
    if (runs.shown?.session === session) return;
    const program = this.#program(session.outline().program.file);
    if (run) runs.follow(program, session, run);
    else runs.show({ session, program });
  }

  #program(file: string): Program {
    const path = isAbsolute(file) ? file : join(this.folder, file);
    return { uri: uriOf(path), path, cwd: this.folder === "" ? dirname(path) : this.folder };
  }

  #changed(): void {
    if (this.#recorded) this.parts.runs.progressed(this.#recorded.session);
  }

  async #moved(position: DebugPosition | null): Promise<void> {
    this.#turn += 1;
    clearTimeout(this.#timer);
    if (position === null) {
      if (this.#position) this.#timer = setTimeout(() => this.#running(), FLICKER);
      return;
    }
    const turn = this.#turn;
    const next = this.#waitsBefore(position);
    const engine = next === null ? null : await this.#engine();
    if (turn === this.#turn) this.#stand(position, next, engine);
  }

  /** A person has changed a tensor where the program waits. */
  async #edited(): Promise<void> {
    if (this.#passes) this.#passes.altered = true;
    const position = this.#position;
    const next = position && this.#waitsBefore(position);
    if (position === null || next === null) return;
    const turn = this.#turn;
    const engine = await this.#engine();
    if (turn === this.#turn) this.#stand(position, next, engine);
  }

  /** The node that the program itself waits before; null where a record is walked. */
  #waitsBefore({ pass, step, node }: DebugPosition): number | null {
    const recorded = this.#recorded?.session.kept(pass)?.size.steps;
    return recorded !== undefined && step >= recorded ? node : null;
  }

  async #engine(): Promise<EngineState | null> {
    return this.#recorded?.run?.debug({ type: "debug.engine" }).catch(() => null) ?? null;
  }

  #stand(position: DebugPosition, next: number | null, engine: EngineState | null): void {
    const { panel, standing, mark, runs } = this.parts;
    const { session } = this.#recorded!;
    const { pass, step } = position;
    this.#position = position;
    this.#stops += 1;
    const looked = this.#passes!.look(pass, next, engine);
    // A step changes little of the outline: it may follow a moment later.
    const isNew = runs.shown?.session !== session || looked === null || looked.change.kind === "all";
    runs.progressed(session, isNew);
    if (!looked) {
      this.#leave();
      return;
    }
    const { view, change } = looked;
    this.#foresaw = pass;
    if (change.kind === "values") panel.stepValues(pass, change.changed);
    else if (change.kind === "steps") panel.steps(pass, change.from, change.steps);
    else if (change.kind === "all") panel.passChanged(pass);
    const { live, inside } = position;
    panel.position({ pass, step, live: true, at: live ? "edge" : "past", ...(inside && { inside }) });
    standing.set({ session, pass: view, step, stopped: true });
    mark.show(view, step);
  }

  /** The program runs on: nothing is current, but the graph stays where it was. */
  #running(): void {
    const last = this.#position;
    if (!last) return;
    this.#position = null;
    const { panel, standing, mark } = this.parts;
    panel.position({ pass: last.pass, step: last.step, live: true, at: "running" });
    standing.set(null);
    mark.clear();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.#position = null;
    const { panel, standing, mark } = this.parts;
    panel.position(null);
    if (this.#foresaw !== null) panel.passChanged(this.#foresaw);
    this.#foresaw = null;
    standing.set(null);
    mark.clear();
  }

  goTo(pass: number, step: number): Promise<void> {
    return this.inline.adapter.goTo(pass, step);
  }

  dispose(): void {
    for (const each of this.#listening) each.dispose();
    if (this.isShown) this.#leave();
    clearTimeout(this.#timer);
  }
}
