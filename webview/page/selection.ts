/** @file The card that is selected, by pointer, key or editor, and what is pointed at besides. */
import type { SourceLocation } from "../../src/protocol/export.js";
import type { Wire } from "../groups/types.js";
import type { Card } from "../model/graph.js";
import { coversLine } from "../model/place.js";
import { type Arrow, neighbour } from "../ui/neighbour.js";
import type { Page } from "./page.js";

export class Selection {
  /** Hears of every card that is selected. */
  selected: (card: Card | null) => void = () => {};
  /** Unfolds what hides a card. */
  unhide: (card: Card) => Promise<void> = async () => {};

  constructor(private readonly page: Page) {}

  /** `bring`: also into view, and give it the focus. */
  select(id: string | null, bring = false): void {
    const { page } = this;
    const { graph, drawing } = page;
    const card = graph?.byId.get(id ?? "") ?? null;
    const key = card?.key ?? drawing.shown?.byId.get(id ?? "")?.key ?? null;
    if (key !== page.saved.selected) {
      page.change({ selected: key });
      this.fetchDetail();
      page.source.post({ type: "selected", pass: graph?.pass.index ?? 0, node: card?.node.id ?? null });
    }
    page.update();
    if (key !== null && id !== null && bring) void this.bring(id, card);
    this.selected(card);
  }

  private async bring(id: string, card: Card | null): Promise<void> {
    const { parts } = this.page;
    if (card) await this.unhide(card);
    parts.stage.bringIntoView(id);
    parts.tree.focus(id);
  }

  /** Told by the host. */
  selectNode(node: number): void {
    const card = this.page.graph?.byNode.get(node);
    if (card) this.show(card);
  }

  /** Selects it where it can be seen; the focus stays where it is. */
  show(card: Card): void {
    this.select(card.id);
    void this.unhide(card).then(() => this.page.parts.stage.bringIntoView(card.id));
  }

  /** Asks for what the card alone does not hold. */
  fetchDetail(): void {
    const { page } = this;
    const { graph, selected: card } = page;
    page.detail = null;
    if (!card || !graph) return;
    page.client.node(graph.pass.index, card.node.id).then(
      (detail) => {
        if (page.selected !== card) return;
        page.detail = detail;
        page.showDetails();
      },
      // The card's own data stays in the pane; the host reports its errors itself.
      () => {},
    );
  }

  tap(id: string): void {
    this.select(id);
    this.page.parts.tree.focus(id);
    this.revealCard(id, false);
  }

  /** A click on an edge goes to its far end, as seen from what is selected. */
  followWire({ producer, consumer }: Wire): void {
    const here = this.page.thing?.id;
    this.select(here === consumer.id ? producer.id : consumer.id, true);
  }

  revealCard(id: string, focus: boolean): void {
    this.reveal(this.page.graph?.byId.get(id)?.node.source ?? null, focus);
  }

  reveal(source: SourceLocation | null, focus: boolean): void {
    if (source && this.page.settings.canReveal) this.page.source.post({ type: "reveal", source, focus });
  }

  open(): void {
    this.reveal(this.page.selected?.node.source ?? null, true);
  }

  hover(id: string | null): void {
    this.page.hovered = id;
    this.page.draw();
  }

  /** `visible`: by keyboard, so that the focus has to be seen. */
  focus(id: string | null, visible: boolean): void {
    const { page } = this;
    page.focused = visible ? id : null;
    if (id !== null && visible) {
      page.parts.stage.bringIntoView(id);
      if (page.thing?.id !== id) this.select(id);
    }
    page.draw();
  }

  moved(id: string, centre: { readonly x: number; readonly y: number }): void {
    const { drawing, parts } = this.page;
    drawing.pin(id, centre);
    parts.tree.place(id);
  }

  /** False where there is nothing to move in. */
  arrow(arrow: Arrow): boolean {
    const { drawing, parts, thing } = this.page;
    const { shown, scene } = drawing;
    if (!shown || !scene) return false;
    const from = shown.byId.get(parts.tree.focusedId ?? "") ?? thing;
    const to = from ? neighbour(scene, from, arrow) : this.start();
    if (to) this.select(to.id, true);
    return true;
  }

  home(): void {
    this.select(this.start()?.id ?? null, true);
  }

  private start(): Card | null {
    const cards = this.page.graph?.cards ?? [];
    return cards.find((card) => card.root) ?? cards[0] ?? null;
  }

  /** The editor's cursor stands on a line. */
  cursor(file: string, line: number): void {
    const { page } = this;
    const { graph, scene } = page.drawing;
    if (!graph || !scene || !page.saved.follow) return;
    const here = graph.cards.filter((card) => coversLine(card.node.source, file, line));
    page.atCursor = new Set(here.map((card) => card.id));
    const { stage } = page.parts;
    const [first] = here;
    if (first && !here.some((card) => stage.shows(scene.boxOf(card.id)))) stage.bringIntoView(first.id);
    page.draw();
  }
}
