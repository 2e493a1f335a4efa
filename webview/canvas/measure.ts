/** @file Widths of texts, remembered: measuring is the dearest part of sizing a card. */
import { fontOf, type TextStyle } from "./painter.js";
import type { Theme } from "./theme.js";

export type MeasuredStyle = Pick<TextStyle, "size" | "face" | "bold" | "italic">;

/** Sizes are measured once at this size and scaled: widths of these fonts grow linearly. */
const BASE = 100;

/** The part of a 2-D canvas that measures. */
export interface Ruler {
  font: string;
  measureText(text: string): { readonly width: number };
}

function canvasRuler(): Ruler {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) throw new Error("This browser has no 2-D canvas, which the graph is drawn on.");
  return context;
}

/** One cut text for each of so many sizes, relative to the letters'; in between, the narrower holds. */
const FIT_STEPS = 8;
const MAX_FITS = 50_000;

export class Measure {
  /** Widths at size 1, by style and text; a plain key each, since a frame asks for thousands. */
  private readonly widths = [0, 1, 2, 3, 4, 5, 6, 7].map(() => new Map<string, number>());
  private readonly fits = new Map<string, string>();
  private font = "";

  constructor(
    private readonly theme: Theme,
    private readonly context: Ruler = canvasRuler(),
  ) {}

  width(text: string, style: MeasuredStyle): number {
    const known = this.widths[styleIndex(style)]!;
    let width = known.get(text);
    if (width === undefined) {
      const font = fontOf({ ...style, size: BASE, colour: "" }, this.theme);
      if (font !== this.font) {
        this.context.font = font;
        this.font = font;
      }
      width = this.context.measureText(text).width / BASE;
      known.set(text, width);
    }
    return width * style.size;
  }

  /** The longest beginning that fits, with an ellipsis where something is missing; empty if nothing fits. */
  fit(text: string, width: number, style: MeasuredStyle): string {
    if (this.width(text, style) <= width) return text;
    const step = Math.floor((width / style.size) * FIT_STEPS);
    const key = `${styleIndex(style)} ${step} ${text}`;
    let fitted = this.fits.get(key);
    if (fitted === undefined) {
      fitted = this.cut(text, step / FIT_STEPS, { ...style, size: 1 });
      if (this.fits.size >= MAX_FITS) this.fits.clear();
      this.fits.set(key, fitted);
    }
    return fitted;
  }

  private cut(text: string, width: number, style: MeasuredStyle): string {
    let low = 0;
    let high = Math.min(text.length, 400);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.width(`${text.slice(0, middle).trimEnd()}…`, style) <= width) low = middle;
      else high = middle - 1;
    }
    // Never between the two halves of one character.
    const end = /[\ud800-\udbff]/.test(text[low - 1] ?? "") ? low - 1 : low;
    return end <= 0 ? "" : `${text.slice(0, end).trimEnd()}…`;
  }
}

function styleIndex({ face, bold, italic }: MeasuredStyle): number {
  return (face === "mono" ? 4 : 0) + (bold ? 2 : 0) + (italic ? 1 : 0);
}
