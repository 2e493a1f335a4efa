/** @file Hooks as they run: the user's function, where it stands, and what it made of the gradients. */
import type { _C, Tensor } from "../../core/index.js";
import type { HookInfo } from "../../protocol/export.js";
import type { WireHook } from "../../protocol/trace.js";
import type { Sources } from "../sources.js";
import type { Held, Memory } from "./memory.js";

type Grads = readonly (Tensor | null)[];
type HeldGrads = readonly (Held | null)[];

/** A hook that ran, or runs: its values are held as they were. */
export interface HookRecord {
  readonly call: _C.HookCall;
  readonly before: HeldGrads;
  /** null until it has run. */
  after: HeldGrads | null;
}

export class Hooks {
  private readonly sources: Sources;
  private readonly memory: Memory;
  /** Of the nodes that run, in passes within one another. */
  private readonly running: { readonly node: _C.Node; readonly hooks: HookRecord[] }[] = [];

  constructor(sources: Sources, memory: Memory) {
    this.sources = sources;
    this.memory = memory;
  }

  begun(node: _C.Node, call: _C.HookCall, given: Grads): void {
    let own = this.running.at(-1);
    if (own?.node !== node) {
      own = { node, hooks: [] };
      this.running.push(own);
    }
    own.hooks.push({ call, before: this.hold(given), after: null });
  }

  ended(node: _C.Node, made: Grads): void {
    const last = this.running.findLast((each) => each.node === node)?.hooks.at(-1);
    if (last !== undefined) last.after = this.hold(made);
  }

  /** An error ended a pass over these nodes. */
  forget(nodes: readonly _C.Node[]): void {
    if (this.running.length === 0) return;
    const own = new Set(nodes);
    while (this.running.length > 0 && own.has(this.running.at(-1)!.node)) this.running.pop();
  }

  /** What ran around the node, whose step is over; null: nothing. */
  take(node: _C.Node): readonly HookRecord[] | null {
    const at = this.running.findLastIndex((each) => each.node === node);
    return at < 0 ? null : this.running.splice(at)[0]!.hooks;
  }

  private hold(grads: Grads): HeldGrads {
    return grads.map((grad) => (grad === null || grad === undefined ? null : this.memory.hold(grad)));
  }

  /** As the trace has them. */
  wire(records: readonly HookRecord[]): WireHook[] {
    return records.map(({ call, before, after }) => {
      return { ...hookInfo(call, this.sources), before: wires(before), after: after && wires(after) };
    });
  }
}

function wires(grads: HeldGrads): WireHook["before"] {
  return grads.map((held) => held?.wire() ?? null);
}

export function hookInfo({ kind, outputNr, name, site }: _C.HookCall, sources: Sources): HookInfo {
  return { kind, output: outputNr, name: name === "" ? null : name, source: placeOf(name, site, sources) };
}

/** The function of that name, where the file of the registering call has only one; else that call. */
function placeOf(name: string, site: number, sources: Sources): HookInfo["source"] {
  const found = sources.site(site);
  if (found === null) return null;
  const { file, sites } = found.source;
  const named = name === "" ? [] : sites.filter((each) => each.kind === "function" && each.name === name);
  const { line, column } = named.length === 1 ? named[0]! : found.site;
  return { file, line, column };
}
