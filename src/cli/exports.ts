/** @file The exports of a run, each as one text. */
import { basename } from "node:path";
import type { TraceDocument } from "../protocol/export.js";
import type { PassView } from "../protocol/view.js";
import type { Session } from "../session/session.js";
import type { Format } from "./arguments.js";
import { writeOutput } from "./files.js";
import { htmlPage } from "./html.js";
import { dotPicture, svgPicture } from "./picture.js";

export async function writeExports(exports: ReadonlyMap<Format, string>, session: Session): Promise<void> {
  for (const [format, out] of exports) writeOutput(out, await content(format, session));
}

async function content(format: Format, session: Session): Promise<Iterable<string>> {
  switch (format) {
    case "json":
      return jsonPieces(session.document(process.cwd()));
    case "html":
      return [await htmlPage(session.document(process.cwd()))];
    case "svg":
      return [await svgPicture(lastPass(session), basename(session.outline().program.file))];
    case "dot":
      return [await dotPicture(lastPass(session))];
  }
}

/** The document's text, a graph at a time: a long run's may be longer than V8 lets a string be. */
function* jsonPieces(document: TraceDocument): Iterable<string> {
  let before = "{";
  for (const [name, value] of Object.entries(document)) {
    yield `${before}${JSON.stringify(name)}:`;
    yield* Array.isArray(value) ? listPieces(value) : [JSON.stringify(value)];
    before = ",";
  }
  yield "}\n";
}

function* listPieces(list: readonly unknown[]): Iterable<string> {
  let before = "[";
  for (const item of list) {
    yield before + JSON.stringify(item);
    before = ",";
  }
  yield list.length === 0 ? "[]" : "]";
}

/** The graph that pictures show: that of the last pass that is kept. */
function lastPass(session: Session): PassView | null {
  const last = session.outline().passes.findLast((pass) => pass.kept);
  return last === undefined ? null : session.pass(last.index);
}
