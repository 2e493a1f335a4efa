/** @file The export menu: files and the clipboard, by the page itself or by its host. */
import type { FromView } from "../../src/protocol/view.js";
import type { Look, Scene } from "../canvas/scene.js";
import type { Theme } from "../canvas/theme.js";
import { download, pngOf, svgOf } from "../exporting.js";
import { dotOfShown } from "../formats/dot.js";
import { graphmlOf } from "../formats/graphml.js";
import { mermaidOf } from "../formats/mermaid.js";
import type { Source } from "../source.js";
import type { MenuItem } from "./menu.js";

export interface Picture {
  readonly scene: Scene;
  readonly look: Look;
  readonly theme: Theme;
  readonly title: string;
}

type ExportFormat = Extract<FromView, { readonly type: "export" }>["format"];

interface TextFormat {
  readonly format: ExportFormat;
  readonly name: string;
  readonly suffix: string;
  readonly type: string;
  write(picture: Picture): string;
}

const SVG: TextFormat = {
  format: "svg",
  name: "SVG",
  suffix: "svg",
  type: "image/svg+xml",
  write: ({ scene, look, theme, title }) => svgOf(scene, look, theme, title),
};
const DOT: TextFormat = {
  format: "dot",
  name: "DOT",
  suffix: "dot",
  type: "text/vnd.graphviz",
  write: ({ scene }) => dotOfShown(scene.shown),
};
const GRAPHML: TextFormat = {
  format: "graphml",
  name: "GraphML",
  suffix: "graphml",
  type: "application/xml",
  write: ({ scene }) => graphmlOf(scene.graph),
};
const MERMAID: TextFormat = {
  format: "mermaid",
  name: "Mermaid",
  suffix: "mmd",
  type: "text/plain",
  write: ({ scene }) => mermaidOf(scene.shown),
};

/** Pixels of the picture for one of the drawing. */
const SCALES = [1, 2, 4];
const COPIED_SCALE = 2;

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

class Saving {
  constructor(
    private readonly source: Source,
    private readonly picture: () => Picture | null,
    private readonly say: (text: string) => void,
  ) {}

  items(): MenuItem[] {
    const { source } = this;
    const page: MenuItem = {
      text: "Save as HTML page",
      act: () => source.post({ type: "export", format: "html" }),
    };
    const png = (scale: number): MenuItem => ({
      text: `Save as PNG, ${scale}×`,
      act: () => this.with((picture) => this.savePng(picture, scale)),
    });
    return [
      this.save(SVG),
      ...SCALES.map(png),
      ...[DOT, GRAPHML, MERMAID].map((format) => this.save(format)),
      { text: "Save trace as JSON", separated: true, act: () => this.saveTrace() },
      // A page of its own is that page already.
      ...(source.document ? [] : [page]),
      { ...this.copy(SVG), separated: true },
      { text: "Copy as PNG", act: () => this.with((picture) => this.copyPng(picture)) },
      ...[DOT, MERMAID].map((format) => this.copy(format)),
    ];
  }

  private with(act: (picture: Picture) => Promise<void> | void): void {
    const picture = this.picture();
    if (!picture) return;
    const failed = (error: unknown) => this.say(error instanceof Error ? error.message : String(error));
    void Promise.resolve(picture).then(act).catch(failed);
  }

  private save({ format, name, suffix, type, write }: TextFormat): MenuItem {
    const act = (picture: Picture) => {
      const content = write(picture);
      if (this.source.document) download(`graph.${suffix}`, new Blob([content], { type }));
      else this.source.post({ type: "export", format, content });
    };
    return { text: `Save as ${name}`, act: () => this.with(act) };
  }

  private copy({ name, write }: TextFormat): MenuItem {
    const act = async (picture: Picture) => {
      await navigator.clipboard.writeText(write(picture));
      this.say("Copied");
    };
    return { text: `Copy as ${name}`, act: () => this.with(act) };
  }

  /** PNG travels to the host in base64. */
  private async savePng({ scene, look, theme }: Picture, scale: number): Promise<void> {
    const blob = await pngOf(scene, look, theme, scale);
    if (this.source.document) download("graph.png", blob);
    else {
      const content = `data:image/png;base64,${base64(new Uint8Array(await blob.arrayBuffer()))}`;
      this.source.post({ type: "export", format: "png", content });
    }
  }

  private async copyPng({ scene, look, theme }: Picture): Promise<void> {
    const blob = pngOf(scene, look, theme, COPIED_SCALE);
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    this.say("Copied");
  }

  /** The host holds the trace itself; a page of its own has its text. */
  private saveTrace(): void {
    const { source } = this;
    if (source.document)
      download("graph.gradwalk.json", new Blob([source.document()], { type: "application/json" }));
    else source.post({ type: "export", format: "json" });
  }
}

/** @param say tells a person what came of it */
export function exportMenu(
  source: Source,
  picture: () => Picture | null,
  say: (text: string) => void,
): MenuItem[] {
  return new Saving(source, picture, say).items();
}

/** A printer gets the whole graph as vectors instead of the screen's pixels. */
export function printAsSvg(sheet: HTMLImageElement, picture: () => Picture | null): void {
  window.addEventListener("beforeprint", () => {
    const now = picture();
    if (now) sheet.src = `data:image/svg+xml,${encodeURIComponent(SVG.write(now))}`;
  });
}
