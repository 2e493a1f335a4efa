/** @file Inlay hints: shapes and dtypes behind names, and what an operation stretched behind its call. */
import * as vscode from "vscode";
import type { Session } from "../session/session.js";
import type { Broadcast } from "../session/shapesAt.js";
import type { LineMap } from "./lineMap.js";
import type { LiveText } from "./liveText.js";
import { LANGUAGES, pathOf } from "./programs.js";
import { shapeText } from "./readoutText.js";
import type { RunController } from "./runController.js";
import { onDidChangeSetting, shapeHints } from "./settings.js";
import { onOtherPass, type Standing } from "./standing.js";
import { t } from "./words.js";

/** What a hint is worked out of. */
interface Reading {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly session: Session;
  readonly path: string;
  readonly map: LineMap;
  readonly pass: number | null;
}

export class ShapeHints implements vscode.InlayHintsProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlayHints = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly runs: RunController,
    private readonly live: LiveText,
    private readonly standing: Standing,
  ) {
    const changed = () => {
      if (shapeHints() !== "off") this.#changed.fire();
    };
    this.#subscriptions = [
      vscode.languages.registerInlayHintsProvider(
        LANGUAGES.map((language) => ({ language })),
        this,
      ),
      runs.onDidChange(changed),
      standing.onDidChange(changed),
      onDidChangeSetting("inlayHints", () => this.#changed.fire()),
    ];
  }

  provideInlayHints(document: vscode.TextDocument, range: vscode.Range): vscode.InlayHint[] {
    const wanted = shapeHints();
    const session = this.runs.shown?.session;
    const map = wanted === "off" ? null : this.live.map(document);
    if (!session || !map) return [];
    const pass = onOtherPass(this.standing.stand, session);
    const reading: Reading = { document, range, session, path: pathOf(document), map, pass };
    return wanted === "all" ? [...shapes(reading), ...broadcasts(reading)] : broadcasts(reading);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

/** Behind a name: `w: float32[5, 3]`. */
function shapes(reading: Reading): vscode.InlayHint[] {
  const { session, path, pass } = reading;
  return session.variables.places(path).flatMap(({ site, line, endLine, endColumn, name }) => {
    const at = positionNow(reading, line, endLine, endColumn);
    if (!at) return [];
    const then = pass === null ? null : session.variables.asOf(site, pass);
    const readout = then ?? session.variables.last(site)!;
    const hint = new vscode.InlayHint(
      at,
      `: ${readout.dtype}${shapeText(readout.shape)}`,
      vscode.InlayHintKind.Type,
    );
    hint.tooltip = t("What {0} held last, in the run that is shown", name);
    return [hint];
  });
}

/** Behind a call: `b [3] → [5, 3]`. */
function broadcasts(reading: Reading): vscode.InlayHint[] {
  const { session, path, pass } = reading;
  return session.broadcasts(path, pass).flatMap((broadcast) => {
    const { line, endLine, endColumn } = broadcast;
    const at = positionNow(reading, line, endLine, endColumn);
    if (!at) return [];
    const hint = new vscode.InlayHint(at, broadcastText(broadcast));
    hint.paddingLeft = true;
    hint.tooltip = t("Broadcast: stretched to the shape of the result, element by element");
    return [hint];
  });
}

export function broadcastText({ inputs, shape }: Broadcast): string {
  return inputs
    .map(
      (input) =>
        `${input.name === null ? "" : `${input.name} `}${shapeText(input.shape)} → ${shapeText(shape)}`,
    )
    .join(", ");
}

/** null where it is out of view, or its lines are not what ran: their columns are others. */
function positionNow(
  { document, range, session, path, map }: Reading,
  line: number,
  endLine: number,
  endColumn: number,
): vscode.Position | null {
  const now = map.toCurrent(endLine);
  if (now === null || now - 1 < range.start.line || now - 1 > range.end.line || now > document.lineCount)
    return null;
  const start = map.toCurrent(line);
  if (start === null || start > document.lineCount) return null;
  const same = (then: number, current: number) =>
    session.line(path, then) === document.lineAt(current - 1).text;
  return same(line, start) && same(endLine, now) ? new vscode.Position(now - 1, endColumn - 1) : null;
}
