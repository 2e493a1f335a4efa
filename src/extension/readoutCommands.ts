/** @file The commands of readouts, hovers and the tree: where they lead, and what they change. */
import * as vscode from "vscode";
import type { TensorReference } from "../protocol/control.js";
import { tensorSummary } from "../protocol/wire.js";
import type { DebugSessions } from "./debug/debugSessions.js";
import { HumanError } from "./errors.js";
import type { GraphPanel } from "./graphPanel.js";
import { retainGradEdit } from "./hover/retainGrad.js";
import type { Iterations } from "./iterations.js";
import type { LiveText } from "./liveText.js";
import type { Pin } from "./pin.js";
import type { RecordWalk } from "./recordWalk.js";
import type { RunController } from "./runController.js";
import { readoutPlace, setReadoutPlace, setShapeHints, shapeHints } from "./settings.js";
import type { SourceLinks } from "./sourceLinks.js";
import { t } from "./words.js";

export interface ReadoutCommandParts {
  readonly runs: RunController;
  readonly live: LiveText;
  readonly panel: GraphPanel;
  readonly links: SourceLinks;
  readonly walk: RecordWalk;
  readonly debug: DebugSessions;
  readonly iterations: Iterations;
  readonly pin: Pin;
}

type Command = (...args: never[]) => unknown;

/** By the id behind `gradwalk.`. */
export function readoutCommands(parts: ReadoutCommandParts): Readonly<Record<string, Command>> {
  const { runs, panel, links, iterations, pin } = parts;
  return {
    toggleReadouts: toggled(readoutPlace, setReadoutPlace, "off", "codeLens"),
    toggleInlayHints: toggled(shapeHints, setShapeHints, "off", "all"),
    showNode: (pass: number, node: number) => {
      panel.show();
      panel.select(pass, node);
    },
    stepToNode: (pass: number, node: number) => stepToNode(parts, pass, node),
    goToIteration: (pass?: number) => iterations.choose(pass),
    previousIteration: () => iterations.step(-1),
    nextIteration: () => iterations.step(1),
    revealLine: (file: string, line: number) => links.reveal({ file, line, column: 1 }, true),
    copyValue: (reference: TensorReference) => copyValue(runs, reference),
    retainGrad: (uri: string, name: string, line: number) => retainGrad(parts, uri, name, line),
    pinRun: () => pin.pin(),
    unpinRun: () => pin.unpin(),
  };
}

/** Off and on again as it was: what was shown before it was turned off is remembered while the window lives. */
function toggled<T extends string>(
  get: () => T,
  set: (value: T) => Promise<void>,
  off: NoInfer<T>,
  first: NoInfer<T>,
): () => Promise<void> {
  let before = get() === off ? first : get();
  return async () => {
    const now = get();
    if (now !== off) before = now;
    await set(now === off ? before : off);
  };
}

/** Stands before the step that runs the node. */
async function stepToNode({ runs, panel, walk, debug }: ReadoutCommandParts, pass: number, node: number) {
  const step = runs.shown?.session.kept(pass)?.stepOf(node) ?? -1;
  if (step < 0) throw new HumanError(t("No backward pass that is kept has run this operation."));
  panel.show();
  if (!(await debug.goTo(pass, step))) await walk.goTo(pass, step);
  panel.select(pass, node);
}

/** All elements where the runner has them, else as many as the session kept. */
async function copyValue({ shown, latest }: RunController, reference: TensorReference): Promise<void> {
  const session = shown?.session;
  if (!session)
    throw new HumanError(t("The run that made this tensor is no longer shown. Run the program again."));
  if (latest?.session === session) {
    const whole = await latest.process.tensor(reference, 0, COPIED).catch(() => null);
    if (whole && whole.data.length === whole.numel) {
      return vscode.env.clipboard.writeText(literal(Array.from(whole.data, String), whole.shape));
    }
  }
  const record =
    reference.of === "binding"
      ? session.variables.all().find(({ site }) => site === reference.site)?.value
      : reference.of === "value"
        ? session.kept(reference.pass)?.record.values[reference.node]
        : null;
  if (!record) throw new HumanError(t("This tensor is no longer held; run the program again."));
  const { data, truncated, shape } = tensorSummary(record);
  if (truncated) throw new HumanError(t("Only a part of this tensor is still held; run the program again."));
  await vscode.env.clipboard.writeText(literal(data.map(String), shape));
}

/** More elements are no good on a clipboard. */
const COPIED = 1_000_000;

/** As JavaScript writes nested arrays. */
function literal(data: readonly string[], shape: readonly number[]): string {
  const [first, ...rest] = shape;
  if (first === undefined) return data[0] ?? "";
  const size = first === 0 ? 0 : data.length / first;
  const rows = Array.from({ length: first }, (_, i) => literal(data.slice(i * size, (i + 1) * size), rest));
  return `[${rows.join(", ")}]`;
}

async function retainGrad(parts: ReadoutCommandParts, uri: string, name: string, line: number) {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
  const now = parts.live.map(document)?.toCurrent(line);
  const insertion = now == null ? null : retainGradEdit(document, name, now);
  if (!insertion)
    throw new HumanError(
      t("The line that binds {0} has changed since this run. Run the program again.", name),
    );
  const edit = new vscode.WorkspaceEdit();
  edit.set(document.uri, [insertion]);
  await vscode.workspace.applyEdit(edit);
}
