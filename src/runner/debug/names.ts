/** @file What names mean in expressions: the program's tensors, and what a step of a pass adds to them. */
import { type _C, Tensor } from "../../core/index.js";
import type { Insight } from "../recorder/insight.js";
import type { Sources } from "../sources.js";
import type { Names } from "./expression.js";

/** Site and tensor of each name; where a name was bound more than once, the one that counts. */
export type Bound = ReadonlyMap<string, Tensor>;

const PATH = /^(?:this|[\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\.#?[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;

/** Functions and loops that a place in the text lies in: what is bound there can be seen from it. */
function enclosing(sources: Sources, site: number): Set<number> {
  const chain = new Set<number>();
  let at = sources.site(site)?.site.within ?? null;
  while (at !== null) {
    chain.add(at);
    at = sources.site(at)?.site.within ?? null;
  }
  return chain;
}

/**
 * Every tensor by the name as written (`w`, `this.weight`, `params.w`). Of several bindings of one name that
 * counts which can be seen from the site `from`, else the latest.
 */
export function boundNames(insight: Insight, sources: Sources, from: number): Bound {
  const seen = new Map<string, Tensor>();
  const visible = new Set<string>();
  const around = enclosing(sources, from);
  const file = sources.site(from)?.source.file;
  for (const { site: id, tensor } of insight.bindings.recent()) {
    const found = sources.site(id);
    const name = found?.site.name ?? null;
    if (found === null || name === null || !PATH.test(name)) continue;
    const { within } = found.site;
    const canBeSeen = found.source.file === file && (within === null || around.has(within));
    if (seen.has(name) && (visible.has(name) || !canBeSeen)) continue;
    seen.set(name, tensor);
    if (canBeSeen) visible.add(name);
  }
  return seen;
}

/** What a name's tensor is at the moment that is looked at. */
export type ValueAt = (path: string, tensor: Tensor) => Tensor;

/** The tensor of a name or, for the first part of dotted names, an object with the tensors known of it. */
export function lookupBound(bound: Bound, name: string, valueAt: ValueAt): { value: unknown } | undefined {
  const direct = bound.get(name);
  if (direct !== undefined) return { value: valueAt(name, direct) };
  const root: Record<string, unknown> = {};
  let found = false;
  for (const [path, tensor] of bound) {
    const parts = path.split(".");
    if (parts[0] !== name || parts.length < 2) continue;
    let at = root;
    for (const part of parts.slice(1, -1)) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    const last = parts.at(-1)!;
    found = true;
    if (at instanceof Tensor || last in at) continue;
    const get = () => valueAt(path, tensor);
    Object.defineProperty(at, last, { enumerable: true, configurable: true, get });
  }
  return found ? { value: root } : undefined;
}

/** A node about to run, with what came in for it. */
export interface StepValues {
  readonly grads: readonly (Tensor | null)[];
  /** The value that the node made in the forward pass. */
  readonly result: () => Tensor | null;
  /** What it keeps for backward, by the names of its formula. */
  readonly saved: readonly _C.SavedValue[];
}

const LISTED = /^(.*)\[(\d+)\]$/;

/** `grad`, `grads`, `result` and the saved values of a step. */
export function stepNames(step: StepValues | null): Map<string, () => unknown> {
  const names = new Map<string, () => unknown>();
  if (step === null) return names;
  for (const { name, value } of step.saved) {
    const listed = LISTED.exec(name);
    if (listed === null) {
      names.set(name, () => value);
      continue;
    }
    const list = (names.get(listed[1]!)?.() ?? []) as unknown[];
    list[Number(listed[2])] = value;
    names.set(listed[1]!, () => list);
  }
  names.set("grad", () => step.grads[0] ?? null);
  names.set("grads", () => [...step.grads]);
  if (!names.has("result")) names.set("result", step.result);
  return names;
}

export class Scope implements Names {
  readonly step: ReadonlyMap<string, () => unknown>;
  private readonly library: unknown;
  private readonly findBound: () => Bound;
  private readonly valueAt: ValueAt;
  private found: Bound | null = null;

  constructor(
    library: unknown,
    step: StepValues | null,
    findBound: () => Bound,
    valueAt: ValueAt = (_, tensor) => tensor,
  ) {
    this.library = library;
    this.step = stepNames(step);
    this.findBound = findBound;
    this.valueAt = valueAt;
  }

  /** The program's variables. */
  get bound(): Bound {
    this.found ??= this.findBound();
    return this.found;
  }

  lookup(name: string): { value: unknown } | undefined {
    const ofStep = this.step.get(name);
    if (ofStep !== undefined) return { value: ofStep() };
    const variable = lookupBound(this.bound, name, this.valueAt);
    return variable ?? (name === "torch" ? { value: this.library } : undefined);
  }
}
