/**
 * @file Which programs may be run at every edit. One that computes and prints may; one that reads its input,
 * writes files, opens sockets, starts processes or takes seconds only where a person has said so, once.
 */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { Effect } from "../protocol/control.js";
import type { ProgramRun } from "./programRun.js";
import type { RunController } from "./runController.js";
import { t } from "./words.js";

/** A program that takes longer is in the way of the one who types, milliseconds. */
const SLOW = 2000;

export type Reason = Effect | "seconds";

const QUESTIONS: Readonly<Record<Reason, (name: string) => string>> = {
  files: (name) => t("{0} writes files. Run it again at every edit?", name),
  network: (name) => t("{0} opens network connections. Run it again at every edit?", name),
  processes: (name) => t("{0} starts other programs. Run it again at every edit?", name),
  input: (name) => t("{0} reads its input. Run it again at every edit?", name),
  seconds: (name) => t("{0} runs for seconds. Run it again at every edit?", name),
};

/** What asks is told first. */
const ORDER = Object.keys(QUESTIONS) as readonly Reason[];

const MEMORY = "gradwalk.consent";

export class Consent implements vscode.Disposable {
  /** What is known of programs, by path. */
  readonly #reasons = new Map<string, ReadonlySet<Reason>>();
  /** Questions that were answered, or waved away, while the window lives: never the same twice. */
  readonly #asked = new Set<string>();
  readonly #subscription: vscode.Disposable;

  /** @param memory keeps the answers of a workspace */
  constructor(
    private readonly runs: RunController,
    private readonly memory: vscode.Memento,
  ) {
    this.#subscription = runs.onDidChange(() => {
      if (runs.latest) this.#learn(runs.latest);
    });
  }

  /** Whether a program may be run now without being asked for; asks the person where that is not known yet. */
  given(path: string): boolean {
    const { latest } = this.runs;
    // A run that each key cuts short would never tell by itself.
    if (latest?.program.path === path) this.#learn(latest);
    const reason = ORDER.find((each) => this.#reasons.get(path)?.has(each));
    if (!reason) return true;
    const key = `${reason} ${path}`;
    const answer = this.memory.get<Readonly<Record<string, boolean>>>(MEMORY, {})[key];
    if (answer !== undefined) return answer;
    if (!this.#asked.has(key)) {
      this.#asked.add(key);
      void this.#ask(key, QUESTIONS[reason](basename(path)));
    }
    return false;
  }

  async #ask(key: string, question: string): Promise<void> {
    const yes = t("Run at Every Edit");
    const no = t("Only When I Say So");
    const chosen = await vscode.window.showInformationMessage(question, yes, no);
    if (chosen === undefined) return;
    const answers = this.memory.get<Readonly<Record<string, boolean>>>(MEMORY, {});
    await this.memory.update(MEMORY, { ...answers, [key]: chosen === yes });
  }

  #learn({ program, process, debugged, duration, end }: ProgramRun): void {
    // A debugger stands still for as long as a person looks.
    const slow = !debugged && duration > SLOW;
    // Only a program that has ended by itself has shown all that it does.
    const before = end?.reason === "exit" ? [] : (this.#reasons.get(program.path) ?? []);
    const reasons = new Set<Reason>([...before, ...process.effects]);
    if (slow) reasons.add("seconds");
    this.#reasons.set(program.path, reasons);
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
