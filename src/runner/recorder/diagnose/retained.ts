/** @file Losses that outlive their iteration together with their graphs, so that memory grows with each. */
import { growing, type Kept, keptInLoops, withoutGraph } from "../../../instrument/fixes/retained.js";
import type { ProgramText } from "../../../instrument/fixes/text.js";
import { say } from "../../../protocol/words.js";
import type { Bindings } from "../bindings.js";
import type { Pass } from "../pass.js";
import type { Reporter } from "./reporter.js";

/** A root that one iteration leaves behind may be meant. */
const PASSES = 2;

export class RetainedGraphs {
  /** How many passes started from the tensor that a binding held, by the binding's site. */
  private readonly roots = new Map<number, number>();

  constructor(
    private readonly reporter: Reporter,
    private readonly bindings: Bindings,
  ) {}

  ended(pass: Pass): void {
    for (const node of pass.rootNodes) {
      const op = pass.ops[pass.nodes.indexOf(node)];
      const label = op?.label ?? -1;
      if (label >= 0) this.roots.set(label, (this.roots.get(label) ?? 0) + 1);
    }
  }

  /** The program has ended. Only what a loop walks back from is looked for in the text. */
  finish(): void {
    for (const [label, passes] of this.roots) {
      const file = passes < PASSES ? undefined : this.reporter.place(label)?.file;
      const text = file === undefined ? null : this.reporter.text(file);
      if (text === null || file === undefined) continue;
      for (const kept of keptInLoops(text)) this.consider(kept, text, label);
    }
  }

  private consider(kept: Kept, text: ProgramText, label: number): void {
    const { reporter } = this;
    const bound = reporter.place(label);
    const same = bound?.line === kept.declared.line && bound.column === kept.declared.column;
    const tensor = this.bindings.at(label);
    if (bound === null || !same || tensor === undefined || tensor._gradFn === null) return;
    const { name } = kept;
    const scalar = tensor._numel === 1;
    reporter.report(
      {
        code: "graph-retained-in-list",
        message: growing(kept, scalar),
        related: reporter.related(label, say("{0} is made here, with its graph", name)),
        fixes: reporter.fixes({ ...bound, ...kept.range }, () => withoutGraph(text, kept, scalar)),
      },
      { file: bound.file, ...kept.range },
    );
  }
}
