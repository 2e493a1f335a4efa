/** @file A node's card: its size, and how it is drawn near and from afar. */
import type { Change } from "../model/changes.js";
import type { Face, Role, Tag } from "../model/face.js";
import { briefTitle } from "../model/names.js";
import type { Phase } from "../model/walk.js";
import { drawChange, drawFreedSign, drawGradSign, SIGN } from "./glyphs.js";
import type { Measure, MeasuredStyle } from "./measure.js";
import type { Box, Outline, Painter } from "./painter.js";
import { type Colour, mix, type Theme } from "./theme.js";

export interface Size {
  readonly width: number;
  readonly height: number;
}

const PAD = { x: 12, top: 9, bottom: 9 };
const TITLE_LINE = 17;
const BODY_LINE = 16;
const MIN_WIDTH = 128;
export const MAX_WIDTH = 304;
const GAP = 7;
const TAGS = { margin: 7, pad: 5, gap: 4 };

const TITLE: MeasuredStyle = { size: 13, face: "sans", bold: true };
const SUBTITLE: MeasuredStyle = { size: 11, face: "mono" };
const BODY: MeasuredStyle = { size: 11, face: "mono" };
const TAG: MeasuredStyle = { size: 9.5, face: "sans", bold: true };

/** How a card stands out at the moment. */
export interface CardLook {
  readonly phase: Phase;
  /** The walk is under way, so that what has not run is dimmed. */
  readonly walking: boolean;
  readonly selected: boolean;
  readonly focused: boolean;
  /** The editor's cursor stands on its line. */
  readonly atCursor: boolean;
  readonly faded: boolean;
  readonly hit: boolean;
  /** Fill between the card's own colour (0) and the gradient's (1); null for the card's own. */
  readonly heat: number | null;
  /** What the last run made of it. */
  readonly change: Change | null;
}

export function cardSize(face: Face, measure: Measure): Size {
  const title =
    measure.width(face.title, TITLE) + (face.subtitle ? GAP + measure.width(face.subtitle, SUBTITLE) : 0);
  const head = title + (face.tags.length > 0 ? GAP + tagsWidth(face.tags, measure) : 0);
  const body = measure.width(bodyText(face), BODY);
  const grad = face.grad ? SIGN + measure.width(face.grad.text, BODY) + (face.freed ? SIGN : 0) : 0;
  const width = Math.max(head, body, grad) + 2 * PAD.x;
  const lines = face.role === "constant" ? 1 : 2;
  return {
    width: Math.ceil(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)) / 4) * 4,
    height: PAD.top + TITLE_LINE + lines * BODY_LINE + PAD.bottom - 2,
  };
}

function bodyText(face: Face): string {
  return face.value ? `${face.geometry} · ${face.value}` : face.geometry;
}

const OUTLINES: Readonly<Record<Role, Outline>> = {
  leaf: { kind: "rect", radius: 15 },
  function: { kind: "rect", radius: 5 },
  constant: { kind: "rect", radius: 2 },
};
const CUSTOM: Outline = { kind: "cut", radius: 9 };

export function outlineOf(face: Face): Outline {
  return face.tags.some((tag) => tag.text === "custom") ? CUSTOM : OUTLINES[face.role];
}

interface Border {
  readonly colour: Colour;
  readonly width: number;
}

function borderOf(face: Face): Border {
  if (face.bad) return { colour: "bad", width: 2 };
  if (face.tags.some((tag) => tag.tone === "root")) return { colour: "root", width: 2 };
  if (face.role === "leaf") return { colour: "leaf", width: 2 };
  if (face.role === "constant") return { colour: "quiet", width: 1 };
  return { colour: "line", width: 1 };
}

function opacityOf(look: CardLook): number {
  if (look.faded) return 0.16;
  if (!look.walking) return 1;
  return look.phase === "waiting" || look.phase === "idle" ? 0.5 : 1;
}

function grow(box: Box, by: number): Box {
  return { x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by };
}

function growOutline(outline: Outline, by: number): Outline {
  return { ...outline, radius: Math.max(0, outline.radius + by) };
}

export class CardArtist {
  constructor(
    private readonly theme: Theme,
    private readonly measure: Measure,
  ) {}

  /** The card with all that it says. */
  draw(painter: Painter, box: Box, face: Face, look: CardLook): void {
    painter.opacity(opacityOf(look));
    this.shape(painter, box, face, look);
    this.lines(painter, box, face, look);
    this.tags(painter, box, face.tags);
    if (face.freed) drawFreedSign(painter, box, this.theme.colours.quiet);
    painter.opacity(1);
  }

  /** From afar: a block with the name, whose letters keep `letters` drawing units while they fit. */
  drawBlock(painter: Painter, box: Box, face: Face, look: CardLook, letters: number): void {
    painter.opacity(opacityOf(look));
    this.shape(painter, box, face, look);
    const size = Math.min(letters, box.height * 0.62);
    // Much below what was asked for, letters are only noise.
    if (size >= letters * 0.7) {
      const style = { size, face: "sans", bold: true } as const;
      const room = box.width - size * 0.5;
      const whole = this.measure.width(face.title, style) <= room;
      const text = this.measure.fit(whole ? face.title : briefTitle(face.title), room, style);
      const colour = this.titleColour(face);
      painter.text(text, box.x + box.width / 2, box.y + box.height / 2 + size * 0.36, {
        ...style,
        colour,
        align: "centre",
      });
    }
    painter.opacity(1);
  }

  private shape(painter: Painter, box: Box, face: Face, look: CardLook): void {
    const { colours, highContrast } = this.theme;
    const outline = outlineOf(face);
    const current = look.phase === "current" && look.walking;
    this.rings(painter, box, outline, look, current);
    const border = borderOf(face);
    const width = current ? 3 : border.width + (highContrast ? 1 : 0);
    const dash = face.role === "constant" ? { dash: [4, 3] } : {};
    painter.outline(box, outline, this.fill(look), {
      colour: colours[current ? "grad" : border.colour],
      width,
      ...dash,
    });
  }

  private rings(painter: Painter, box: Box, outline: Outline, look: CardLook, current: boolean): void {
    const { colours } = this.theme;
    if (look.change) drawChange(painter, box, look.change, colours[look.change]);
    if (current) {
      painter.outline(grow(box, 9), growOutline(outline, 9), mix(colours.grad, colours.bg, 0.16), null);
      painter.outline(grow(box, 4), growOutline(outline, 4), colours.bg, { colour: colours.grad, width: 1 });
    }
    if (look.hit)
      painter.outline(grow(box, 4), growOutline(outline, 4), null, { colour: colours.cursor, width: 2 });
    if (look.selected || look.focused) {
      const ring = { colour: colours[look.focused ? "focus" : "select"], width: look.focused ? 3 : 1.5 };
      const away = current ? 8 : 4;
      painter.outline(grow(box, away), growOutline(outline, away), null, ring);
    }
  }

  private fill(look: CardLook): string {
    const { colours } = this.theme;
    if (look.heat !== null) return mix(colours.grad, colours.card, 0.06 + look.heat * 0.5);
    return look.atCursor ? mix(colours.cursor, colours.card, 0.2) : colours.card;
  }

  private titleColour(face: Face): string {
    const { colours } = this.theme;
    if (face.bad) return colours["bad-text"];
    if (face.tags.some((tag) => tag.tone === "root")) return colours["root-text"];
    if (face.role === "leaf") return colours["leaf-text"];
    return face.role === "constant" ? colours.quiet : colours.fg;
  }

  private lines(painter: Painter, box: Box, face: Face, look: CardLook): void {
    const { colours } = this.theme;
    const { measure } = this;
    const left = box.x + PAD.x;
    const room = box.width - 2 * PAD.x;
    let baseline = box.y + PAD.top + 12;
    const head = face.tags.length > 0 ? room - Math.min(room * 0.6, tagsWidth(face.tags, measure) + 4) : room;
    const title = measure.fit(face.title, head, TITLE);
    painter.text(title, left, baseline, { ...TITLE, face: "sans", colour: this.titleColour(face) });
    const beside = measure.width(title, TITLE) + GAP;
    const subtitle = measure.fit(face.subtitle, head - beside, SUBTITLE);
    if (subtitle) painter.text(subtitle, left + beside, baseline, { ...SUBTITLE, colour: colours.quiet });
    baseline += BODY_LINE;
    const geometry = measure.fit(face.geometry, room, BODY);
    // On a warm ground, only the foreground has contrast enough for small letters.
    const quiet = look.heat === null ? colours.quiet : colours.fg;
    painter.text(geometry, left, baseline, { ...BODY, colour: quiet });
    const after = measure.width(geometry, BODY);
    const value = face.value ? measure.fit(` · ${face.value}`, room - after, BODY) : "";
    if (value.length > 3) painter.text(value, left + after, baseline, { ...BODY, colour: colours.fg });
    this.gradLine(painter, { left, baseline: baseline + BODY_LINE, room }, face, look);
  }

  private gradLine(
    painter: Painter,
    { left, baseline, room }: { readonly left: number; readonly baseline: number; readonly room: number },
    face: Face,
    look: CardLook,
  ): void {
    const { colours } = this.theme;
    const { grad } = face;
    if (!grad) return;
    const quiet = look.heat === null ? colours.quiet : colours.fg;
    const tone = grad.present ? colours[face.bad ? "bad-text" : "grad-text"] : quiet;
    const colour = look.heat !== null ? colours.fg : look.phase === "current" ? colours["grad-text"] : tone;
    drawGradSign(painter, grad.state, left, baseline - 3.6, colour);
    const style = { ...BODY, italic: !grad.present };
    const text = this.measure.fit(grad.text, room - SIGN - (face.freed ? SIGN : 0), style);
    painter.text(text, left + SIGN, baseline, { ...style, colour });
  }

  /** Small words at the right end of the title's row; where there is no room, the later ones are left out. */
  private tags(painter: Painter, box: Box, tags: readonly Tag[]): void {
    const { colours } = this.theme;
    let right = box.x + box.width - TAGS.margin;
    for (const tag of tags) {
      const width = this.measure.width(tag.text, TAG) + 2 * TAGS.pad;
      if (right - width < box.x + box.width * 0.3) break;
      const chip = { x: right - width, y: box.y + 7, width, height: 14 };
      const colour = colours[tag.tone];
      painter.outline(chip, { kind: "rect", radius: 7 }, null, { colour, width: 1 });
      const text = tag.tone === "quiet" ? colours.quiet : mix(colour, colours.fg, 0.55);
      painter.text(tag.text, chip.x + TAGS.pad, chip.y + 10.4, { ...TAG, colour: text });
      right -= width + TAGS.gap;
    }
  }
}

function tagsWidth(tags: readonly Tag[], measure: Measure): number {
  return tags.reduce((sum, tag) => sum + measure.width(tag.text, TAG) + 2 * TAGS.pad + TAGS.gap, 0);
}
