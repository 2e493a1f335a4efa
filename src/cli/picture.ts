/** @file The graph as pictures, drawn by the same code as the interactive page's. */
import type { PassView } from "../protocol/view.js";

/** What the bundle beside the command's own exports, which is built from webview/static.ts. */
interface Pictures {
  svg(pass: PassView | null, title: string): Promise<string>;
  dot(pass: PassView | null): string;
}

/** `pass` is null where the program made no graph. */
export async function svgPicture(pass: PassView | null, title: string): Promise<string> {
  return (await pictures()).svg(pass, title);
}

export async function dotPicture(pass: PassView | null): Promise<string> {
  return (await pictures()).dot(pass);
}

function pictures(): Promise<Pictures> {
  return import(new URL("picture.js", import.meta.url).href);
}
