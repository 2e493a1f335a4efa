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

export class Measure {
  private readonly widths = new Map<string, number>();
  private font = "";

  constructor(
    private readonly theme: Theme,
    private readonly context: Ruler = canvasRuler(),
  ) {}

  width(text: string, style: MeasuredStyle): number {
    const font = fontOf({ ...style, size: BASE, colour: "" }, this.theme);
    const key = `${font}\n${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      if (font !== this.font) {
        this.context.font = font;
        this.font = font;
      }
      width = this.context.measureText(text).width / BASE;
      this.widths.set(key, width);
    }
    return width * style.size;
  }

  /** The longest beginning that fits, with an ellipsis where something is missing; empty if nothing fits. */
  fit(text: string, width: number, style: MeasuredStyle): string {
    if (this.width(text, style) <= width) return text;
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
