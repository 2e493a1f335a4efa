/** @file What a pass finds wrong on its way, kept until the program can be paused for it. */
import type { _C, Tensor } from "../../core/index.js";
import type { PauseException } from "../../protocol/debug.js";
import type { Insight } from "../recorder/insight.js";
import type { Pass } from "../recorder/pass.js";
import type { Sources } from "../sources.js";
import type { ExceptionWatch, Finding } from "./exceptions.js";

export class Findings {
  private readonly watch: ExceptionWatch;
  private readonly insight: Insight;
  private readonly sources: Sources;
  /** What a step did, which the next one is paused before. */
  private found: Finding | null = null;

  constructor(watch: ExceptionWatch, insight: Insight, sources: Sources) {
    this.watch = watch;
    this.insight = insight;
    this.sources = sources;
  }

  /** What the last step did; null: nothing wrong. It is told once. */
  take(): Finding | null {
    const { found } = this;
    this.found = null;
    return found;
  }

  /** What the last step did, or what comes into this one. */
  before(task: _C.GraphTask, node: _C.Node): Finding | null {
    const comes = this.watch.before(task, node) ?? this.clash(node);
    return this.take() ?? comes;
  }

  after(
    task: _C.GraphTask,
    node: _C.Node,
    gradIn: readonly (Tensor | null)[],
    gradOut: readonly (Tensor | null)[],
  ): void {
    this.found ??= this.watch.after(task, node, gradIn, gradOut);
  }

  accumulated(node: _C.Node, name: () => string, before: Tensor | null, after: Tensor): void {
    this.found ??= this.watch.accumulated(node, name, before, after);
  }

  private clash(node: _C.Node): Finding | null {
    const clash = this.watch.version ? this.insight.clash(node) : null;
    if (clash === null) return null;
    const message =
      `\`${clash.name}\`, which ${node.name()} saved at version ${clash.expected}, was changed in place ` +
      `and is at version ${clash.found}, so that this step fails.`;
    return { filter: "version", node, message, site: clash.site };
  }

  /** A bad value that the forward pass made comes first; else the operation whose derivative went wrong. */
  exceptionOf({ filter, node, message, site }: Finding, pass: Pass | undefined): PauseException {
    const { insight, sources } = this;
    const forward =
      pass !== undefined && (filter === "nan" || filter === "inf")
        ? insight.problems.forwardOrigin(pass)
        : null;
    const found = sources.site(site ?? forward ?? node.site);
    const origin =
      found === null ? null : { file: found.source.file, line: found.site.line, column: found.site.column };
    return { filter, message, origin, stack: null };
  }
}
