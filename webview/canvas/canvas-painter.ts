/** @file Paints on a 2-D canvas at whatever scale its transform has, so that text is crisp at every zoom. */
import type { Point } from "../layout/types.js";
import {
  type Box,
  cutCorners,
  fontOf,
  type Outline,
  type Painter,
  type PathShape,
  type Stroke,
  type TextStyle,
} from "./painter.js";
import type { Theme } from "./theme.js";

const ALIGN = { start: "left", centre: "center", end: "right" } as const;

export class CanvasPainter implements Painter {
  private font = "";

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly theme: Theme,
  ) {
    context.textBaseline = "alphabetic";
    context.lineJoin = "round";
    context.direction = "ltr";
  }

  opacity(value: number): void {
    this.context.globalAlpha = value;
  }

  outline(box: Box, outline: Outline, fill: string | null, stroke: Stroke | null): void {
    const { context } = this;
    context.beginPath();
    if (outline.kind === "rect") context.roundRect(box.x, box.y, box.width, box.height, outline.radius);
    else {
      for (const corner of cutCorners(box, outline.radius)) context.lineTo(corner.x, corner.y);
      context.closePath();
    }
    this.finish(fill, stroke);
  }

  path(path: PathShape, fill: string | null, stroke: Stroke | null): void {
    const { context } = this;
    context.beginPath();
    context.moveTo(path.start.x, path.start.y);
    for (const command of path.commands) {
      const { to } = command;
      if ("via" in command) {
        const [one, two] = command.via;
        context.bezierCurveTo(one.x, one.y, two.x, two.y, to.x, to.y);
      } else context.lineTo(to.x, to.y);
    }
    if (path.closed) context.closePath();
    this.finish(fill, stroke);
  }

  boxes(boxes: readonly number[], fill: string): void {
    const { context } = this;
    context.fillStyle = fill;
    for (let i = 0; i < boxes.length; i += 4)
      context.fillRect(boxes[i]!, boxes[i + 1]!, boxes[i + 2]!, boxes[i + 3]!);
  }

  /** Most edges of a layered layout run along its axis: as boxes they cost a fraction of what strokes do. */
  polylines(lines: readonly (readonly Point[])[], stroke: Stroke): void {
    const { context } = this;
    const { width } = stroke;
    context.fillStyle = stroke.colour;
    context.beginPath();
    for (const line of lines) {
      for (let i = 1; i < line.length; i++) {
        const [a, b] = [line[i - 1]!, line[i]!];
        if (a.x === b.x) context.fillRect(a.x - width / 2, Math.min(a.y, b.y), width, Math.abs(b.y - a.y));
        else if (a.y === b.y)
          context.fillRect(Math.min(a.x, b.x), a.y - width / 2, Math.abs(b.x - a.x), width);
        else {
          context.moveTo(a.x, a.y);
          context.lineTo(b.x, b.y);
        }
      }
    }
    this.finish(null, stroke);
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const { context } = this;
    const font = fontOf(style, this.theme);
    if (font !== this.font) {
      context.font = font;
      this.font = font;
    }
    context.textAlign = ALIGN[style.align ?? "start"];
    if (style.halo !== undefined) {
      context.strokeStyle = style.halo;
      context.lineWidth = 4;
      context.setLineDash([]);
      context.strokeText(text, x, y);
    }
    context.fillStyle = style.colour;
    context.fillText(text, x, y);
  }

  private finish(fill: string | null, stroke: Stroke | null): void {
    const { context } = this;
    if (fill !== null) {
      context.fillStyle = fill;
      context.fill();
    }
    if (stroke !== null) {
      context.strokeStyle = stroke.colour;
      context.lineWidth = stroke.width;
      context.setLineDash(stroke.dash ? [...stroke.dash] : []);
      context.stroke();
    }
  }
}
