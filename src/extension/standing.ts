/** @file Where a walk through a backward pass stands, by debugger or by hand: what readouts and lines go by. */
import * as vscode from "vscode";
import type { PassView } from "../protocol/view.js";
import type { Session } from "../session/session.js";

export interface Stand {
  readonly session: Session;
  /** Its steps go on beyond what ran, as far as they can be foreseen. */
  readonly pass: PassView;
  /** `step` nodes have run. */
  readonly step: number;
  /** A debugger has stopped here: at a pass's end too, gradients are told as the pass has made them. */
  readonly stopped?: boolean;
}

/** The pass whose end is looked at instead of the program's; null where everything is as the program left it. */
export function onOtherPass(stand: Stand | null, session: Session): number | null {
  return stand?.session === session && stand.step === stand.pass.steps.length ? stand.pass.index : null;
}

export class Standing implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #stand: Stand | null = null;

  get stand(): Stand | null {
    return this.#stand;
  }

  /** null: nobody walks, and everything is as the program left it. */
  set(stand: Stand | null): void {
    if (stand === this.#stand) return;
    this.#stand = stand;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
