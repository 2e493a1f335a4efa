/** @file The graph as pictures: SVG with real text, PNG. */
import { CanvasPainter } from "./canvas/canvas-painter.js";
import type { Box } from "./canvas/painter.js";
import type { Look, Scene } from "./canvas/scene.js";
import { SvgPainter } from "./canvas/svg-painter.js";
import type { Theme } from "./canvas/theme.js";

const MARGIN = 24;
/** Browsers draw no larger canvas. */
const MAX_SIDE = 16_000;

function frame(scene: Scene): Box {
  const { x, y, width, height } = scene.bounds();
  return { x: x - MARGIN, y: y - MARGIN, width: width + 2 * MARGIN, height: height + 2 * MARGIN };
}

export function svgOf(scene: Scene, look: Look, theme: Theme, title: string): string {
  const painter = new SvgPainter(theme);
  const view = frame(scene);
  scene.draw(painter, view, 1, { ...look, focused: null, hovered: null });
  return painter.document(view, title);
}

/**
 * @param wanted pixels of the picture for one of the drawing; fewer where the picture would be too large
 * @throws Error where the browser can't make the picture.
 */
export async function pngOf(scene: Scene, look: Look, theme: Theme, wanted: number): Promise<Blob> {
  const view = frame(scene);
  const scale = Math.min(wanted, MAX_SIDE / Math.max(view.width, view.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(view.width * scale);
  canvas.height = Math.ceil(view.height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser has no 2-D canvas.");
  context.fillStyle = theme.colours.bg;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, -view.x * scale, -view.y * scale);
  scene.draw(new CanvasPainter(context, theme), view, 1, { ...look, focused: null, hovered: null });
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large."))),
      "image/png",
    ),
  );
}

/** Lets the reader of a page of its own save a file. */
export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
