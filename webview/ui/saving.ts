/** @file The export menu: files and the clipboard, by the page itself or by its host. */
import type { Look, Scene } from "../canvas/scene.js";
import type { Theme } from "../canvas/theme.js";
import { dotOf, download, pngOf, svgOf } from "../exporting.js";
import type { Source } from "../source.js";
import type { MenuItem } from "./menu.js";

export interface Picture {
  readonly scene: Scene;
  readonly look: Look;
  readonly theme: Theme;
  readonly title: string;
}

const TYPES = {
  svg: "image/svg+xml",
  dot: "text/vnd.graphviz",
  json: "application/json",
  png: "image/png",
} as const;

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

export function exportMenu(
  source: Source,
  picture: () => Picture | null,
  say: (text: string) => void,
): MenuItem[] {
  const save = (format: "svg" | "dot", text: (picture: Picture) => string) => () => {
    const now = picture();
    if (!now) return;
    const content = text(now);
    if (source.document) download(`graph.${format}`, new Blob([content], { type: TYPES[format] }));
    else source.post({ type: "export", format, content });
  };
  const copy = (text: (picture: Picture) => string) => async () => {
    const now = picture();
    if (!now) return;
    await navigator.clipboard.writeText(text(now));
    say("Copied");
  };
  const svg = ({ scene, look, theme, title }: Picture) => svgOf(scene, look, theme, title);
  const dot = ({ scene }: Picture) => dotOf(scene.graph);
  const failed = (error: unknown) => say(error instanceof Error ? error.message : String(error));
  return [
    { text: "Save as SVG", act: save("svg", svg) },
    { text: "Save as PNG", act: () => void savePng(source, picture()).catch(failed) },
    { text: "Save as DOT", act: save("dot", dot) },
    { text: "Save trace as JSON", act: () => saveTrace(source) },
    ...(source.document
      ? []
      : [{ text: "Save as HTML page", act: () => source.post({ type: "export", format: "html" }) }]),
    { text: "Copy as SVG", act: () => void copy(svg)().catch(failed) },
    { text: "Copy as DOT", act: () => void copy(dot)().catch(failed) },
  ];
}

/** The host holds the trace itself; a page of its own has its text. */
function saveTrace(source: Source): void {
  if (source.document) download("graph.gradwalk.json", new Blob([source.document()], { type: TYPES.json }));
  else source.post({ type: "export", format: "json" });
}

/** PNG travels to the host in base64. */
async function savePng(source: Source, picture: Picture | null): Promise<void> {
  if (!picture) return;
  const blob = await pngOf(picture.scene, picture.look, picture.theme);
  if (source.document) download("graph.png", blob);
  else
    source.post({ type: "export", format: "png", content: base64(new Uint8Array(await blob.arrayBuffer())) });
}

/** A printer gets the whole graph as vectors instead of the screen's pixels. */
export function printAsSvg(sheet: HTMLImageElement, picture: () => Picture | null): void {
  window.addEventListener("beforeprint", () => {
    const now = picture();
    if (now)
      sheet.src = `data:image/svg+xml,${encodeURIComponent(svgOf(now.scene, now.look, now.theme, now.title))}`;
  });
}
