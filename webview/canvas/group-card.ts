/** @file Groups as they are drawn: folded, a card on a stack of sheets; open, a frame with a title. */
import type { GroupFace } from "../groups/face.js";
import type { Frame } from "../groups/types.js";
import type { Tag } from "../model/face.js";
import type { CardLook, Size } from "./card.js";
import type { Measure, MeasuredStyle } from "./measure.js";
import type { Box, Painter, PathShape } from "./painter.js";
import { mix, type Theme } from "./theme.js";

/** What peeps out behind a folded group, to the right and below. */
const SHEET = 5;
const PAD = 12;
const CHEVRON = 16;
const GAP = 7;
const LINE = 16;
const MIN_WIDTH = 168;
const MAX_WIDTH = 320;
const RADIUS = 7;
const TAG = { pad: 5, gap: 4, height: 14 };

/** Height of an open group's title. */
export const TITLE_HEIGHT = 26;
/** Room for the slider of a series. */
export const SLIDER = { width: 96, gap: 12 };

const TITLE: MeasuredStyle = { size: 13, face: "sans", bold: true };
const SMALL: MeasuredStyle = { size: 11, face: "mono" };
const CHIP: MeasuredStyle = { size: 9.5, face: "sans", bold: true };

/** Sheets behind the card: a series has more. */
function sheets(face: GroupFace): number {
  return face.count > 0 ? 2 : 1;
}

function chipsOf(face: GroupFace): Tag[] {
  const count: Tag[] = face.count > 0 ? [{ text: `×${face.count}`, tone: "quiet" }] : [];
  return [...count, ...face.tags];
}

export function groupSize(face: GroupFace, measure: Measure): Size {
  const chips = chipsOf(face).reduce((sum, tag) => sum + chipWidth(tag, measure) + TAG.gap, 0);
  const subtitle = face.subtitle ? GAP + measure.width(face.subtitle, SMALL) : 0;
  const head = CHEVRON + measure.width(face.title, TITLE) + subtitle + (chips > 0 ? GAP + chips : 0);
  const lines = [face.content, face.grad?.text ?? ""].map((text) => measure.width(text, SMALL));
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, head + 2 * PAD, ...lines.map((w) => w + 2 * PAD)));
  const stack = sheets(face) * SHEET;
  return { width: Math.ceil(width / 4) * 4 + stack, height: 33 + 2 * LINE + stack };
}

function chipWidth(tag: Tag, measure: Measure): number {
  return measure.width(tag.text, CHIP) + 2 * TAG.pad;
}

/** Width that the title of an open group needs, its slider included. */
export function frameWidth(frame: Frame, measure: Measure): number {
  const { group, at } = frame;
  const words = measure.width(group.title, TITLE) + GAP + measure.width(frameSubtitle(frame), SMALL);
  return CHEVRON + words + 2 * PAD + (at === null ? 0 : SLIDER.gap + SLIDER.width);
}

export function frameSubtitle({ group, at }: Frame): string {
  if (at === null)
    return group.kind === "series" ? `${group.subtitle} ×${group.members.length}`.trim() : group.subtitle;
  const instance = group.members[at];
  const name = instance && "members" in instance ? instance.title : "";
  return [group.subtitle, name, `${at + 1} of ${group.members.length}`].filter(Boolean).join(" · ");
}

/** A triangle that points to the right where a group is folded, downwards where it is open. */
function chevron(x: number, y: number, open: boolean): PathShape {
  const corners = open
    ? [
        [-4.5, -2.5],
        [4.5, -2.5],
        [0, 3.5],
      ]
    : [
        [-2.5, -4.5],
        [3.5, 0],
        [-2.5, 4.5],
      ];
  const [start, ...rest] = corners.map(([dx = 0, dy = 0]) => ({ x: x + dx, y: y + dy }));
  return { start: start!, commands: rest.map((to) => ({ to })), closed: true };
}

/** Where a click folds or unfolds. */
export function chevronBox(box: Box): Box {
  return { x: box.x, y: box.y, width: PAD + CHEVRON, height: TITLE_HEIGHT + 4 };
}

export class GroupArtist {
  constructor(
    private readonly theme: Theme,
    private readonly measure: Measure,
  ) {}

  /** The card with all that it says. */
  draw(painter: Painter, whole: Box, face: GroupFace, look: CardLook): void {
    const box = this.shape(painter, whole, face, look);
    const { colours } = this.theme;
    const { measure } = this;
    let right = box.x + box.width - 8;
    for (const tag of chipsOf(face)) {
      right -= chipWidth(tag, measure);
      this.chip(painter, tag, right, box.y + 8);
      right -= TAG.gap;
    }
    const left = box.x + PAD;
    painter.path(chevron(left + 3, box.y + 16, false), colours.quiet, null);
    const room = right - left - CHEVRON;
    const title = measure.fit(face.title, room, TITLE);
    const colour = face.bad ? colours["bad-text"] : colours.fg;
    painter.text(title, left + CHEVRON, box.y + 21, { ...TITLE, colour });
    const beside = measure.width(title, TITLE) + GAP;
    const subtitle = measure.fit(face.subtitle, room - beside, SMALL);
    if (subtitle)
      painter.text(subtitle, left + CHEVRON + beside, box.y + 21, { ...SMALL, colour: colours.quiet });
    const quiet = look.heat === null ? colours.quiet : colours.fg;
    const inside = box.width - 2 * PAD;
    painter.text(measure.fit(face.content, inside, SMALL), left, box.y + 21 + LINE, {
      ...SMALL,
      colour: quiet,
    });
    if (face.grad) {
      const tone = face.grad.present ? colours[face.bad ? "bad-text" : "grad-text"] : quiet;
      const style = { ...SMALL, italic: !face.grad.present };
      painter.text(measure.fit(face.grad.text, inside, style), left, box.y + 21 + 2 * LINE, {
        ...style,
        colour: look.heat === null ? tone : colours.fg,
      });
    }
    painter.opacity(1);
  }

  /** From afar: the stack with its name. */
  drawBlock(painter: Painter, whole: Box, face: GroupFace, look: CardLook, letters: number): void {
    const box = this.shape(painter, whole, face, look);
    const size = Math.min(letters, box.height * 0.5);
    if (size >= letters * 0.7) {
      const style = { size, face: "sans", bold: true } as const;
      const words = face.count > 0 ? `${face.title} ×${face.count}` : face.title;
      const { colours } = this.theme;
      painter.text(
        this.measure.fit(words, box.width - size * 0.5, style),
        box.x + box.width / 2,
        box.y + box.height / 2 + size * 0.36,
        { ...style, colour: face.bad ? colours["bad-text"] : colours.fg, align: "centre" },
      );
    }
    painter.opacity(1);
  }

  /** @returns the box of the uppermost sheet */
  private shape(painter: Painter, whole: Box, face: GroupFace, look: CardLook): Box {
    const { colours, highContrast } = this.theme;
    const waiting = look.walking && (look.phase === "waiting" || look.phase === "idle");
    painter.opacity(look.faded ? 0.16 : waiting ? 0.5 : 1);
    const current = look.phase === "current" && look.walking;
    if (look.hit) this.ring(painter, whole, 3, colours.cursor, 2);
    if (current) this.ring(painter, whole, 5, colours.grad, 2);
    if (look.selected || look.focused)
      this.ring(
        painter,
        whole,
        current ? 8 : 3,
        colours[look.focused ? "focus" : "select"],
        look.focused ? 3 : 1.5,
      );
    const stack = sheets(face) * SHEET;
    const box = { ...whole, width: whole.width - stack, height: whole.height - stack };
    const border = face.bad ? colours.bad : current ? colours.grad : colours.line;
    const width = (face.bad || current ? 2 : 1) + (highContrast ? 1 : 0);
    const fill = this.fill(look);
    const outline = { kind: "rect", radius: RADIUS } as const;
    for (let i = sheets(face); i >= 0; i--) {
      const sheet = { ...box, x: box.x + i * SHEET, y: box.y + i * SHEET };
      painter.outline(sheet, outline, fill, { colour: border, width });
    }
    return box;
  }

  private ring(painter: Painter, box: Box, by: number, colour: string, width: number): void {
    const grown = { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
    painter.outline(grown, { kind: "rect", radius: RADIUS + by }, null, { colour, width });
  }

  private fill(look: CardLook): string {
    const { colours } = this.theme;
    if (look.heat !== null) return mix(colours.grad, colours.card, 0.06 + look.heat * 0.5);
    if (look.atCursor) return mix(colours.cursor, colours.card, 0.2);
    return mix(colours.fg, colours.bg, this.theme.highContrast ? 0 : 0.06);
  }

  private chip(painter: Painter, tag: Tag, x: number, y: number): void {
    const { colours } = this.theme;
    const width = chipWidth(tag, this.measure);
    const colour = colours[tag.tone];
    painter.outline({ x, y, width, height: TAG.height }, { kind: "rect", radius: 7 }, null, {
      colour,
      width: 1,
    });
    const text = tag.tone === "quiet" ? colours.quiet : mix(colour, colours.fg, 0.55);
    painter.text(tag.text, x + TAG.pad, y + 10.4, { ...CHIP, colour: text });
  }

  /** An open group: its ground, behind everything inside. `letters`: the least size that can be read. */
  frame(painter: Painter, box: Box, frame: Frame, look: CardLook, letters: number): void {
    const { colours, highContrast } = this.theme;
    painter.opacity(look.faded ? 0.3 : 1);
    const outline = { kind: "rect", radius: 9 } as const;
    if (look.selected || look.focused)
      this.ring(painter, box, 2, colours[look.focused ? "focus" : "select"], look.focused ? 3 : 1.5);
    const ground = highContrast
      ? null
      : mix(colours.fg, colours.bg, 0.025 + 0.015 * Math.min(frame.group.depth, 4));
    painter.outline(box, outline, ground, {
      colour: mix(colours.line, colours.bg, highContrast ? 1 : 0.7),
      width: 1,
    });
    this.frameTitle(painter, box, frame, letters);
    painter.opacity(1);
  }

  private frameTitle(painter: Painter, box: Box, frame: Frame, letters: number): void {
    const { colours } = this.theme;
    const { measure } = this;
    // Grows as one steps back, up to what the title's row can take.
    const size = Math.max(TITLE.size, Math.min(letters, TITLE_HEIGHT * 0.8));
    if (size < letters * 0.7) return;
    const scale = size / TITLE.size;
    const style = { ...TITLE, size };
    const room = box.width - (PAD + CHEVRON * scale) - PAD;
    const left = box.x + PAD - 4;
    const baseline = box.y + 13 + size * 0.36;
    painter.path(chevron(left + 4, box.y + 13.5, true), colours.quiet, null);
    const title = measure.fit(frame.group.title, room, style);
    painter.text(title, left + CHEVRON * scale, baseline, { ...style, colour: colours.fg });
    const beside = measure.width(title, style) + GAP;
    const slider = frame.at === null ? 0 : SLIDER.width + SLIDER.gap;
    const subtitle = scale > 1.2 ? "" : measure.fit(frameSubtitle(frame), room - beside - slider, SMALL);
    if (subtitle)
      painter.text(subtitle, left + CHEVRON * scale + beside, baseline, { ...SMALL, colour: colours.quiet });
  }
}
