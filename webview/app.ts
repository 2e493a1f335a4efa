/** @file The page's parts meet here: what the host says and what people do, each to the module that does it. */
import type { ToView } from "../src/protocol/view.js";
import { watchTheme } from "./canvas/theme.js";
import { type KeyActions, listenForKeys } from "./keyboard.js";
import type { Relation } from "./model/subset.js";
import { Comparing } from "./page/comparing.js";
import { Focusing } from "./page/focusing.js";
import { Folding } from "./page/folding.js";
import { Page } from "./page/page.js";
import { Searching } from "./page/searching.js";
import { Selection } from "./page/selection.js";
import { Showing } from "./page/showing.js";
import { Walking } from "./page/walking.js";
import type { Actions } from "./parts.js";
import type { Saved } from "./state.js";

export class App {
  private readonly page: Page;
  private readonly selection: Selection;
  private readonly showing: Showing;
  private readonly folding: Folding;
  private readonly focusing: Focusing;
  private readonly comparing: Comparing;
  private readonly walking: Walking;
  private readonly searching: Searching;

  constructor(root: HTMLElement) {
    this.page = new Page(root, this.actions(), (message) => this.receive(message));
    this.selection = new Selection(this.page);
    this.showing = new Showing(this.page, this.selection);
    this.folding = new Folding(this.page, this.showing);
    this.showing.beforeDrawing = () => this.folding.load();
    this.selection.unhide = (card) => this.folding.reveal(card);
    this.focusing = new Focusing(this.page, this.showing);
    this.selection.selected = (card) => this.focusing.selected(card);
    this.comparing = new Comparing(this.page, this.showing);
    this.showing.drawn = () => this.drawn();
    this.walking = new Walking(this.page, this.showing);
    this.searching = new Searching(this.page, this.selection);
    listenForKeys(this.keys());
    watchTheme(() => this.page.retheme());
    this.page.update();
    this.page.client.start();
  }

  private receive(message: ToView): void {
    const { page, selection, showing } = this;
    switch (message.type) {
      case "outline":
        showing.receive(message.outline);
        break;
      case "settings":
        page.settings = message.settings;
        page.change({ locked: message.settings.locked ?? null });
        page.update();
        break;
      case "cursor":
        selection.cursor(message.file, message.line);
        break;
      case "select":
        void showing.at(message.pass, () => selection.selectNode(message.node));
        break;
      case "steps":
        showing.extend(message.pass, message.from, message.steps);
        break;
      case "stepValues":
        showing.fill(message.pass, message.changed);
        break;
      case "passChanged":
        showing.changed(message.pass);
        break;
      case "position":
        this.walking.follow(message.position);
        break;
      case "error":
        page.refuse(message.message);
        break;
    }
  }

  private actions(): Actions {
    return {
      tap: (id) => this.selection.tap(id),
      followWire: (wire) => this.selection.followWire(wire),
      toggle: (id) => this.folding.toggle(id),
      fold: (command) => this.folding.run(command),
      slide: (id, at) => this.folding.slide(id, at),
      hover: (id) => this.selection.hover(id),
      moved: (id, centre) => {
        this.selection.moved(id, centre);
        this.folding.save();
      },
      viewport: () => this.viewport(),
      select: (id, bring) => this.selection.select(id, bring),
      focus: (id, visible) => this.selection.focus(id, visible),
      revealCard: (id, focus) => this.selection.revealCard(id, focus),
      reveal: (source, focus) => this.selection.reveal(source, focus),
      goToPass: (index) => this.showing.goTo(index),
      goToStep: (step) => this.walking.goTo(step),
      compare: () => this.comparing.toggle(),
      sideBySide: () => this.comparing.sideBySide(),
      debug: (command) => this.walking.debug(command),
      change: (change) => this.change(change),
      find: () => this.page.parts.find.show(),
      query: (text) => this.searching.query(text),
      nextMatch: (by) => this.searching.step(by),
      endSearch: () => this.searching.end(),
      showOnly: (id) => {
        this.page.filter = id;
        this.page.update();
      },
      focusOn: (what) => this.focusOn(what),
      leaveFocus: () => void this.focusing.leave(),
      fit: () => this.page.parts.stage.fit(),
      zoom: (factor) => this.page.parts.stage.zoomBy(factor),
      help: () => this.page.parts.help.toggle(),
      run: () => this.page.source.post({ type: "run" }),
      stop: () => this.page.source.post({ type: "stop" }),
    };
  }

  private keys(): KeyActions {
    const { page, selection } = this;
    const { stage, scrubber, find, help } = page.parts;
    return {
      arrow: (arrow) => selection.arrow(arrow),
      open: () => selection.open(),
      fold: () => this.folding.toggleSelected(),
      folds: (command) => this.folding.run(command),
      outer: () => selection.select(this.folding.outer()?.id ?? null, true),
      home: () => selection.home(),
      step: (by) => scrubber.step(by),
      play: () => scrubber.toggle(),
      pass: (by) => this.showing.step(by),
      find: () => find.show(),
      help: () => help.toggle(),
      focusOn: (what) => this.focusOn(what),
      escape: () => this.escape(),
      fit: () => stage.fit(),
      zoom: (factor) => stage.zoomBy(factor),
      toggle: (key) => this.change({ [key]: !page.saved[key] }),
      turn: () => this.change({ orientation: page.saved.orientation === "down" ? "right" : "down" }),
    };
  }

  private focusOn(what: Relation | "path"): void {
    if (what === "path") this.focusing.path();
    else this.focusing.relatives(what);
  }

  /** Leaves one thing at a time: the search, the part that is drawn, the selection. */
  private escape(): void {
    const { find } = this.page.parts;
    if (find.open) find.close();
    else if (!this.focusing.leave()) this.selection.select(null);
  }

  private change(change: Partial<Saved>): void {
    const { page } = this;
    if (change.legend === false && page.parts.openLegend()) return;
    page.change(change);
    if ("orientation" in change || "flow" in change) this.showing.layOut();
    if ("constants" in change) this.showing.redrawPart();
    if (change.follow === false) page.atCursor = new Set();
    if ("map" in change) page.parts.followView(page.saved.map);
    page.update();
  }

  private drawn(): void {
    const { drawing, parts, saved } = this.page;
    this.comparing.draw();
    parts.map.show(drawing.scene);
    parts.followView(saved.map);
  }

  private viewport(): void {
    const { page } = this;
    const { scene } = page.drawing;
    if (!scene) return;
    const { stage } = page.parts;
    if (stage.fitted) page.parts.settleLegend(scene);
    page.parts.lookSoon();
    page.parts.followView(page.saved.map);
    page.change({ viewport: stage.fitted ? null : stage.viewport });
    page.saveSoon();
  }
}
