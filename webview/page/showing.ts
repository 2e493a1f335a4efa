/** @file Which pass is drawn: as runs begin and go on, as a person goes through passes, and how it is laid out. */
import type { ChangedStep, Outline, PassView, ViewStep } from "../../src/protocol/view.js";
import type { Folds } from "../groups/folds.js";
import { changesBetween, changesText, NO_CHANGES } from "../model/changes.js";
import type { Graph } from "../model/graph.js";
import { focused } from "../model/subset.js";
import { clampPosition } from "../model/walk.js";
import { Passes, preferredPass } from "../passes.js";
import { markTime } from "../times.js";
import type { Page } from "./page.js";
import type { Selection } from "./selection.js";

export class Showing {
  private readonly passes: Passes;
  /** Called before a pass is drawn. */
  beforeDrawing: () => void = () => {};
  /** Called when something else is drawn, or the same elsewhere. */
  drawn: () => void = () => {};
  /** The program that is drawn. */
  private file: string | null = null;

  constructor(
    private readonly page: Page,
    private readonly selection: Selection,
  ) {
    this.passes = new Passes(page, {
      show: (pass, signal) => this.show(pass, signal),
      failed: (message) => page.refuse(message),
    });
  }

  receive(outline: Outline): void {
    const { page } = this;
    const fresh = outline.run !== page.graph?.pass.run;
    page.outline = outline;
    if (outline.passes.length === 0) {
      // The last good graph stays until there is a better one, or until a run has ended well without any.
      if (outline.state === "done" && !outline.program.error && page.graph) this.clear();
      if (outline.state !== "running") page.ready();
    } else if (fresh && page.wanted === null) void this.passes.load(preferredPass(outline, page.saved.pass));
    page.update();
  }

  private async show(pass: PassView, signal: AbortSignal): Promise<void> {
    const { page } = this;
    this.beforeDrawing();
    const { drawing, parts } = page;
    const before = page.graph;
    const selectedKey = page.selected?.key ?? page.saved.selected;
    if (drawing.against && drawing.against.pass.run !== pass.run) {
      drawing.against = null;
      drawing.beside = false;
    }
    const same = await drawing.show(pass, page.saved, page.focus, signal);
    const { graph } = drawing;
    if (signal.aborted || !graph) return;
    this.compareRuns(before, graph);
    // Its node is gone.
    if (page.focus && !focused(graph, page.focus)) {
      page.focus = null;
      parts.part.hide();
    }
    const walked = before !== null && same && page.position < before.pass.steps.length;
    if (page.live?.pass === pass.index) page.position = clampPosition(graph, page.live.step);
    else page.position = walked ? clampPosition(graph, page.position) : graph.pass.steps.length;
    page.wanted = null;
    const things = [...graph.cards, ...(drawing.shown?.byId.values() ?? [])];
    page.change({ selected: things.some(({ key }) => key === selectedKey) ? selectedKey : null });
    this.redraw();
    const { stage } = parts;
    if (before === null && page.saved.viewport) stage.viewport = page.saved.viewport;
    else if (before === null || (stage.fitted && !same) || !stage.shows(drawing.scene?.bounds())) stage.fit();
    this.selection.fetchDetail();
    page.update();
    if (stage.fitted && drawing.scene) parts.settleLegend(drawing.scene);
    page.ready();
    page.source.post({ type: "laidOut", pass: pass.index, nodes: pass.nodes.length });
  }

  /** Marks what the last run made different, until the next run or another pass. */
  private compareRuns(before: Graph | null, now: Graph): void {
    const { page } = this;
    const file = page.outline?.program.file ?? null;
    const [old, pass] = [before?.pass, now.pass];
    const rerun = old !== undefined && old.run !== pass.run && this.file === file;
    if (rerun && before) {
      const changes = changesBetween(before, now);
      // Where nothing is as it was, marks would say nothing.
      page.changes = changes.of.size < now.cards.length || before.cards.length === 1 ? changes : NO_CHANGES;
      const text = changesText(page.changes);
      if (text) page.parts.say(`Run again: ${text}`);
    } else if (old?.run !== pass.run || old.index !== pass.index) page.changes = NO_CHANGES;
    this.file = file;
  }

  /** Another part of the same pass. */
  redrawPart(): void {
    const { pass } = this.page.graph ?? {};
    if (pass) void this.passes.run((signal) => this.show(pass, signal));
  }

  /** After every change of the graph itself. */
  private redraw(): void {
    this.page.matches.clear();
    this.page.atCursor = new Set();
    this.redrawScene();
  }

  /** After every change of what is drawn of it, and where. */
  private redrawScene(): void {
    const { page } = this;
    const { scene } = page.drawing;
    if (!scene) return;
    const { stage, tree, sliders } = page.parts;
    stage.show(scene);
    this.drawn();
    sliders.show(scene);
    tree.show(scene, page.position, stage.view());
  }

  /** Folds and unfolds. @param anchor id of the group whose corner stays where it is on the screen */
  async refold(folds: Folds, anchor: string | undefined): Promise<void> {
    const { page } = this;
    const { drawing, parts } = page;
    if (page.wanted !== null) {
      // What is on its way will be drawn so.
      drawing.folds = folds;
      return;
    }
    await this.passes.run(async (signal) => {
      const { stage } = parts;
      const before = anchor === undefined ? null : drawing.scene?.boxOf(anchor);
      await drawing.fold(folds, page.saved, anchor, signal);
      if (signal.aborted) return;
      this.redrawScene();
      const after = anchor === undefined ? null : drawing.scene?.boxOf(anchor);
      const { zoom } = stage.viewport;
      if (before && after) stage.panBy((before.x - after.x) * zoom, (before.y - after.y) * zoom);
      else if (stage.fitted || !stage.shows(drawing.scene?.bounds())) stage.fit();
      page.update();
      markTime("drawn");
    });
  }

  /** Lays out again around what is pinned now. */
  settle(): Promise<void> {
    return this.passes.run(async (signal) => {
      await this.page.drawing.settle(this.page.saved, signal);
      if (signal.aborted) return;
      this.redrawScene();
      this.page.update();
    });
  }

  private clear(): void {
    const { drawing, parts } = this.page;
    drawing.clear();
    parts.stage.clear();
    parts.tree.clear();
    parts.sliders.clear();
  }

  /** By a person. */
  goTo(index: number): void {
    const { page } = this;
    const passes = page.outline?.passes ?? [];
    if (index < 0 || index >= passes.length || index === this.index) return;
    if (passes[index]?.kept === false) {
      page.parts.tell(`Of pass ${index + 1} only a summary is kept.`);
      page.update();
      return;
    }
    // The last pass is no choice: after the next run, the last one is shown again.
    page.change({ pass: index === passes.length - 1 ? null : index });
    void this.passes.load(index);
    page.update();
  }

  step(by: 1 | -1): void {
    this.goTo((this.index ?? 0) + by);
  }

  private get index(): number | null {
    return this.page.wanted ?? this.page.graph?.pass.index ?? null;
  }

  /** Acts on a pass once it is drawn. */
  async at(index: number, act: () => void): Promise<void> {
    if (!this.shows(index)) await this.passes.load(index);
    if (this.shows(index)) act();
  }

  /** What a pass holds is different now. */
  changed(index: number): void {
    if (this.shows(index)) void this.passes.load(index);
  }

  /** The drawing is of this pass, and of the run that is told of now. */
  private shows(index: number): boolean {
    const pass = this.page.graph?.pass;
    return pass?.index === index && pass.run === this.page.outline?.run;
  }

  /** A debugger has gone on in a pass. */
  extend(index: number, from: number, steps: readonly ViewStep[]): void {
    const pass = this.page.graph?.pass;
    // What was asked for before may or may not hold these steps.
    if (this.page.wanted === index || (this.shows(index) && pass && from > pass.steps.length))
      void this.passes.load(index);
    else if (pass && this.shows(index)) {
      const longer = { ...pass, steps: [...pass.steps.slice(0, from), ...steps] };
      void this.passes.run((signal) => this.show(longer, signal));
    }
  }

  /** A debugger's pass has other values; where it stands is told next, and drawn then. */
  fill(index: number, changed: readonly ChangedStep[]): void {
    const pass = this.page.graph?.pass;
    if (this.page.wanted === index || (this.passes.busy && this.shows(index))) void this.passes.load(index);
    else if (pass && this.shows(index)) {
      if (this.page.drawing.fill(changed)) {
        this.selection.fetchDetail();
        return;
      }
      const steps = [...pass.steps];
      for (const { index: at, step } of changed) steps[at] = step;
      void this.passes.run((signal) => this.show({ ...pass, steps }, signal));
    }
  }

  /** Lays the graph out anew, in the direction that is saved now. */
  layOut(): void {
    void this.passes.run(async (signal) => {
      await this.page.drawing.turn(this.page.saved, signal);
      if (signal.aborted) return;
      this.redraw();
      this.page.parts.stage.fit();
      this.page.update();
    });
  }
}
