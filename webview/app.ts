/** @file The page: keeps what is shown, and tells the parts to show it. */
import type { SourceLocation } from "../src/protocol/export.js";
import type {
  NodeDetail,
  Outline,
  PassView,
  Position,
  ToView,
  ViewSettings,
  ViewStep,
} from "../src/protocol/view.js";
import type { Look } from "./canvas/scene.js";
import { readTheme, watchTheme } from "./canvas/theme.js";
import { Drawing } from "./drawing.js";
import { listenForKeys } from "./keyboard.js";
import { heatOf, lookOf } from "./look.js";
import { describe } from "./model/face.js";
import type { LegendEntry } from "./model/filters.js";
import type { Card } from "./model/graph.js";
import { coversLine } from "./model/place.js";
import { clampPosition } from "./model/walk.js";
import { Parts } from "./parts.js";
import { Passes, preferredPass } from "./passes.js";
import { Client, openSource } from "./source.js";
import { restore, type Saved } from "./state.js";
import { Matches } from "./ui/matches.js";
import { type Arrow, neighbour } from "./ui/neighbour.js";
import { exportMenu, type Picture, printAsSvg } from "./ui/saving.js";
import type { DebugCommand } from "./ui/scrubber.js";

export class App {
  private readonly source = openSource();
  private readonly client = new Client(this.source, (message) => this.receive(message));
  private saved: Saved = restore(this.source.load());
  private settings: ViewSettings = { canReveal: false, canRun: false, canStep: false };
  private outline: Outline | null = null;
  private theme = readTheme();
  private readonly drawing = new Drawing(this.theme);
  private readonly passes = new Passes(this.client, {
    show: (pass, signal) => this.showPass(pass, signal),
    failed: (message) => this.refuse(message),
  });
  private readonly matches = new Matches();
  private detail: NodeDetail | null = null;
  /** Steps that have run; the pass's end where nobody walks. */
  private position = 0;
  /** Where a debugger stands. */
  private live: Position | null = null;
  private focused: string | null = null;
  private hovered: string | null = null;
  private atCursor: ReadonlySet<string> = new Set();
  private filter: LegendEntry["id"] | null = null;
  private saving: ReturnType<typeof setTimeout> | null = null;
  private readonly parts: Parts;

  constructor(root: HTMLElement) {
    const picture = () => this.picture();
    this.parts = new Parts(
      root,
      this.theme,
      this,
      exportMenu(this.source, picture, (text) => this.parts.say(text)),
    );
    listenForKeys(this);
    watchTheme(() => this.retheme());
    printAsSvg(this.parts.sheet, picture);
    this.update();
    this.client.start();
  }

  private receive(message: ToView): void {
    switch (message.type) {
      case "outline":
        this.receiveOutline(message.outline);
        break;
      case "settings":
        this.settings = message.settings;
        this.update();
        break;
      case "cursor":
        this.cursor(message.file, message.line);
        break;
      case "select":
        void this.atPass(message.pass, () => this.selectNode(message.node));
        break;
      case "steps":
        this.extend(message.pass, message.from, message.steps);
        break;
      case "passChanged":
        if (this.shows(message.pass)) void this.passes.load(message.pass);
        break;
      case "position":
        this.followPosition(message.position);
        break;
      case "error":
        this.refuse(message.message);
        break;
    }
  }

  private receiveOutline(outline: Outline): void {
    const fresh = outline.run !== this.drawing.graph?.pass.run;
    this.outline = outline;
    if (outline.passes.length === 0) {
      // The last good graph stays until there is a better one, or until a run has ended well without any.
      if (outline.state === "done" && !outline.program.error && this.drawing.graph) this.clear();
      if (outline.state !== "running") this.ready();
    } else if (fresh && this.passes.wanted === null)
      void this.passes.load(preferredPass(outline, this.saved.pass));
    this.update();
  }

  private async showPass(pass: PassView, signal: AbortSignal): Promise<void> {
    const before = this.drawing.graph;
    const selectedKey = this.selected()?.key ?? this.saved.selected;
    const same = await this.drawing.show(pass, this.saved, signal);
    const { graph } = this.drawing;
    if (signal.aborted || !graph) return;
    const walked = before !== null && same && this.position < before.pass.steps.length;
    if (this.live?.pass === pass.index) this.position = clampPosition(graph, this.live.step);
    else this.position = walked ? clampPosition(graph, this.position) : graph.pass.steps.length;
    this.passes.wanted = null;
    this.saved = {
      ...this.saved,
      selected: graph.cards.some((card) => card.key === selectedKey) ? selectedKey : null,
    };
    this.redraw();
    const { stage } = this.parts;
    if (before === null && this.saved.viewport) stage.viewport = this.saved.viewport;
    else if (before === null || (stage.fitted && !same) || !stage.shows(this.drawing.scene?.bounds()))
      stage.fit();
    this.detail = null;
    this.fetchDetail();
    this.update();
    if (stage.fitted && this.drawing.scene) this.parts.settleLegend(this.drawing.scene);
    this.ready();
    this.source.post({ type: "laidOut", pass: pass.index, nodes: pass.nodes.length });
  }

  /** After every change of the scene itself. */
  private redraw(): void {
    const { graph, scene } = this.drawing;
    if (!graph || !scene) return;
    this.matches.clear();
    this.atCursor = new Set();
    this.parts.stage.show(scene);
    this.parts.tree.show(graph, scene, this.position);
  }

  private clear(): void {
    this.drawing.clear();
    this.parts.stage.clear();
    this.parts.tree.clear();
  }

  private ready(): void {
    this.parts.stage.paint();
    document.documentElement.dataset.gradwalkReady = "true";
  }

  private refuse(message: string): void {
    this.parts.notice.refuse(message);
    this.ready();
  }

  goToPass(index: number): void {
    const passes = this.outline?.passes ?? [];
    const { wanted } = this.passes;
    if (index < 0 || index >= passes.length || index === (wanted ?? this.drawing.graph?.pass.index)) return;
    if (passes[index]?.kept === false) {
      this.parts.say(`Of pass ${index + 1} only a summary is kept.`);
      this.update();
      return;
    }
    // The last pass is no choice: after the next run, the last one is shown again.
    this.saved = { ...this.saved, pass: index === passes.length - 1 ? null : index };
    void this.passes.load(index);
    this.update();
  }

  pass(by: 1 | -1): void {
    this.goToPass((this.passes.wanted ?? this.drawing.graph?.pass.index ?? 0) + by);
  }

  private async atPass(index: number, act: () => void): Promise<void> {
    if (!this.shows(index)) await this.passes.load(index);
    if (this.shows(index)) act();
  }

  /** The drawing is of this pass, and of the run that is told of now. */
  private shows(index: number): boolean {
    const pass = this.drawing.graph?.pass;
    return pass?.index === index && pass.run === this.outline?.run;
  }

  /** A debugger has gone on in a pass. */
  private extend(index: number, from: number, steps: readonly ViewStep[]): void {
    const pass = this.drawing.graph?.pass;
    // What was asked for before may or may not hold these steps.
    if (this.passes.wanted === index || (this.shows(index) && pass && from > pass.steps.length))
      void this.passes.load(index);
    else if (pass && this.shows(index)) {
      const longer = { ...pass, steps: [...pass.steps.slice(0, from), ...steps] };
      void this.passes.run((signal) => this.showPass(longer, signal));
    }
  }

  private selected(): Card | null {
    return this.drawing.graph?.cards.find((card) => card.key === this.saved.selected) ?? null;
  }

  /** `bring`: also into view, and give it the focus. */
  select(id: string | null, bring = false): void {
    const { graph } = this.drawing;
    const card = graph?.byId.get(id ?? "") ?? null;
    if ((card?.key ?? null) !== this.saved.selected) {
      this.saved = { ...this.saved, selected: card?.key ?? null };
      this.detail = null;
      this.fetchDetail();
      this.source.post({ type: "selected", pass: graph?.pass.index ?? 0, node: card?.node.id ?? null });
    }
    this.update();
    if (!card || !bring) return;
    this.parts.stage.bringIntoView(card.id);
    this.parts.tree.focus(card.id);
  }

  private selectNode(node: number): void {
    const card = this.drawing.graph?.byNode.get(node);
    if (!card) return;
    this.select(card.id);
    this.parts.stage.bringIntoView(card.id);
  }

  private fetchDetail(): void {
    const card = this.selected();
    const { graph } = this.drawing;
    if (!card || !graph) return;
    this.client.node(graph.pass.index, card.node.id).then(
      (detail) => {
        if (this.selected() !== card) return;
        this.detail = detail;
        this.showDetails();
      },
      // The card's own data stays in the pane; the host reports its errors itself.
      () => {},
    );
  }

  tap(id: string): void {
    this.select(id);
    this.parts.tree.focus(id);
    this.revealCard(id, false);
  }

  revealCard(id: string, focus: boolean): void {
    this.reveal(this.drawing.graph?.byId.get(id)?.node.source ?? null, focus);
  }

  reveal(source: SourceLocation | null, focus: boolean): void {
    if (source && this.settings.canReveal) this.source.post({ type: "reveal", source, focus });
  }

  hover(id: string | null): void {
    this.hovered = id;
    this.draw();
  }

  /** `visible`: by keyboard, so that the focus has to be seen. */
  focus(id: string | null, visible: boolean): void {
    this.focused = visible ? id : null;
    if (id !== null && visible) {
      this.parts.stage.bringIntoView(id);
      if (this.selected()?.id !== id) this.select(id);
    }
    this.draw();
  }

  moved(id: string, centre: { readonly x: number; readonly y: number }): void {
    this.drawing.pin(id, centre);
    if (this.drawing.scene) this.parts.tree.place(id, this.drawing.scene);
  }

  arrow(arrow: Arrow): boolean {
    const { graph, scene } = this.drawing;
    const from = graph?.byId.get(this.parts.tree.focusedId ?? "") ?? this.selected();
    if (!graph || !scene) return false;
    const to = from ? neighbour(graph, scene, from, arrow) : this.start();
    if (to) this.select(to.id, true);
    return true;
  }

  private start(): Card | null {
    const cards = this.drawing.graph?.cards ?? [];
    return cards.find((card) => card.root) ?? cards[0] ?? null;
  }

  home(): void {
    this.select(this.start()?.id ?? null, true);
  }

  open(): void {
    this.reveal(this.selected()?.node.source ?? null, true);
  }

  step(by: 1 | -1): void {
    this.parts.scrubber.step(by);
  }

  play(): void {
    this.parts.scrubber.toggle();
  }

  /** A person walks; the host hears of it. */
  goToStep(step: number): void {
    const { graph } = this.drawing;
    if (!graph) return;
    if (this.live) {
      // The debugger goes there, as far as it can, and tells where it stands.
      this.source.post({ type: "goTo", pass: graph.pass.index, step: clampPosition(graph, step) });
      return;
    }
    this.walkTo(step);
    this.source.post({ type: "goTo", pass: graph.pass.index, step: this.position });
    this.sayStep();
  }

  private sayStep(): void {
    const { graph } = this.drawing;
    if (!graph) return;
    const card = graph.order[this.position];
    const at = `Step ${this.position + 1} of ${graph.pass.steps.length}`;
    this.parts.say(card ? `${at}: ${describe(graph, card, this.position)}` : "Pass complete");
  }

  private walkTo(step: number): void {
    const { graph } = this.drawing;
    if (!graph) return;
    this.position = clampPosition(graph, step);
    const card = graph.order[this.position];
    if (card) this.parts.stage.bringIntoView(card.id);
    this.update();
  }

  debug(command: DebugCommand): void {
    this.source.post({ type: "debug", command });
  }

  private followPosition(position: Position | null): void {
    this.live = position?.live ? position : null;
    if (position === null) this.walkTo(Number.MAX_SAFE_INTEGER);
    else
      void this.atPass(position.pass, () => {
        this.walkTo(position.step);
        if (position.live) this.sayStep();
      });
  }

  private cursor(file: string, line: number): void {
    const { graph, scene } = this.drawing;
    if (!graph || !scene || !this.saved.follow) return;
    const here = graph.cards.filter((card) => coversLine(card.node.source, file, line));
    this.atCursor = new Set(here.map((card) => card.id));
    const { stage } = this.parts;
    const [first] = here;
    if (first && !here.some((card) => stage.shows(scene.boxOf(card.id)))) stage.bringIntoView(first.id);
    this.draw();
  }

  find(): void {
    this.parts.find.show();
  }

  help(): void {
    this.parts.help.toggle();
  }

  escape(): void {
    if (this.parts.find.open) this.parts.find.close();
    else this.select(null);
  }

  query(text: string): void {
    this.matches.query(this.drawing.graph, text, this.position);
    this.showMatch();
  }

  nextMatch(by: 1 | -1): void {
    this.matches.step(by);
    this.showMatch();
  }

  endSearch(): void {
    this.matches.clear();
    this.update();
    this.parts.tree.focus(this.selected()?.id ?? "");
  }

  private showMatch(): void {
    this.parts.find.result(this.matches.index, this.matches.count);
    const card = this.matches.current;
    if (card) {
      this.select(card.id);
      this.parts.stage.bringIntoView(card.id);
    } else this.update();
  }

  showOnly(id: LegendEntry["id"] | null): void {
    this.filter = id;
    this.update();
  }

  change(change: Partial<Saved>): void {
    this.saved = { ...this.saved, ...change };
    if ("orientation" in change || "flow" in change) void this.passes.run((signal) => this.turned(signal));
    if (change.follow === false) this.atCursor = new Set();
    this.update();
  }

  private async turned(signal: AbortSignal): Promise<void> {
    await this.drawing.turn(this.saved, signal);
    if (signal.aborted) return;
    this.redraw();
    this.parts.stage.fit();
    this.update();
  }

  toggle(key: "gradients" | "legend"): void {
    this.change({ [key]: !this.saved[key] });
  }

  turn(): void {
    this.change({ orientation: this.saved.orientation === "down" ? "right" : "down" });
  }

  fit(): void {
    this.parts.stage.fit();
  }

  zoom(factor: number): void {
    this.parts.stage.zoomBy(factor);
  }

  run(): void {
    this.source.post({ type: "run" });
  }

  stop(): void {
    this.source.post({ type: "stop" });
  }

  viewport(): void {
    if (!this.drawing.scene) return;
    const { stage } = this.parts;
    if (stage.fitted) this.parts.settleLegend(this.drawing.scene);
    this.saved = { ...this.saved, viewport: stage.fitted ? null : stage.viewport };
    this.saveSoon();
  }

  private saveSoon(): void {
    this.saving ??= setTimeout(() => {
      this.saving = null;
      this.source.save(this.saved);
    }, 200);
  }

  private retheme(): void {
    this.theme = readTheme();
    this.drawing.retheme(this.theme);
    this.parts.stage.setTheme(this.theme);
    this.draw();
  }

  private picture(): Picture | null {
    const { scene } = this.drawing;
    const title = this.outline?.program.file ?? "graph";
    return scene && { scene, look: this.look(), theme: this.theme, title };
  }

  private look(): Look {
    const { saved, position, focused, hovered, atCursor, filter } = this;
    const selected = this.selected()?.id ?? null;
    const marks = { selected, focused, hovered, atCursor, hits: this.matches.ids, filter };
    return lookOf(this.drawing.graph, saved, position, marks);
  }

  private draw(): void {
    this.parts.stage.setLook(this.look());
  }

  private update(): void {
    const { outline, saved, settings, position, filter } = this;
    const { graph } = this.drawing;
    const index = this.passes.wanted ?? graph?.pass.index ?? null;
    const selected = this.selected()?.id ?? null;
    this.parts.show({
      outline,
      saved,
      settings,
      graph,
      position,
      debugger: this.live === null ? null : (this.live.at ?? "edge"),
      index,
      selected,
      heat: heatOf(graph, saved, position),
      filter,
    });
    this.showDetails();
    this.draw();
    this.saveSoon();
  }

  private showDetails(): void {
    const card = this.selected();
    const { graph } = this.drawing;
    if (!card || !graph) {
      this.parts.details.hide();
      return;
    }
    const { position, detail, settings } = this;
    this.parts.details.show({ graph, card, position, detail, canReveal: settings.canReveal });
  }
}
