/** @file Where the record's walk stops: the breakpoints that a live run obeys, over what was recorded. */
import type { Breakpoints, PauseException, PauseReason, SourceBreakpoint } from "../protocol/debug.js";
import type { SourceLocation } from "../protocol/export.js";
import type { Pass } from "../session/pass.js";
import type { Anchors } from "./breakLocations.js";
import { exceptionAt } from "./exceptions.js";
import { matchesName } from "./glob.js";
import { hitsEnough } from "./hitCondition.js";
import { PassCalls } from "./passCalls.js";
import type { Place, Walk } from "./walk.js";

export interface RecordStop {
  readonly reason: PauseReason;
  /** Ids of the breakpoints. */
  readonly hit: readonly number[];
  readonly exception: PauseException | null;
}

interface Conditional {
  readonly id: number;
  readonly condition: string | null;
  readonly hitCondition: string | null;
}

/** Whether a condition holds as of a place; one that fails does, as it does in a live run. */
export type Holds = (condition: string, at: Place) => Promise<boolean>;

const NONE: Breakpoints = {
  source: [],
  functions: [],
  data: [],
  exceptions: [],
  onBackward: false,
  onEntry: false,
};

export class RecordStops {
  /** Source breakpoints stand where they were placed, a column being that of the callee's name. */
  breakpoints: Breakpoints = NONE;
  readonly #anchors: Anchors;
  readonly #holds: Holds;
  readonly #calls = new PassCalls();
  readonly #until: Walk["until"];

  /** @param until the passes that had run when a place was come to, to count hits in */
  constructor(anchors: Anchors, holds: Holds, until: Walk["until"]) {
    this.#anchors = anchors;
    this.#holds = holds;
    this.#until = until;
  }

  /** What would stop a program that comes to this place; null: nothing. */
  async at(place: Place, pass: Pass): Promise<RecordStop | null> {
    const { source, functions, data, exceptions, onBackward } = this.breakpoints;
    const node = pass.record.steps[place.step]?.node;
    if (node !== undefined) {
      const kinds = [
        [
          "breakpoint",
          source.filter((one) => one.logMessage === null && this.#isReached(pass, place.step, one)),
        ],
        ["function breakpoint", functions.filter((one) => isNamed(pass, node, one.name))],
        ["data breakpoint", data.filter((one) => isLeaf(pass, node, one.name))],
      ] as const;
      for (const [reason, candidates] of kinds) {
        const hit = await this.#hit(candidates, place);
        if (hit.length > 0) return { reason, hit, exception: null };
      }
      const exception = exceptionAt(pass, place.step, exceptions);
      if (exception !== null) return { reason: "exception", hit: [], exception };
    }
    return onBackward && place.step === 0 ? { reason: "backward", hit: [], exception: null } : null;
  }

  async #hit(candidates: readonly Conditional[], place: Place): Promise<number[]> {
    const hit: number[] = [];
    for (const one of candidates) {
      if (!(await this.#isMet(one, place))) continue;
      if (one.hitCondition === null || hitsEnough(one.hitCondition, await this.#hits(one, place))) {
        hit.push(one.id);
      }
    }
    return hit;
  }

  /**
   * Whether a call on this line, or at this column, made the step's node; or led to the call that did, whose
   * backward begins with this step. A sink is no operation of a line.
   */
  #isReached(pass: Pass, step: number, breakpoint: SourceBreakpoint): boolean {
    const { node } = pass.record.steps[step]!;
    if (pass.structure.nodes[node]!.kind === "accumulate") return false;
    if (this.#isAt(pass.location(node), breakpoint)) return true;
    return this.#calls.enteredAt(pass, step).some(({ from = null }) => this.#isAt(from, breakpoint));
  }

  #isAt(at: SourceLocation | null, { file, line, column }: SourceBreakpoint): boolean {
    if (at === null || at.file !== file || at.line !== line) return false;
    return column === null || this.#anchors.column(at) === column;
  }

  async #isMet({ condition }: Conditional, place: Place): Promise<boolean> {
    return condition === null || this.#holds(condition, place);
  }

  /** How many times the breakpoint was reached up to and including this place. */
  async #hits(one: Conditional, place: Place): Promise<number> {
    let hits = 0;
    for await (const { pass, steps } of this.#until(place)) {
      for (let step = 0; step < steps; step++) {
        const reached = this.#reaches(one, pass, step);
        if (reached && (await this.#isMet(one, { pass: pass.index, step }))) hits++;
      }
    }
    return hits;
  }

  #reaches({ id }: Conditional, pass: Pass, step: number): boolean {
    const { source, functions, data } = this.breakpoints;
    const { node } = pass.record.steps[step]!;
    return (
      source.some((one) => one.id === id && this.#isReached(pass, step, one)) ||
      functions.some((one) => one.id === id && isNamed(pass, node, one.name)) ||
      data.some((one) => one.id === id && isLeaf(pass, node, one.name))
    );
  }
}

function isNamed(pass: Pass, node: number, pattern: string): boolean {
  const { name, label } = pass.structure.nodes[node]!;
  return [name, label].some((one) => one !== null && matchesName(pattern, one));
}

function isLeaf(pass: Pass, node: number, pattern: string): boolean {
  const { kind, label } = pass.structure.nodes[node]!;
  return kind === "accumulate" && label !== null && matchesName(pattern, label);
}
