/** @file At a stop, the gradients of variables as of the step, at the ends of their lines. */
import * as vscode from "vscode";
import { LANGUAGES } from "../programs.js";
import type { Readouts } from "../readouts.js";
import { readoutPlace } from "../settings.js";
import type { Stand, Standing } from "../standing.js";
import { DEBUG_TYPE } from "./configurations.js";

export class StopValues implements vscode.InlineValuesProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeInlineValues = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly readouts: Readouts,
    private readonly standing: Standing,
  ) {
    this.#subscriptions = [
      vscode.languages.registerInlineValuesProvider(
        LANGUAGES.map((language) => ({ language })),
        this,
      ),
      standing.onDidChange(() => this.#changed.fire()),
    ];
  }

  provideInlineValues(document: vscode.TextDocument, viewPort: vscode.Range): vscode.InlineValue[] {
    if (vscode.debug.activeDebugSession?.type !== DEBUG_TYPE) return [];
    const { stand } = this.standing;
    const place = readoutPlace();
    // The readouts stand there themselves.
    if (!stand || place === "inline") return [];
    // Where readouts stand above the lines, the ends are for what moves.
    const moving = place === "off" ? null : movedBy(stand);
    return this.readouts.of(document).flatMap(({ line, gradient, node }) => {
      if (gradient === null || line < viewPort.start.line || line > viewPort.end.line) return [];
      if (moving && (node === null || !moving.has(node))) return [];
      const { range } = document.lineAt(line);
      return [new vscode.InlineValueText(range, gradient)];
    });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}

/** The node that ran last, the one that runs next, and those that get their gradients. */
function movedBy({ pass, step }: Stand): ReadonlySet<number> {
  const runs = new Set([pass.steps[step - 1]?.node, pass.steps[step]?.node]);
  const takers = pass.edges.flatMap(({ from, to }) => (runs.has(from) ? [to] : []));
  return new Set([...runs, ...takers].filter((node) => node !== undefined));
}
