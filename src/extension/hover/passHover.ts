/** @file The hover over a call that walked a graph backward. */
import * as vscode from "vscode";
import type { Session } from "../../session/session.js";
import type { LineMap } from "../lineMap.js";
import { momentOf } from "../moment.js";
import { passReadout, whichPass } from "../readoutText.js";
import type { Stand } from "../standing.js";
import { t } from "../words.js";
import type { Action } from "./hoverText.js";
import { passText } from "./passText.js";

export interface PassRequest {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  readonly session: Session;
  /** The document as the run knows it. */
  readonly path: string;
  readonly map: LineMap;
  readonly stand: Stand | null;
  readonly stale: boolean;
}

/** null where the cursor is on no such call, or its line is not what ran. */
export function passHover(request: PassRequest): { text: string; range: vscode.Range } | null {
  const { document, position, session, path, map, stand, stale } = request;
  const line = map.toOriginal(position.line + 1);
  if (line === null || session.line(path, line) !== document.lineAt(position.line).text) return null;
  const column = position.character + 1;
  const readout = session
    .backwardReadouts(path)
    .find(
      ({ source }) =>
        source.line === line &&
        source.endLine === line &&
        source.column <= column &&
        column <= source.endColumn!,
    );
  if (!readout) return null;
  const { source, passes } = readout;
  const stood = stand?.session === session ? stand.pass.index : -1;
  const at = passes.includes(stood) ? stood : passes.at(-1)!;
  const moment = at === passes.at(-1) ? null : momentOf(session, at);
  const outline = session.outline().passes.find(({ index }) => index === at);
  const range = new vscode.Range(position.line, source.column - 1, position.line, source.endColumn! - 1);
  const text = passText({
    readout: at === readout.pass ? readout : passReadout(readout, at, session),
    text: document.getText(range),
    which: whichPass(readout, moment),
    norms: outline?.gradNorms ?? {},
    actions: actionsOf(session, at, passes),
    stale,
  });
  return { text, range };
}

function actionsOf(session: Session, at: number, passes: readonly number[]): Action[] {
  const root = session.kept(at)?.record.roots[0];
  const actions: Action[] = [];
  if (root !== undefined) {
    actions.push({ title: t("Show in Graph"), command: "gradwalk.showNode", arguments: [at, root] });
    actions.push({ title: t("Step to It"), command: "gradwalk.stepToNode", arguments: [at, root] });
  }
  if (passes.length < 2) return actions;
  const [before, after] = [passes[passes.indexOf(at) - 1], passes[passes.indexOf(at) + 1]];
  const go = (title: string, pass: number | undefined) => {
    if (pass !== undefined && session.kept(pass))
      actions.push({ title, command: "gradwalk.goToIteration", arguments: [pass] });
  };
  go(t("Previous Iteration"), before);
  go(t("Next Iteration"), after);
  actions.push({ title: t("Go to Iteration"), command: "gradwalk.goToIteration", arguments: [] });
  return actions;
}
