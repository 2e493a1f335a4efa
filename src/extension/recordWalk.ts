/** @file Walks the recorded backward passes in the panel and the editor, where no debugger does it live. */
import type * as vscode from "vscode";
import type { PassView, Position } from "../protocol/view.js";
import { HumanError } from "./errors.js";
import type { GraphPanel } from "./graphPanel.js";
import type { RunController } from "./runController.js";
import type { SourceLinks } from "./sourceLinks.js";
import type { Standing } from "./standing.js";
import { t } from "./words.js";

export class RecordWalk implements vscode.Disposable {
  #position: Position | null = null;
  /** The run that is walked; another run ends the walk. */
  #run: string | null = null;
  /** Passes that the panel was sent to and may not have drawn yet. */
  readonly #sent = new Set<number>();
  readonly #subscription: vscode.Disposable;

  constructor(
    private readonly runs: RunController,
    private readonly panel: GraphPanel,
    private readonly links: SourceLinks,
    private readonly standing: Standing,
  ) {
    this.#subscription = runs.onDidChange(() => this.#endWithRun());
  }

  /** Stands before the first step of the first pass that is kept. */
  async start(): Promise<void> {
    const session = this.runs.shown?.session;
    const first = session?.outline().passes.find(({ kept, steps }) => kept && steps > 0);
    if (!first) {
      throw new HumanError(t("There is no backward pass to step through: the program called no backward()."));
    }
    await this.goTo(first.index, 0);
  }

  async step(command: "step" | "stepBack" | "continue" | "reverseContinue"): Promise<void> {
    const pass = this.#position && this.runs.shown?.session.pass(this.#position.pass);
    if (!pass || !this.#position) return this.start();
    const target = {
      step: this.#position.step + 1,
      stepBack: this.#position.step - 1,
      continue: pass.steps.length,
      reverseContinue: 0,
    }[command];
    await this.goTo(pass.index, target);
  }

  /** `step` nodes have run; beyond either end is the end. */
  async goTo(index: number, step: number): Promise<void> {
    const pass = this.#stand(index, step);
    if (!pass || !this.#position) return;
    this.#send(this.#position);
    await this.#follow(pass, this.#position.step);
  }

  /** The end of a pass, without a look at its lines: to compare one iteration of a loop with another. */
  passEnd(index: number): void {
    if (this.#stand(index, Number.POSITIVE_INFINITY) && this.#position) this.#send(this.#position);
  }

  #send(position: Position): void {
    this.#sent.add(position.pass);
    this.panel.position(position);
  }

  /** The panel has drawn a pass; where a person chose it there, the readouts come along. */
  looked(index: number): void {
    const late = this.#sent.has(index) && index !== this.#position?.pass;
    if (!late) this.#sent.clear();
    if (late) return;
    const session = this.runs.shown?.session;
    const at = this.#position?.pass ?? (session?.outline().passes.length ?? 0) - 1;
    if (at !== index && !this.runs.running) this.#stand(index, Number.POSITIVE_INFINITY);
  }

  /** Where the walk stands, for a panel that has just been opened. */
  tell(): void {
    if (this.#position) this.#send(this.#position);
  }

  #stand(index: number, step: number): PassView | null {
    const session = this.runs.shown?.session;
    const pass = session?.pass(index);
    if (!session || !pass) return null;
    const at = Math.min(Math.max(step, 0), pass.steps.length);
    this.#run = session.run;
    this.#position = { pass: index, step: at, live: false };
    // At the end of the last one, everything is as the program left it.
    const over = at === pass.steps.length && index === session.outline().passes.length - 1;
    this.standing.set(over ? null : { session, pass, step: at });
    return pass;
  }

  /** Highlights where the node that runs next was made; at the end, the call that walked the graph. */
  async #follow(pass: PassView, at: number): Promise<void> {
    const next = pass.steps[at];
    const source = next ? pass.nodes.find(({ id }) => id === next.node)?.source : pass.source;
    if (source) await this.links.reveal(source, false);
  }

  #endWithRun(): void {
    if (this.#position === null || this.runs.shown?.session.run === this.#run) return;
    this.#position = null;
    this.standing.set(null);
    this.panel.position(null);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
