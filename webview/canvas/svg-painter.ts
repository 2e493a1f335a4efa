/** @file Paints into SVG text: shapes as shapes, text as text that can be searched, selected and edited. */
import { escapeHtml } from "../../src/protocol/page.js";
import { xmlText } from "../formats/xml.js";
import type { Point } from "../layout/types.js";
import {
  type Box,
  cutCorners,
  type Outline,
  type Painter,
  type PathShape,
  type Stroke,
  type TextStyle,
} from "./painter.js";
import type { Theme } from "./theme.js";

const ANCHOR = { start: "start", centre: "middle", end: "end" } as const;

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function at(point: Point): string {
  return `${n(point.x)} ${n(point.y)}`;
}

export class SvgPainter implements Painter {
  private readonly parts: string[] = [];
  private alpha = "";

  constructor(private readonly theme: Theme) {}

  opacity(value: number): void {
    this.alpha = value === 1 ? "" : ` opacity="${n(value)}"`;
  }

  outline(box: Box, outline: Outline, fill: string | null, stroke: Stroke | null): void {
    if (outline.kind === "rect") {
      const { x, y, width, height } = box;
      const size = `x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(outline.radius)}"`;
      this.parts.push(`<rect ${size}${paint(fill, stroke)}${this.alpha}/>`);
      return;
    }
    const points = cutCorners(box, outline.radius).map(at).join(" ");
    this.parts.push(`<polygon points="${points}"${paint(fill, stroke)}${this.alpha}/>`);
  }

  path(path: PathShape, fill: string | null, stroke: Stroke | null): void {
    const commands = path.commands.map((command) =>
      "via" in command ? `C${command.via.map(at).join(" ")} ${at(command.to)}` : `L${at(command.to)}`,
    );
    const data = `M${at(path.start)}${commands.join("")}${path.closed ? "Z" : ""}`;
    this.parts.push(`<path d="${data}"${paint(fill, stroke)}${this.alpha}/>`);
  }

  boxes(boxes: readonly number[], fill: string): void {
    let data = "";
    for (let i = 0; i < boxes.length; i += 4) {
      const [x = 0, y = 0, width = 0, height = 0] = boxes.slice(i, i + 4);
      data += `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}Z`;
    }
    this.parts.push(`<path d="${data}"${paint(fill, null)}${this.alpha}/>`);
  }

  polylines(lines: readonly (readonly Point[])[], stroke: Stroke): void {
    const data = lines.map((line) => `M${line.map(at).join("L")}`).join("");
    this.parts.push(`<path d="${data}"${paint(null, stroke)}${this.alpha}/>`);
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const weight = style.bold ? ' font-weight="600"' : "";
    const slant = style.italic ? ' font-style="italic"' : "";
    const halo =
      style.halo === undefined
        ? ""
        : ` stroke="${style.halo}" stroke-width="4" paint-order="stroke" stroke-linejoin="round"`;
    const anchor = style.align && style.align !== "start" ? ` text-anchor="${ANCHOR[style.align]}"` : "";
    this.parts.push(
      `<text x="${n(x)}" y="${n(y)}" class="${style.face}" font-size="${n(style.size)}"${weight}${slant}${anchor}` +
        ` fill="${style.colour}"${halo}${this.alpha}>${xmlText(text)}</text>`,
    );
  }

  /** A whole SVG document showing this part of the drawing. */
  document(view: Box, title: string): string {
    const { colours, sans, mono } = this.theme;
    const box = `${n(view.x)} ${n(view.y)} ${n(view.width)} ${n(view.height)}`;
    return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${n(view.width)}" height="${n(view.height)}" role="img">
<title>${xmlText(title)}</title>
<style>text{white-space:pre}.sans{font-family:${escapeHtml(sans)}}.mono{font-family:${escapeHtml(mono)}}</style>
<rect x="${n(view.x)}" y="${n(view.y)}" width="${n(view.width)}" height="${n(view.height)}" fill="${colours.bg}"/>
${this.parts.join("\n")}
</svg>
`;
  }
}

function paint(fill: string | null, stroke: Stroke | null): string {
  const filled = ` fill="${fill ?? "none"}"`;
  if (stroke === null) return filled;
  const dash = stroke.dash ? ` stroke-dasharray="${stroke.dash.map(n).join(" ")}"` : "";
  return `${filled} stroke="${stroke.colour}" stroke-width="${n(stroke.width)}"${dash}`;
}
