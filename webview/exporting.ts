/** @file The graph as files: SVG with real text, PNG, DOT. */
import { CanvasPainter } from "./canvas/canvas-painter.js";
import type { Box } from "./canvas/painter.js";
import type { Look, Scene } from "./canvas/scene.js";
import { SvgPainter } from "./canvas/svg-painter.js";
import type { Theme } from "./canvas/theme.js";
import { faceOf } from "./model/face.js";
import type { Graph } from "./model/graph.js";

const MARGIN = 24;
/** Pixels of the picture for one of the drawing. */
const PNG_SCALE = 2;
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

/** @throws Error where the browser can't make the picture. */
export async function pngOf(scene: Scene, look: Look, theme: Theme): Promise<Blob> {
  const view = frame(scene);
  const scale = Math.min(PNG_SCALE, MAX_SIDE / Math.max(view.width, view.height));
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

function quote(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\r?\n/g, "\\n")}"`;
}

const SHAPES = {
  leaf: "box, style=rounded, color=blue",
  function: "box",
  constant: "box, style=dashed",
} as const;

/** The graph in Graphviz' language, data flowing along its edges. */
export function dotOf(graph: Graph): string {
  const end = graph.pass.steps.length;
  const nodes = graph.cards.map((card) => {
    const face = faceOf(graph, card, end);
    const lines = [
      `${face.title} ${face.subtitle}`.trim(),
      `${face.geometry} ${face.value}`.trim(),
      face.grad?.text ?? "",
    ];
    const label = lines.filter((line) => line !== "").join("\n");
    const colour = card.root ? ", color=darkgreen, penwidth=2" : "";
    return `  ${card.id} [shape=${SHAPES[face.role]}${colour}, label=${quote(label)}];`;
  });
  const edges = graph.links.map(
    ({ producer, consumer, numbered, inputNr }) =>
      `  ${producer.id} -> ${consumer.id}${numbered ? ` [taillabel=${quote(String(inputNr))}]` : ""};`,
  );
  return `digraph gradwalk {\n  node [fontname="monospace", fontsize=10];\n${[...nodes, ...edges].join("\n")}\n}\n`;
}

/** Lets the reader of a page of its own save a file. */
export function download(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
