/** @file Breakpoints: where they stand in the modules that are loaded, and which of them a node hits. */
import { realpathSync } from "node:fs";
import type { _C } from "../../core/index.js";
import { breakLocations, locate } from "../../instrument/locations.js";
import type {
  BreakpointPlace,
  Breakpoints,
  DataBreakpoint,
  FunctionBreakpoint,
  SourceBreakpoint,
} from "../../protocol/debug.js";
import type { Source, Sources } from "../sources.js";
import { Expression, ExpressionError, type Names } from "./expression.js";
import { type HitTest, hitTest } from "./hits.js";
import { brief, truth } from "./show.js";

type Any = SourceBreakpoint | FunctionBreakpoint | DataBreakpoint;

/** A place to print at; null for breakpoints without a place. */
type Place = { readonly file: string; readonly line: number } | null;

export interface BreakpointsHost {
  readonly sources: Sources;
  log(text: string, important: boolean, place: Place): void;
}

/** What a node is known by. */
export interface Target {
  readonly node: _C.Node;
  /** Sites of the calls whose backward begins with this node. */
  readonly entered: () => readonly number[];
  /** Names of the variable that holds the node's result, or of the leaf. */
  readonly names: () => readonly string[];
  readonly scope: () => Names;
  /** Runs expressions so that nothing is recorded. */
  readonly quiet: <T>(look: () => T) => T;
}

export interface Hits {
  readonly source: readonly number[];
  readonly functions: readonly number[];
  readonly data: readonly number[];
}

/** One breakpoint with what it counts. */
class Armed {
  readonly breakpoint: Any;
  private readonly condition: Expression | null;
  private readonly hits: HitTest | null;
  private readonly message: readonly (string | Expression)[] | null;
  private readonly host: BreakpointsHost;
  private count = 0;
  private told = false;
  place: Place = null;

  constructor(breakpoint: Any, host: BreakpointsHost) {
    const { condition, hitCondition } = breakpoint;
    const logMessage = "logMessage" in breakpoint ? breakpoint.logMessage : null;
    this.breakpoint = breakpoint;
    this.host = host;
    this.condition = condition === null || condition.trim() === "" ? null : new Expression(condition);
    const counted = hitCondition === null || hitCondition.trim() === "" ? null : hitCondition;
    this.hits = counted === null ? null : hitTest(counted);
    this.message = logMessage === null || logMessage === "" ? null : parts(logMessage);
    if ("line" in breakpoint) this.place = { file: breakpoint.file, line: breakpoint.line };
    if (counted !== null && this.hits === null) {
      this.complain(`The hit condition \`${counted}\` is none of: 5, > 5, >= 5, < 5, <= 5, == 5, % 5.`);
    }
  }

  /** Whether the program pauses here; a log message is printed instead. */
  hit({ scope, quiet }: Target): boolean {
    if (this.condition !== null && !quiet(() => this.holds(scope))) return false;
    this.count++;
    if (this.hits !== null && !this.hits(this.count)) return false;
    if (this.message === null) return true;
    const text = quiet(() => this.message!.map((part) => this.text(part, scope)).join(""));
    this.host.log(text, false, this.place);
    return false;
  }

  /** A condition that can't be told counts as true: who asked to stop shall rather stop too often. */
  private holds(scope: () => Names): boolean {
    if (this.condition === null) return true;
    try {
      return truth(this.condition.evaluate(scope()));
    } catch (error) {
      this.complain(
        `The condition \`${this.condition.text}\` failed, and counts as true: ${messageOf(error)}`,
      );
      return true;
    }
  }

  private text(part: string | Expression, scope: () => Names): string {
    if (typeof part === "string") return part;
    try {
      return brief(part.evaluate(scope()));
    } catch (error) {
      return `{${part.text}: ${messageOf(error)}}`;
    }
  }

  private complain(text: string): void {
    if (this.told) return;
    this.told = true;
    this.host.log(text, true, this.place);
  }
}

function messageOf(error: unknown): string {
  return error instanceof ExpressionError ? error.message : String(error);
}

/** `loss is {loss.item()}` as texts and expressions; braces inside an expression are matched. */
function parts(message: string): (string | Expression)[] {
  const found: (string | Expression)[] = [];
  let from = 0;
  for (let at = 0; at < message.length; at++) {
    if (message[at] !== "{") continue;
    const end = closing(message, at);
    if (end < 0) break;
    found.push(message.slice(from, at), new Expression(message.slice(at + 1, end)));
    from = end + 1;
    at = end;
  }
  return [...found, message.slice(from)];
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  return -1;
}

/** `*` and `?` as in file names. */
function pattern(name: string): RegExp {
  const escaped = name.trim().replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

const NOWHERE = { line: null, column: null, endLine: null, endColumn: null };
const NONE: readonly number[] = [];

export class BreakpointSet {
  private readonly host: BreakpointsHost;
  private requested: Breakpoints | null = null;
  /** Kept over changes of the set, so that a breakpoint goes on counting as long as it is the same. */
  private armed = new Map<string, Armed>();
  private readonly bySite = new Map<number, Armed[]>();
  private functions: { readonly armed: Armed; readonly pattern: RegExp }[] = [];
  private data: { readonly armed: Armed; readonly pattern: RegExp }[] = [];

  constructor(host: BreakpointsHost) {
    this.host = host;
  }

  /** Takes the whole set; where each of them stands. */
  set(breakpoints: Breakpoints): BreakpointPlace[] {
    const before = this.armed;
    this.requested = breakpoints;
    this.armed = new Map();
    const arm = (breakpoint: Any): Armed => {
      const key = JSON.stringify(breakpoint);
      const armed = before.get(key) ?? new Armed(breakpoint, this.host);
      this.armed.set(key, armed);
      return armed;
    };
    const named = (each: FunctionBreakpoint | DataBreakpoint) => {
      return { armed: arm(each), pattern: pattern(each.name) };
    };
    this.functions = breakpoints.functions.map(named);
    this.data = breakpoints.data.map(named);
    this.bySite.clear();
    const places = breakpoints.source.map((each) => this.placeSource(arm(each)));
    const others = [...breakpoints.functions, ...breakpoints.data];
    return [...places, ...others.map(({ id }) => ({ id, verified: true, message: null, ...NOWHERE }))];
  }

  /** A module was loaded: the breakpoints in it find their places. */
  loaded(file: string): BreakpointPlace[] {
    const waiting = [...this.armed.values()].filter(({ breakpoint }) => {
      return "line" in breakpoint && this.sourceOf(breakpoint.file)?.file === file;
    });
    return waiting.map((armed) => this.placeSource(armed));
  }

  /** Whether any breakpoint could be hit at all. */
  get empty(): boolean {
    return this.bySite.size === 0 && this.functions.length === 0 && this.data.length === 0;
  }

  /** Breakpoints at which the program pauses before this node; those that only print have done so. */
  hits(target: Target): Hits {
    const { node, names } = target;
    const of = (
      list: readonly { readonly armed: Armed; readonly pattern: RegExp }[],
      own: () => readonly string[],
    ) => {
      if (list.length === 0) return NONE;
      const all = own();
      return list
        .filter(({ pattern }) => all.some((name) => pattern.test(name)))
        .filter(({ armed }) => armed.hit(target))
        .map(({ armed }) => armed.breakpoint.id);
    };
    const source = this.armedAt(target)
      .filter((armed) => armed.hit(target))
      .map(({ breakpoint }) => breakpoint.id);
    const functions = of(this.functions, () => [node.name(), ...names()]);
    const data = node.variable === null ? NONE : of(this.data, names);
    return { source, functions, data };
  }

  /** Those at the call that made the node, and at the calls that led there and are come to with it. */
  private armedAt({ node, entered }: Target): readonly Armed[] {
    if (this.bySite.size === 0 || node.variable !== null) return [];
    const sites = [node.site, ...entered()];
    return [...new Set(sites.flatMap((site) => this.bySite.get(site) ?? []))];
  }

  get exceptions(): Breakpoints["exceptions"] {
    return this.requested?.exceptions ?? [];
  }

  get onBackward(): boolean {
    return this.requested?.onBackward ?? false;
  }

  get onEntry(): boolean {
    return this.requested?.onEntry ?? false;
  }

  private sourceOf(file: string): Source | null {
    const { sources } = this.host;
    const found = sources.source(file);
    if (found !== null) return found;
    try {
      return sources.source(realpathSync(file));
    } catch {
      return null;
    }
  }

  private placeSource(armed: Armed): BreakpointPlace {
    const { id, file, line, column } = armed.breakpoint as SourceBreakpoint;
    const source = this.sourceOf(file);
    if (source === null) {
      return { id, verified: false, message: "This file has not been loaded by the program.", ...NOWHERE };
    }
    const places = locate(breakLocations(source.sites), line, column);
    const [first] = places;
    if (first === undefined) {
      return { id, verified: false, message: "No operation stands here or on a later line.", ...NOWHERE };
    }
    armed.place = { file: source.file, line: first.line };
    for (const { index } of places) {
      const site = source.first + index;
      const there = this.bySite.get(site) ?? [];
      if (!there.includes(armed)) this.bySite.set(site, [...there, armed]);
    }
    const { endLine, endColumn } = first;
    return { id, verified: true, message: null, line: first.line, column: first.column, endLine, endColumn };
  }
}
