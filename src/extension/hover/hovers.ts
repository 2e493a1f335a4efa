/** @file Hovers: everything about the tensor that an expression made. */
import * as vscode from "vscode";
import type { TensorReference } from "../../protocol/control.js";
import type { LiveText } from "../liveText.js";
import { LANGUAGES, pathOf } from "../programs.js";
import type { RunController } from "../runController.js";
import { onOtherPass, type Standing } from "../standing.js";
import { t } from "../words.js";
import { type FactsRequest, type Found, find, gather } from "./facts.js";
import { type Action, hoverText } from "./hoverText.js";
import { type PassRequest, passHover } from "./passHover.js";
import { retainGradEdit } from "./retainGrad.js";
import { subjectAt } from "./subject.js";

/** The commands that a hover may run; its text comes from a program, which may run none. */
const COMMANDS = [
  "gradwalk.showNode",
  "gradwalk.stepToNode",
  "gradwalk.copyValue",
  "gradwalk.retainGrad",
  "gradwalk.goToIteration",
];

/** Elements are not wanted, the text comes with them. */
const NO_ELEMENTS = 0;

export class Hovers implements vscode.HoverProvider, vscode.Disposable {
  readonly #registration: vscode.Disposable;

  constructor(
    private readonly runs: RunController,
    private readonly live: LiveText,
    private readonly standing: Standing,
  ) {
    this.#registration = vscode.languages.registerHoverProvider(
      LANGUAGES.map((language) => ({ language })),
      this,
    );
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    const session = this.runs.shown?.session;
    const map = this.live.map(document);
    if (!session || !map) return null;
    const { stand } = this.standing;
    const pass = onOtherPass(stand, session);
    const path = pathOf(document);
    const subject = await subjectAt({ document, position, session, path, map, pass });
    if (token.isCancellationRequested) return null;
    if (!subject)
      return this.#ofPass({ document, position, session, path, map, stand, stale: this.live.stale });
    const request: FactsRequest = { session, subject, pass, stale: this.live.stale };
    const found = find(request);
    if (!found) return null;
    const actions = this.#actions(document, found, request);
    const facts = await gather(request, found, (grad) => this.#text(found, grad), actions);
    if (!facts || token.isCancellationRequested) return null;
    return hoverOf(hoverText(facts), subject.range);
  }

  #ofPass(request: PassRequest): vscode.Hover | null {
    const found = passHover(request);
    return found && hoverOf(found.text, found.range);
  }

  #actions(document: vscode.TextDocument, found: Found, { session }: FactsRequest): Action[] {
    const { pass, node, site } = found;
    const actions: Action[] = [];
    if (pass !== null && node !== null) {
      actions.push({ title: t("Show in Graph"), command: "gradwalk.showNode", arguments: [pass, node] });
      if ((session.kept(pass)?.stepOf(node) ?? -1) >= 0) {
        actions.push({ title: t("Step to It"), command: "gradwalk.stepToNode", arguments: [pass, node] });
      }
    }
    const reference = referenceOf(found, false);
    if (reference) {
      actions.push({ title: t("Copy Value"), command: "gradwalk.copyValue", arguments: [reference] });
    }
    const { readout } = found;
    if (site !== null && readout?.why_no_grad === "non_leaf" && this.#retainable(document, found)) {
      actions.push({
        title: t("Retain Grad"),
        command: "gradwalk.retainGrad",
        arguments: [document.uri.toString(), readout.name, readout.line],
      });
    }
    return actions;
  }

  #retainable(document: vscode.TextDocument, { readout }: Found): boolean {
    const line = readout && this.live.map(document)?.toCurrent(readout.line);
    return line != null && readout !== null && retainGradEdit(document, readout.name, line) !== null;
  }

  /** As PyTorch prints it, of a tensor that only the runner has whole. */
  async #text(found: Found, grad: boolean): Promise<string | null> {
    const reference = referenceOf(found, grad);
    const { shown, latest } = this.runs;
    if (!reference || !latest || latest.session !== shown?.session) return null;
    return latest.process.tensor(reference, 0, NO_ELEMENTS).then(
      ({ text }) => text,
      () => null,
    );
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function hoverOf(text: string, range: vscode.Range): vscode.Hover {
  const markdown = new vscode.MarkdownString(text);
  markdown.isTrusted = { enabledCommands: COMMANDS };
  return new vscode.Hover(markdown, range);
}

export function referenceOf({ site, pass, node }: Found, grad: boolean): TensorReference | null {
  if (site !== null) return { of: "binding", site, grad };
  return pass === null || node === null ? null : { of: grad ? "grad" : "value", pass, node };
}
