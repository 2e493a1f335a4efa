/** @file The calls of the forward pass that led to an operation, innermost first, each at its own line. */
import type { FunctionScope, ModuleScope, Scope, SourceLocation } from "../protocol/export.js";
import type { Frame } from "./frames.js";

type CallScope = FunctionScope | ModuleScope;

/** The program's own level, which no call of the user's entered. */
const PROGRAM = "program";

/** A frame for each call and module; the loops in it stand in its name. */
export function forwardFrames(scopes: readonly Scope[], made: SourceLocation | null): Frame[] {
  const frames: Frame[] = [];
  let at = made;
  for (let depth = scopes.length; depth > 0; ) {
    const { call, loops, start } = levelAt(scopes, depth);
    const owner = call && moduleOf(scopes, start, call);
    const name = titleOf(call, owner);
    frames.push(frameOf({ name, loops, call: owner ?? call, at, scope: scopes.slice(0, depth) }));
    if (call !== null) at = call.from ?? null;
    depth = owner === null ? start : start - 1;
  }
  const outermost = scopes[0];
  // No scope stands for the program itself: where it made the outermost call, that call tells.
  if (outermost !== undefined && outermost.kind !== "loop" && at !== null) {
    frames.push(frameOf({ name: PROGRAM, loops: [], call: null, at, scope: [] }));
  }
  return frames;
}

interface Level {
  /** null: the program itself. */
  readonly call: CallScope | null;
  /** Loops that run in it, outermost first. */
  readonly loops: readonly Scope[];
  /** How many scopes enclose it. */
  readonly start: number;
}

/** The innermost call among the first `depth` scopes, with the loops that run in it. */
function levelAt(scopes: readonly Scope[], depth: number): Level {
  let start = depth;
  while (start > 0 && scopes[start - 1]!.kind === "loop") start--;
  const loops = scopes.slice(start, depth);
  const call = scopes[start - 1];
  return call === undefined || call.kind === "loop"
    ? { call: null, loops, start: 0 }
    : { call, loops, start: start - 1 };
}

/** The module whose own `forward` this is: one call ran both. */
function moduleOf(scopes: readonly Scope[], start: number, call: CallScope): ModuleScope | null {
  const outer = scopes[start - 1];
  if (call.kind !== "function" || outer?.kind !== "module") return null;
  const same = outer.from?.line === call.from?.line && outer.from?.column === call.from?.column;
  return same && outer.from?.file === call.from?.file ? outer : null;
}

function titleOf(call: CallScope | null, owner: ModuleScope | null): string {
  if (call === null) return PROGRAM;
  if (call.kind === "module") return call.name;
  // A method's name may come with its class, which the module's path says better.
  const method = call.name.slice(call.name.lastIndexOf(".") + 1);
  return owner === null ? `${call.name}()` : `${owner.name}.${method}()`;
}

function frameOf(level: {
  readonly name: string;
  readonly loops: readonly Scope[];
  readonly call: CallScope | null;
  readonly at: SourceLocation | null;
  readonly scope: readonly Scope[];
}): Frame {
  const { call, at, scope } = level;
  const loops = level.loops.map((loop) => (loop.kind === "loop" ? `${loop.name} ${loop.iteration + 1}` : ""));
  const name = [level.name, ...loops, ...(call === null ? [] : [`call ${call.call + 1}`])].join(" · ");
  const place = at ?? startOf(level.loops[0] ?? call);
  return { of: "forward", name, ...place, scope };
}

/** Where a level begins, for want of the line that it stands at. */
function startOf(scope: Scope | null): Pick<Frame, "file" | "line" | "column"> {
  return { file: scope?.file ?? null, line: scope?.line ?? 0, column: scope === null ? 0 : 1 };
}
