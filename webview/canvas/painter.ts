/**
 * @file What the drawing is made of: outlines and lines of text. One scene, two painters: the screen's canvas
 * (and PNG), and SVG with real text.
 */
import type { Point } from "../layout/types.js";

export type Outline =
  | { readonly kind: "rect"; readonly radius: number }
  /** Corners cut off, for what a person wrote themselves. */
  | { readonly kind: "cut"; readonly radius: number };

export interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

export interface Box {
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type PathCommand =
  | { readonly to: Point }
  /** A cubic curve towards `to` with its two control points. */
  | { readonly to: Point; readonly via: readonly [Point, Point] };

export interface PathShape {
  readonly start: Point;
  readonly commands: readonly PathCommand[];
  readonly closed?: boolean;
}

export interface TextStyle {
  readonly size: number;
  readonly face: "sans" | "mono";
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly colour: string;
  readonly align?: "start" | "centre" | "end";
  /** Drawn around the letters, to part them from lines behind. */
  readonly halo?: string;
}

export interface Painter {
  /** Everything until the next call is drawn with this opacity. */
  opacity(value: number): void;
  outline(box: Box, outline: Outline, fill: string | null, stroke: Stroke | null): void;
  path(path: PathShape, fill: string | null, stroke: Stroke | null): void;
  /** Many filled boxes at once: x, y, width and height of each. */
  boxes(boxes: readonly number[], fill: string): void;
  /** Many lines at once, straight from point to point. */
  polylines(lines: readonly (readonly Point[])[], stroke: Stroke): void;
  /** `y` is the baseline. */
  text(text: string, x: number, y: number, style: TextStyle): void;
}

export function fontOf(style: TextStyle, fonts: { readonly sans: string; readonly mono: string }): string {
  const weight = style.bold ? "600" : "400";
  return `${style.italic ? "italic " : ""}${weight} ${style.size}px ${fonts[style.face]}`;
}

/** Corners of a box whose corners are cut, clockwise. */
export function cutCorners(box: Box, cut: number): Point[] {
  const { x, y, width, height } = box;
  return [
    { x: x + cut, y },
    { x: x + width - cut, y },
    { x: x + width, y: y + cut },
    { x: x + width, y: y + height - cut },
    { x: x + width - cut, y: y + height },
    { x: x + cut, y: y + height },
    { x, y: y + height - cut },
    { x, y: y + cut },
  ];
}
