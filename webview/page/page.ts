/** @file What the page shows at the moment, kept in one place, and brought to its parts after every change. */
import type { NodeDetail, Outline, Position, ToView, ViewSettings } from "../../src/protocol/view.js";
import type { Look } from "../canvas/scene.js";
import { readTheme } from "../canvas/theme.js";
import { Drawing } from "../drawing.js";
import type { Thing } from "../groups/types.js";
import { heatOf, lookOf } from "../look.js";
import { type Changes, NO_CHANGES } from "../model/changes.js";
import type { LegendEntry } from "../model/filters.js";
import type { Card, Graph } from "../model/graph.js";
import type { Focus } from "../model/subset.js";
import { type Actions, Parts } from "../parts.js";
import { Client, openSource } from "../source.js";
import { restore, type Saved } from "../state.js";
import { markTime } from "../times.js";
import { Matches } from "../ui/matches.js";
import { exportMenu, type Picture, printAsSvg } from "../ui/saving.js";

export class Page {
  readonly source = openSource();
  readonly client: Client;
  readonly parts: Parts;
  readonly drawing: Drawing;
  readonly matches = new Matches();
  saved: Saved = restore(this.source.load());
  settings: ViewSettings = { canReveal: false, canRun: false, canStep: false };
  outline: Outline | null = null;
  /** The pass that is on its way. */
  wanted: number | null = null;
  /** Of the selected card, once the host has told it. */
  detail: NodeDetail | null = null;
  /** Steps that have run; the pass's end where nobody walks. */
  position = 0;
  /** Where a debugger stands. */
  live: Position | null = null;
  focused: string | null = null;
  hovered: string | null = null;
  atCursor: ReadonlySet<string> = new Set();
  filter: LegendEntry["id"] | null = null;
  /** The part of the graph that is drawn; null for all of it. */
  focus: Focus | null = null;
  /** What the last run made different. */
  changes: Changes = NO_CHANGES;
  private theme = readTheme();
  private saving: ReturnType<typeof setTimeout> | null = null;

  constructor(root: HTMLElement, actions: Actions, receive: (message: ToView) => void) {
    this.client = new Client(this.source, receive);
    this.drawing = new Drawing(this.theme);
    const picture = () => this.picture();
    const exports = exportMenu(this.source, picture, (text) => this.parts.tell(text));
    this.parts = new Parts(root, this.theme, actions, exports);
    printAsSvg(this.parts.sheet, picture);
  }

  get graph(): Graph | null {
    return this.drawing.graph;
  }

  get selected(): Card | null {
    return this.graph?.cards.find((card) => card.key === this.saved.selected) ?? null;
  }

  /** What is selected, as it is drawn: a card, or the group that a card is folded into. */
  get thing(): Thing | null {
    const { shown } = this.drawing;
    const { selected } = this.saved;
    if (!shown || selected === null) return null;
    const group = [...shown.frames, ...shown.items].find(({ key }) => key === selected);
    return group ?? (this.selected ? shown.thingOf(this.selected.id) : null);
  }

  change(change: Partial<Saved>): void {
    this.saved = { ...this.saved, ...change };
  }

  /** Brings every part up to date. */
  update(): void {
    const { outline, saved, settings, graph, position, filter } = this;
    const restless = this.parts.show({
      outline,
      saved,
      settings,
      graph,
      position,
      debugger: this.live === null ? null : (this.live.at ?? "edge"),
      inside: this.live?.inside ?? null,
      index: this.wanted ?? graph?.pass.index ?? null,
      selected: this.thing?.id ?? null,
      heat: heatOf(graph, saved, position),
      filter,
      changes: this.changes,
      compared: this.drawing.against?.pass.index ?? null,
      beside: this.drawing.beside,
    });
    this.showDetails();
    if (restless && this.drawing.scene) this.parts.settleLegend(this.drawing.scene);
    this.draw();
    this.saveSoon();
  }

  showDetails(): void {
    const { graph, selected: card, thing, position, detail, settings } = this;
    const { tree } = this.drawing;
    if (card && graph)
      this.parts.details.show({ graph, card, position, detail, canReveal: settings.canReveal });
    else if (thing && thing.kind !== "card" && tree)
      this.parts.details.showGroup({ tree, group: thing.group, position, open: thing.kind === "frame" });
    else this.parts.details.hide();
  }

  draw(): void {
    const look = this.look();
    this.parts.stage.setLook(look);
    this.parts.beside.setLook(look);
  }

  saveSoon(): void {
    this.saving ??= setTimeout(() => {
      this.saving = null;
      this.source.save(this.saved);
    }, 200);
  }

  retheme(): void {
    this.theme = readTheme();
    this.drawing.retheme(this.theme);
    this.parts.stage.setTheme(this.theme);
    this.parts.beside.setTheme(this.theme);
    this.parts.map.setTheme(this.theme);
    this.draw();
  }

  /** There is something to look at, or a sentence why not. */
  ready(): void {
    this.parts.stage.paint();
    document.documentElement.dataset.gradwalkReady = "true";
    markTime("ready");
  }

  refuse(message: string): void {
    this.parts.notice.refuse(message);
    this.ready();
  }

  private picture(): Picture | null {
    const { scene } = this.drawing;
    const title = this.outline?.program.file ?? "graph";
    return scene && { scene, look: this.look(), theme: this.theme, title };
  }

  look(): Look {
    const { saved, position, focused, hovered, atCursor, filter } = this;
    const selected = this.thing?.id ?? null;
    const changes = this.changes.of;
    const marks = { selected, focused, hovered, atCursor, hits: this.matches.ids, filter, changes };
    return lookOf(this.drawing.shown, saved, position, marks);
  }
}
