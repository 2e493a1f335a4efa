/** @file The dynamic scope of an operation: the loops and functions that were running. */
import { CELL, FRAME, type Probe } from "../../instrument/probe.js";
import type { Scope } from "../../protocol/export.js";
import type { Sources } from "../sources.js";

/** One frame with all that enclose it; the same object for all operations of one iteration. */
export interface ScopeNode {
  readonly parent: ScopeNode | null;
  readonly site: number;
  readonly count: number;
  readonly key: number;
  /** For the trace, outermost first; made when somebody looks. */
  wire: readonly Scope[] | null;
}

const NOTHING: readonly Scope[] = [];

export class Scopes {
  private readonly sources: Sources;
  private probe: Probe | null = null;
  /** The scope last seen at each depth; good as long as the frame there has its key. */
  private readonly seen: (ScopeNode | null)[] = [];
  private nextKey = 1;

  constructor(sources: Sources) {
    this.sources = sources;
  }

  attach(probe: Probe): void {
    this.probe = probe;
  }

  /** The scope that the program is in; null outside of all loops and functions. */
  current(): ScopeNode | null {
    if (this.probe === null) return null;
    const { cell, stack } = this.probe;
    const kept = stack.length / FRAME.length - 1;
    return this.at(Math.min(cell[CELL.depth]!, kept), stack);
  }

  private at(depth: number, stack: Int32Array): ScopeNode | null {
    if (depth <= 0) return null;
    const frame = depth * FRAME.length;
    const key = stack[frame + FRAME.key]!;
    const known = this.seen[depth];
    if (key !== 0 && known?.key === key) return known;
    const made: ScopeNode = {
      parent: this.at(depth - 1, stack),
      site: stack[frame + FRAME.site]!,
      count: stack[frame + FRAME.count]!,
      key: this.nextKey,
      wire: null,
    };
    this.nextKey = this.nextKey === MAX_KEY ? 1 : this.nextKey + 1;
    stack[frame + FRAME.key] = made.key;
    this.seen[depth] = made;
    return made;
  }

  /** As the trace has it. */
  wire(scope: ScopeNode | null): readonly Scope[] {
    if (scope === null) return NOTHING;
    scope.wire ??= [...this.wire(scope.parent), ...this.level(scope)];
    return scope.wire;
  }

  private level({ site: id, count }: ScopeNode): Scope[] {
    const found = this.sources.site(id);
    if (found === null) return [];
    const { source, site } = found;
    const { line } = site;
    const place = { line, file: source.file };
    if (site.kind === "loop")
      return count < 0 ? [] : [{ kind: "loop", name: site.name ?? "loop", ...place, iteration: count }];
    return [{ kind: "function", name: site.name ?? "(anonymous)", ...place, call: count }];
  }
}

const MAX_KEY = 2 ** 31 - 1;
