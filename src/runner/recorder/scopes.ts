/** @file The dynamic scope of an operation: the loops, functions and modules that were running. */
import type { nn } from "../../core/index.js";
import { CELL, FRAME, type Probe } from "../../instrument/probe.js";
import type { Scope, SourceLocation } from "../../protocol/export.js";
import type { Sources } from "../sources.js";

/** One frame with all that enclose it; the same object for all operations of one iteration. */
export interface ScopeNode {
  readonly parent: ScopeNode | null;
  /** Of a module's call, the site of that call. */
  readonly site: number;
  readonly count: number;
  readonly key: number;
  /** Site of the call that entered a function, or -1. */
  readonly caller: number;
  /** Path of a module that runs; null for loops and functions. */
  readonly module: string | null;
  /** For the trace, outermost first; made when somebody looks. */
  wire: readonly Scope[] | null;
}

/** A module that runs on top of the frame at `depth`. */
interface RunningModule {
  readonly module: nn.Module;
  readonly name: string;
  readonly site: number;
  readonly count: number;
  readonly depth: number;
  /** Made when an operation is recorded in it. */
  scope: ScopeNode | null;
}

const NOTHING: readonly Scope[] = [];

export class Scopes {
  private readonly sources: Sources;
  private probe: Probe | null = null;
  /** The scope last seen at each depth; good as long as the frame there has its key. */
  private readonly seen: (ScopeNode | null)[] = [];
  private nextKey = 1;
  /** Outermost first. */
  private readonly modules: RunningModule[] = [];
  private readonly calls = new WeakMap<nn.Module, number>();
  private readonly places = new Map<number, SourceLocation>();

  constructor(sources: Sources) {
    this.sources = sources;
  }

  attach(probe: Probe): void {
    this.probe = probe;
  }

  /** The scope that the program is in; null outside of all loops, functions and modules. */
  current(): ScopeNode | null {
    if (this.probe === null) return null;
    const { stack } = this.probe;
    return this.within(this.depth(), stack);
  }

  /** @param name its path from the outermost module, `""` for that one */
  enter(module: nn.Module, name: string): void {
    const count = this.calls.get(module) ?? 0;
    this.calls.set(module, count + 1);
    const site = this.probe?.cell[CELL.site] ?? -1;
    const title = name === "" ? module._get_name() : name;
    this.modules.push({ module, name: title, site, count, depth: this.depth(), scope: null });
  }

  exit(module: nn.Module): void {
    if (this.modules.at(-1)?.module === module) this.modules.pop();
  }

  private depth(): number {
    if (this.probe === null) return 0;
    const { cell, stack } = this.probe;
    return Math.min(cell[CELL.depth]!, stack.length / FRAME.length - 1);
  }

  /** The frame at this depth, or the innermost module that runs on top of it. */
  private within(depth: number, stack: Int32Array): ScopeNode | null {
    if (this.modules.length === 0) return this.at(depth, stack);
    let scope: ScopeNode | null = null;
    let above = false;
    for (const running of this.modules) {
      if (running.depth !== depth) continue;
      running.scope ??= this.moduleScope(running, above ? scope : this.at(depth, stack));
      scope = running.scope;
      above = true;
    }
    return above ? scope : this.at(depth, stack);
  }

  private moduleScope({ name, site, count }: RunningModule, parent: ScopeNode | null): ScopeNode {
    return { parent, site, count, key: 0, caller: site, module: name, wire: null };
  }

  private at(depth: number, stack: Int32Array): ScopeNode | null {
    if (depth <= 0) return null;
    const frame = depth * FRAME.length;
    const key = stack[frame + FRAME.key]!;
    const known = this.seen[depth];
    if (key !== 0 && known?.key === key) return known;
    const made: ScopeNode = {
      parent: this.within(depth - 1, stack),
      site: stack[frame + FRAME.site]!,
      count: stack[frame + FRAME.count]!,
      key: this.nextKey,
      caller: stack[frame + FRAME.caller]!,
      module: null,
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

  private level({ site: id, count, caller, module }: ScopeNode): Scope[] {
    if (module !== null) return this.moduleLevel(module, id, count);
    const found = this.sources.site(id);
    if (found === null) return [];
    const { source, site } = found;
    const { line } = site;
    const place = { line, file: source.file };
    if (site.kind === "loop")
      return count < 0 ? [] : [{ kind: "loop", name: site.name ?? "loop", ...place, iteration: count }];
    const from = this.location(caller);
    const name = site.name ?? "(anonymous)";
    return [{ kind: "function", name, ...place, call: count, ...(from && { from }) }];
  }

  private moduleLevel(name: string, site: number, call: number): Scope[] {
    const from = this.location(site);
    return from === null ? [] : [{ kind: "module", name, line: from.line, file: from.file, call, from }];
  }

  /** The same object for one site, so that a trace has it once. */
  private location(id: number): SourceLocation | null {
    let place = this.places.get(id);
    if (place === undefined) {
      const found = this.sources.site(id);
      if (found === null) return null;
      const { line, column, endLine, endColumn } = found.site;
      place = { file: found.source.file, line, column, endLine, endColumn };
      this.places.set(id, place);
    }
    return place;
  }
}

const MAX_KEY = 2 ** 31 - 1;
