/** @file The exports of a run, each as one text. */
import { basename } from "node:path";
import type { PassView } from "../protocol/view.js";
import type { Session } from "../session/session.js";
import type { Format } from "./arguments.js";
import { writeOutput } from "./files.js";
import { htmlPage } from "./html.js";
import { dotPicture, svgPicture } from "./picture.js";

export async function writeExports(exports: ReadonlyMap<Format, string>, session: Session): Promise<void> {
  for (const [format, out] of exports) writeOutput(out, await content(format, session));
}

async function content(format: Format, session: Session): Promise<string> {
  switch (format) {
    case "json":
      return `${JSON.stringify(session.document(process.cwd()))}\n`;
    case "html":
      return htmlPage(session.document(process.cwd()));
    case "svg":
      return svgPicture(lastPass(session), basename(session.outline().program.file));
    case "dot":
      return dotPicture(lastPass(session));
  }
}

/** The graph that pictures show: that of the last pass that is kept. */
function lastPass(session: Session): PassView | null {
  const last = session.outline().passes.findLast((pass) => pass.kept);
  return last === undefined ? null : session.pass(last.index);
}
