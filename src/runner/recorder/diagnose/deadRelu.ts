/** @file ReLUs that let nothing through any more: no gradient flows through them, so they stay as they are. */
import type { Tensor } from "../../../core/index.js";
import { leakyRelu } from "../../../instrument/fixes/calls.js";
import { say } from "../../../protocol/words.js";
import type { OpRecord } from "../ops.js";
import type { Pass } from "../pass.js";
import { visitElements } from "../wire.js";
import type { Reporter } from "./reporter.js";

/** Passes in a row in which nothing came through. */
const PASSES = 3;
/** One pass alone says it only where so many elements agree. */
const ELEMENTS = 4;
/** Passes that are looked at in full; later ones now and then. */
const ALWAYS = 32;

interface Activity {
  /** Passes in a row, up to the latest that was looked at. */
  silent: number;
  looked: number;
  readonly elements: number;
}

export class DeadRelus {
  private readonly sites = new Map<number, Activity>();

  constructor(private readonly reporter: Reporter) {}

  check(pass: Pass): void {
    if (pass.index >= ALWAYS && pass.index % ALWAYS !== 0) return;
    /** A site may run several ReLUs in a pass (a loop over layers): one that lives is enough. */
    const seen = new Map<number, { alive: boolean; elements: number }>();
    pass.nodes.forEach((node, at) => {
      if (node.name() !== "ReluBackward0" || node.site < 0) return;
      const op = pass.ops[at];
      const output = op?.output ?? null;
      if (output === null || !learns(op)) return;
      const known = seen.get(node.site);
      const alive = (known?.alive ?? false) || letsThrough(output);
      seen.set(node.site, { alive, elements: Math.max(known?.elements ?? 0, output._numel) });
    });
    for (const [site, { alive, elements }] of seen) this.count(site, alive, elements);
  }

  private count(site: number, alive: boolean, elements: number): void {
    const activity = this.sites.get(site) ?? { silent: 0, looked: 0, elements };
    activity.looked++;
    activity.silent = alive ? 0 : activity.silent + 1;
    this.sites.set(site, activity);
  }

  /** The program has ended. */
  finish(): void {
    const { reporter } = this;
    for (const [site, { silent, looked, elements }] of this.sites) {
      const certain = silent >= PASSES || (silent === looked && silent > 0 && elements >= ELEMENTS);
      if (!certain) continue;
      reporter.report(
        {
          code: "dead-relu",
          message:
            looked > 1
              ? say(
                  "All inputs of this ReLU are negative, in each of the last {0} passes that were looked at: it lets nothing through, and no gradient reaches what is before it, so it stays that way. Use a smaller learning rate, other initial biases, or leaky_relu.",
                  silent,
                )
              : say(
                  "All inputs of this ReLU are negative: it lets nothing through, and no gradient reaches what is before it, so it stays that way. Use a smaller learning rate, other initial biases, or leaky_relu.",
                ),
          fixes: reporter.fixes(site, leakyRelu),
        },
        reporter.place(site),
      );
    }
  }
}

/** Whether weights stand before it, which its silence keeps from learning. */
function learns(op: OpRecord | undefined): boolean {
  return op?.inputs.some((input) => input !== null && input._gradFn !== null) ?? false;
}

function letsThrough(output: Tensor): boolean {
  let found = false;
  visitElements(output, (value) => {
    if (value !== 0) found = true;
  });
  return found;
}
