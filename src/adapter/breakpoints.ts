/** @file The client's breakpoints, as the run obeys them and as the client is told of them. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type {
  BreakpointPlace,
  Breakpoints,
  DataBreakpoint,
  ExceptionBreakpoint,
  FunctionBreakpoint,
  SourceBreakpoint,
} from "../protocol/debug.js";
import { EXCEPTION_FILTERS, isExceptionFilter, parseThreshold } from "./exceptions.js";
import { hitConditionFault } from "./hitCondition.js";
import type { ClientFormat } from "./paths.js";

/** A breakpoint as it was asked for; one with a fault is told of and never obeyed. */
export interface Asked<T> {
  readonly breakpoint: T;
  readonly fault: string | null;
}

export class BreakpointStore {
  #next = 1;
  readonly #source = new Map<string, readonly Asked<SourceBreakpoint>[]>();
  #functions: readonly Asked<FunctionBreakpoint>[] = [];
  #data: readonly Asked<DataBreakpoint>[] = [];
  #exceptions: readonly ExceptionBreakpoint[] = EXCEPTION_FILTERS.filter((one) => one.default).map(
    ({ filter }) => ({ filter: filter as ExceptionBreakpoint["filter"], threshold: null }),
  );
  onBackward = true;
  onEntry = false;

  all(): Breakpoints {
    return {
      source: [...this.#source.values()].flatMap(obeyed),
      functions: obeyed(this.#functions),
      data: obeyed(this.#data),
      exceptions: this.#exceptions,
      onBackward: this.onBackward,
      onEntry: this.onEntry,
    };
  }

  /** Replaces those of a file. */
  setSource(
    file: string,
    wanted: readonly DebugProtocol.SourceBreakpoint[],
    format: ClientFormat,
  ): readonly Asked<SourceBreakpoint>[] {
    const before = this.#source.get(file) ?? [];
    const asked = wanted.map(({ line, column, logMessage, ...rest }) => ({
      breakpoint: this.#numbered(before, {
        file,
        line: format.lineFrom(line),
        column: column === undefined ? null : format.columnFrom(column),
        logMessage: said(logMessage),
        ...conditions(rest),
      }),
      fault: faultOf(rest),
    }));
    this.#source.set(file, asked);
    return asked;
  }

  setFunctions(wanted: readonly DebugProtocol.FunctionBreakpoint[]): readonly Asked<FunctionBreakpoint>[] {
    const before = this.#functions;
    this.#functions = wanted.map(({ name, ...rest }) => ({
      breakpoint: this.#numbered(before, { name, ...conditions(rest) }),
      fault: name.trim() === "" ? "name a grad_fn, such as MulBackward0, or a variable" : faultOf(rest),
    }));
    return this.#functions;
  }

  setData(wanted: readonly DebugProtocol.DataBreakpoint[]): readonly Asked<DataBreakpoint>[] {
    const before = this.#data;
    this.#data = wanted.map(({ dataId, ...rest }) => ({
      breakpoint: this.#numbered(before, { name: leafOf(dataId) ?? dataId, ...conditions(rest) }),
      fault: leafOf(dataId) === null ? `"${dataId}" is no leaf's .grad` : faultOf(rest),
    }));
    return this.#data;
  }

  /** A breakpoint that is the same as before keeps its number, by which its hits are counted. */
  #numbered<T extends object>(
    before: readonly Asked<T & { readonly id: number }>[],
    one: T,
  ): T & { readonly id: number } {
    const text = JSON.stringify(one);
    const same = before.find(({ breakpoint: { id: _, ...rest } }) => JSON.stringify(rest) === text);
    return { ...one, id: same?.breakpoint.id ?? this.#next++ };
  }

  setExceptions({
    filters,
    filterOptions = [],
  }: DebugProtocol.SetExceptionBreakpointsArguments): DebugProtocol.Breakpoint[] {
    const wanted = [
      ...filters.map((filterId) => ({ filterId, condition: "" })),
      ...filterOptions.map(({ filterId, condition = "" }) => ({ filterId, condition })),
    ];
    const taken: ExceptionBreakpoint[] = [];
    const told = wanted.map(({ filterId: filter, condition }): DebugProtocol.Breakpoint => {
      if (!isExceptionFilter(filter)) return unverified(`there is no exception filter "${filter}"`);
      const threshold = condition.trim() === "" ? null : parseThreshold(condition);
      if (threshold === undefined) {
        return unverified(`"${condition}" is no threshold: write a number, such as > 100`);
      }
      taken.push({ filter, threshold });
      return { verified: true };
    });
    this.#exceptions = taken;
    return told;
  }
}

function obeyed<T>(asked: readonly Asked<T>[]): T[] {
  return asked.filter(({ fault }) => fault === null).map(({ breakpoint }) => breakpoint);
}

interface Conditions {
  readonly condition?: string;
  readonly hitCondition?: string;
}

function conditions({ condition, hitCondition }: Conditions): {
  readonly condition: string | null;
  readonly hitCondition: string | null;
} {
  return { condition: said(condition), hitCondition: said(hitCondition) };
}

const said = (text: string | undefined): string | null => (text?.trim() ? text : null);

/** Of a condition only what no expression can be is refused here: the program may know more than we do. */
function faultOf({ condition, hitCondition }: Conditions): string | null {
  const hits = said(hitCondition);
  const hitFault = hits === null ? null : hitConditionFault(hits);
  if (hitFault !== null) return hitFault;
  try {
    if (said(condition) !== null) new Function(`return (${condition}\n);`);
    return null;
  } catch (error) {
    return `the condition is no expression: ${(error as Error).message}`;
  }
}

export const unverified = (message: string): DebugProtocol.Breakpoint => ({ verified: false, message });

const LEAF = "grad of ";

export function dataIdOf(leaf: string): string {
  return LEAF + leaf;
}

function leafOf(dataId: string): string | null {
  return dataId.startsWith(LEAF) ? dataId.slice(LEAF.length) : null;
}

/** @param place where the run put it; undefined: no run has said yet */
export function toldBreakpoint(
  { breakpoint, fault }: Asked<{ readonly id: number }>,
  place: BreakpointPlace | undefined,
  format: ClientFormat,
): DebugProtocol.Breakpoint {
  const { id } = breakpoint;
  if (fault !== null) return { id, verified: false, message: fault, reason: "failed" };
  if (place === undefined) {
    return { id, verified: false, message: "The program has not loaded this file yet.", reason: "pending" };
  }
  return toldPlace(place, format);
}

export function toldPlace(place: BreakpointPlace, format: ClientFormat): DebugProtocol.Breakpoint {
  const { id, verified, message } = place;
  return { id, verified, ...(message !== null && { message }), ...format.placeTo(place) };
}
