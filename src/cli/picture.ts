/** @file The graph as a static picture, drawn by the same code as the interactive page's. */
import type { PassView } from "../protocol/view.js";

/** What the bundle beside the command's own exports; it is built from webview/static.ts. */
interface Picture {
  /** A whole SVG document; `pass` null where the program made no graph. */
  svg(pass: PassView | null, title: string): string;
}

export async function picture(pass: PassView | null, title: string): Promise<string> {
  const { svg } = (await import(new URL("picture.js", import.meta.url).href)) as Picture;
  return svg(pass, title);
}
