/** @file The iterations of a loop that are kept: all readouts and the graph go to one of them together. */
import * as vscode from "vscode";
import type { PassOutline } from "../protocol/view.js";
import { sparkline } from "../session/glyphs.js";
import type { Session } from "../session/session.js";
import { HumanError } from "./errors.js";
import { numberText } from "./readoutText.js";
import type { RunController } from "./runController.js";
import type { Standing } from "./standing.js";
import { t } from "./words.js";

/** What takes the panel, the readouts and, where there is one, the debugger to the end of a pass. */
export type GoToPass = (pass: number) => Promise<void>;

interface Choice extends vscode.QuickPickItem {
  readonly pass: number;
}

export class Iterations {
  constructor(
    private readonly runs: RunController,
    private readonly standing: Standing,
    private readonly goTo: GoToPass,
  ) {}

  /** To a pass, or to the one that a person picks; while the choice moves, everything moves along. */
  async choose(pass?: number): Promise<void> {
    if (pass !== undefined) return this.goTo(pass);
    const before = this.#current();
    const group = alike(this.#session(), before);
    const picker = vscode.window.createQuickPick<Choice>();
    picker.title = t("Go to Iteration");
    picker.placeholder = t("The readouts and the graph follow the selection");
    picker.matchOnDescription = true;
    picker.items = group.map((_, i) => choice(group, i)).reverse();
    picker.activeItems = picker.items.filter((item) => item.pass === before);
    const chosen = await picked(picker, (item) => void this.goTo(item.pass));
    await this.goTo(chosen?.pass ?? before);
  }

  /** The next or the previous kept pass of the same call. */
  async step(by: 1 | -1): Promise<void> {
    const at = this.#current();
    const group = alike(this.#session(), at).filter(({ index }) => (index - at) * by > 0);
    const next = by > 0 ? group[0] : group.at(-1);
    if (next) await this.goTo(next.index);
  }

  #session(): Session {
    const session = this.runs.shown?.session;
    if (session?.outline().passes.some(({ kept }) => kept)) return session;
    throw new HumanError(t("There is no iteration to go to: run a program that calls backward() first."));
  }

  /** Where the readouts stand: in the pass that is looked at, else in the last. */
  #current(): number {
    const session = this.#session();
    const { stand } = this.standing;
    if (stand?.session === session) return stand.pass.index;
    return session.outline().passes.findLast(({ kept }) => kept)!.index;
  }
}

/** The kept passes that the same call made, oldest first. */
function alike(session: Session, index: number): PassOutline[] {
  const { passes } = session.outline();
  const { source } = passes[index]!;
  const place = ({ source: other }: PassOutline) =>
    other?.file === source?.file && other?.line === source?.line && other?.column === source?.column;
  return passes.filter((pass) => pass.kept && place(pass));
}

/** How the root's value came to where it is, in so many blocks. */
const SPARKS = 32;

function choice(group: readonly PassOutline[], at: number): Choice {
  const pass = group[at]!;
  const root = pass.root === null ? "" : `${pass.rootName ?? "root"} ${numberText(pass.root)}`;
  const upTo = group.slice(Math.max(0, at + 1 - SPARKS), at + 1).map((each) => each.root);
  const label =
    pass.iteration === null ? t("Pass {0}", pass.index + 1) : t("Iteration {0}", pass.iteration + 1);
  return { label, description: root, detail: sparkline(upTo, SPARKS), pass: pass.index };
}

/** The accepted item, or null; every item that becomes active is told. */
async function picked(
  picker: vscode.QuickPick<Choice>,
  active: (item: Choice) => void,
): Promise<Choice | null> {
  let touched = false;
  try {
    return await new Promise((resolve) => {
      picker.onDidChangeActive(([item]) => {
        // The first one tells where the choice begins.
        if (item && touched) active(item);
        touched = true;
      });
      picker.onDidAccept(() => resolve(picker.activeItems[0] ?? null));
      picker.onDidHide(() => resolve(null));
      picker.show();
    });
  } finally {
    picker.dispose();
  }
}
