/** @file Which pass is wanted, and its way here: a newer wish withdraws the older one. */
import type { Outline, PassView } from "../src/protocol/view.js";
import { LayoutCancelled } from "./layout/types.js";
import type { Client } from "./source.js";

/** Where the passes come from, and where it is written which one is on its way. */
export interface PassSource {
  readonly client: Client;
  wanted: number | null;
}

export interface PassEvents {
  /** Draws what came; ends early when the signal is aborted. */
  show(pass: PassView, signal: AbortSignal): Promise<void>;
  failed(message: string): void;
}

export class Passes {
  private task: AbortController | null = null;

  constructor(
    private readonly source: PassSource,
    private readonly events: PassEvents,
  ) {}

  /** Another drawing is on its way, made of what was known when it set out. */
  get busy(): boolean {
    return this.task !== null;
  }

  async load(index: number): Promise<void> {
    this.source.wanted = index;
    await this.run(async (signal) => {
      const pass = await this.source.client.pass(index);
      if (!signal.aborted) await this.events.show(pass, signal);
    });
  }

  /** Something else that replaces the drawing, in the same queue of one. */
  async run(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.task?.abort();
    const task = new AbortController();
    this.task = task;
    try {
      await work(task.signal);
    } catch (error) {
      if (task.signal.aborted || error instanceof LayoutCancelled) return;
      this.events.failed(error instanceof Error ? error.message : String(error));
    } finally {
      if (this.task === task) {
        this.task = null;
        this.source.wanted = null;
      }
    }
  }
}

/** The pass that was looked at, where a person chose one and it is kept; else the latest that is. */
export function preferredPass(outline: Outline, chosen: number | null): number {
  if (chosen !== null && outline.passes[chosen]?.kept) return chosen;
  const kept = outline.passes.findLastIndex((pass) => pass.kept);
  return kept < 0 ? outline.passes.length - 1 : kept;
}
