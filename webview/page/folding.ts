/** @file Folding and unfolding groups, and putting cards where a person wants them. */
import {
  ALL,
  AUTOMATIC,
  choose,
  type Folds,
  foldsFrom,
  openingOf,
  revealing,
  slideTo,
} from "../groups/folds.js";
import type { Frame, Group, GroupTree, Item, Thing } from "../groups/types.js";
import type { Card } from "../model/graph.js";
import type { SavedPins } from "../pins.js";
import type { Page } from "./page.js";
import type { Showing } from "./showing.js";

/** What can be done to all groups, or to those around what is selected. */
export type FoldCommand = "automatic" | "all" | "none" | "around" | "unpin" | "undo" | number;

/** Of one file: what is folded and what was moved. */
export interface Arrangement {
  readonly folds: Folds;
  readonly pins: SavedPins;
}

/** Files whose arrangement is remembered. */
const MOST_FILES = 12;

export class Folding {
  private file: string | null = null;

  constructor(
    private readonly page: Page,
    private readonly showing: Showing,
  ) {}

  /** Takes up what was saved for the program that is about to be drawn. */
  load(): void {
    const { page } = this;
    const file = page.outline?.program.file ?? null;
    if (file === this.file || file === null) return;
    this.file = file;
    const saved = page.saved.arrangements[file];
    page.drawing.folds = foldsFrom(saved?.folds);
    page.drawing.pins.restore(saved?.pins);
  }

  save(): void {
    const { page, file } = this;
    if (file === null) return;
    const { folds, pins } = page.drawing;
    const others = Object.entries(page.saved.arrangements).filter(([name]) => name !== file);
    const kept = [...others.slice(1 - MOST_FILES), [file, { folds, pins: pins.saved }] as const];
    page.change({ arrangements: Object.fromEntries(kept) });
    page.saveSoon();
  }

  /** Space: the group that is selected, or the one around the selected card. @returns whether there is one */
  toggleSelected(): boolean {
    const thing = this.page.thing;
    if (thing?.kind === "card") {
      if (!thing.frame) return false;
      this.fold(thing.frame);
      return true;
    }
    if (!thing) return false;
    this.toggle(thing.id);
    return true;
  }

  /** @param id of a folded or an open group */
  toggle(id: string): void {
    const thing = this.page.drawing.shown?.byId.get(id);
    if (thing?.kind === "frame") this.fold(thing);
    else if (thing?.kind === "group") this.unfold(thing);
  }

  private fold({ group }: Frame): void {
    const { folds } = this.page.drawing;
    void this.apply(choose(folds, [group], "folded"), group, `${group.title} folded`);
  }

  private unfold({ group }: Item & { kind: "group" }): void {
    const { folds, tree } = this.page.drawing;
    if (!tree) return;
    if (group.kind !== "rest") {
      void this.apply(choose(folds, [group], "open"), group, `${group.title} unfolded`);
      return;
    }
    // The rest of a series opens at the instance next to the one that was shown.
    const { parent: series, members } = group;
    const next = group.id.endsWith("-before") ? members[members.length - 1] : members[0];
    if (series && next) this.slideTo(series, series.members.indexOf(next));
  }

  /** Shows another instance of an open series. */
  slide(id: string, at: number): void {
    const thing = this.page.drawing.shown?.byId.get(id);
    if (thing?.kind === "frame") this.slideTo(thing.group, at);
  }

  private slideTo(series: Group, at: number): void {
    const instance = series.members[at];
    const name = instance && "members" in instance ? instance.title : "";
    void this.apply(slideTo(this.page.drawing.folds, series, at), series, `${series.title}: ${name}`);
  }

  /** Unfolds whatever hides a card. */
  async reveal(card: Card): Promise<void> {
    const { tree, shown, folds } = this.page.drawing;
    if (!tree || !shown || shown.byId.has(card.id)) return;
    await this.apply(revealing(folds, tree, tree.groupOf.get(card) ?? null), null, null);
  }

  run(command: FoldCommand): void {
    if (command === "unpin") this.unpin();
    else if (command === "undo") this.undo();
    else if (command === "around") this.around();
    else if (command === "automatic") void this.apply(AUTOMATIC, null, "Groups unfolded as far as they fit");
    else if (command === "all") void this.apply({ ...AUTOMATIC, level: ALL }, null, "All groups unfolded");
    else if (command === "none") void this.apply({ ...AUTOMATIC, level: 0 }, null, "All groups folded");
    else void this.apply({ ...AUTOMATIC, level: command }, null, `Groups unfolded to level ${command}`);
  }

  /** Selects the open group around what is selected. */
  outer(): Frame | null {
    return this.page.thing?.frame ?? null;
  }

  /** Unfolds what the selected thing is joined to, and itself. */
  private around(): void {
    const { folds, shown, tree } = this.page.drawing;
    const { thing } = this.page;
    if (!shown || !tree || !thing) {
      this.page.parts.tell("Select a node or a group first.");
      return;
    }
    const joined = shown.wires.flatMap(({ producer, consumer }) => {
      if (producer.id === thing.id) return [consumer];
      return consumer.id === thing.id ? [producer] : [];
    });
    const groups = [thing, ...joined].flatMap((each) => foldable(each, tree, folds));
    if (groups.length === 0) this.page.parts.tell("Nothing around it is folded.");
    else void this.apply(choose(folds, groups, "open"), anchorOf(thing), `${groups.length} groups unfolded`);
  }

  private unpin(): void {
    const { drawing, parts, thing } = this.page;
    const count = drawing.pins.release(thing && drawing.pins.all.has(thing.key) ? thing.key : null);
    if (count === 0) parts.tell("Nothing has been moved by hand.");
    else void this.settle(count === 1 ? "Let go of one card" : `Let go of ${count} cards`);
  }

  private undo(): void {
    if (this.page.drawing.undoMove()) void this.settle("Move undone");
    else this.page.parts.tell("There is no move to undo.");
  }

  private async settle(words: string): Promise<void> {
    this.save();
    await this.showing.settle();
    this.page.parts.say(words);
  }

  private async apply(folds: Folds, anchor: Group | null, words: string | null): Promise<void> {
    const { page } = this;
    await this.showing.refold(folds, anchor?.id.replace(/-(before|after)$/, ""));
    this.save();
    if (words !== null) page.parts.say(words);
  }
}

function foldable(thing: Thing, tree: GroupTree, folds: Folds): Group[] {
  if (thing.kind !== "group" || thing.group.kind === "rest") return [];
  return openingOf(tree, folds).mode(thing.group) === "folded" ? [thing.group] : [];
}

function anchorOf(thing: Thing): Group | null {
  return thing.kind === "card" ? null : thing.group;
}
