/** @file Stack traces that speak of the user's text and leave out what the runner put between its lines. */
import type { Place, Sources } from "./sources.js";

/** Frames that V8 shows unless told otherwise; the library's own frames take room of their own. */
const SHOWN = 10;
const CAPTURED = 40;

const VM_INTERNALS = /^node:(internal\/)?vm(\/|$)/;

/** A call site whose position is in the user's text. */
function moved(site: NodeJS.CallSite, place: Place): NodeJS.CallSite {
  return new Proxy(site, {
    get(target, key) {
      if (key === "getLineNumber") return () => place.line;
      if (key === "getColumnNumber") return () => place.column;
      if (key === "toString") return () => describe(target, place);
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** As V8 writes a frame, with another position. */
function describe(site: NodeJS.CallSite, place: Place): string {
  const location = `${place.file}:${place.line}:${place.column}`;
  const name = site.getFunctionName();
  const prefix = isAsync(site) ? "async " : "";
  if (site.isConstructor()) return `${prefix}new ${name ?? "<anonymous>"} (${location})`;
  if (site.isToplevel() || site.getTypeName() === null) {
    return name ? `${prefix}${name} (${location})` : `${prefix}${location}`;
  }
  return `${prefix}${methodName(site, name)} (${location})`;
}

function methodName(site: NodeJS.CallSite, name: string | null): string {
  const type = site.getTypeName();
  const method = site.getMethodName();
  if (!name) return `${type}.${method ?? "<anonymous>"}`;
  const qualified = type !== null && !name.startsWith(type) ? `${type}.${name}` : name;
  return method && !qualified.endsWith(method) ? `${qualified} [as ${method}]` : qualified;
}

function isAsync(site: NodeJS.CallSite): boolean {
  return (site as NodeJS.CallSite & { isAsync?(): boolean }).isAsync?.() ?? false;
}

function header(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "<error>";
  }
}

/** Frames that are looked at: those of a deep recursion end somewhere. */
const LOOKED_AT = 1000;
let withUnplaced = false;

/**
 * The call sites of the user's text and of others' that are on the stack now, innermost first, without those up
 * to `above`; the line is 0 where code runs that no text of the user's made.
 */
export function captureSites(above: (...args: never[]) => unknown): readonly NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const holder: { stack?: unknown } = {};
  try {
    withUnplaced = true;
    Error.stackTraceLimit = LOOKED_AT;
    Error.prepareStackTrace = (_, sites) => sites;
    Error.captureStackTrace(holder, above);
    return Array.isArray(holder.stack) ? (holder.stack as NodeJS.CallSite[]) : [];
  } finally {
    withUnplaced = false;
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

type Prepare = (error: Error, sites: NodeJS.CallSite[]) => unknown;

/**
 * Takes over `Error.prepareStackTrace`. A program that sets its own gets call sites of its own text.
 * `own` tells which files are the runner's.
 */
export function installStacks(sources: Sources, own: (file: string) => boolean): void {
  const visible = (sites: readonly NodeJS.CallSite[]): NodeJS.CallSite[] => {
    const shown: NodeJS.CallSite[] = [];
    for (const site of sites) {
      const file = site.getFileName() ?? "";
      if (own(file) || VM_INTERNALS.test(file)) continue;
      if (!sources.has(file)) {
        shown.push(site);
        continue;
      }
      const place = sources.original(file, site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1);
      if (place !== null) shown.push(moved(site, place));
      else if (withUnplaced) shown.push(moved(site, { file, line: 0, column: 0 }));
    }
    return Error.stackTraceLimit === CAPTURED ? shown.slice(0, SHOWN) : shown;
  };
  const remember = (error: Error, sites: readonly NodeJS.CallSite[]): void => {
    const site = sites.find((each) => sources.has(each.getFileName() ?? ""));
    if (site === undefined || sources.placeOf(error) !== null) return;
    const file = site.getFileName()!;
    sources.setPlace(error, { file, line: site.getLineNumber()!, column: site.getColumnNumber()! });
  };
  const prepare: Prepare = (error, sites) => {
    const shown = visible(sites);
    remember(error, shown);
    return [header(error), ...shown.map((site) => `    at ${site}`)].join("\n");
  };

  let current: Prepare | undefined;
  const wrapped = new WeakSet<Prepare>();
  Error.stackTraceLimit = CAPTURED;
  Object.defineProperty(Error, "prepareStackTrace", {
    configurable: true,
    enumerable: false,
    get: () => current ?? prepare,
    set(next: unknown) {
      if (typeof next !== "function" || next === prepare) {
        current = undefined;
      } else if (wrapped.has(next as Prepare)) {
        current = next as Prepare;
      } else {
        const theirs = next as Prepare;
        current = (error, sites) => {
          const shown = visible(sites);
          remember(error, shown);
          return theirs.call(Error, error, shown);
        };
        wrapped.add(current);
      }
    },
  });
}
