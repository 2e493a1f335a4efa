/** @file The call stack: the node, the forward calls that made it, the calls that led to `backward()`. */

import type { Pause } from "../protocol/debug.js";
import type { Scope } from "../protocol/export.js";
import type { Pass } from "../session/pass.js";
import { forwardFrames } from "./forwardFrames.js";
import { nodeTitle, passTitle } from "./names.js";

export interface Frame {
  /** What the frame's scopes are about: the node, or the calls around. */
  readonly of: "node" | "forward" | "backward" | "label";
  readonly name: string;
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
  /** The dynamic scopes that the frame stands in, outermost first. */
  readonly scope: readonly Scope[];
}

const NOWHERE = { file: null, line: 0, column: 0, scope: [] } as const;

export function framesOf(standing: {
  readonly pass: Pass | null;
  readonly node: number | null;
  /** At the live edge. */
  readonly pause: Pause | null;
  /** The user's calls that run inside of the node, innermost first. */
  readonly code: Pause["stack"];
  /** The calls that led to the pass, where it was paused in. */
  readonly stack: Pause["stack"] | null;
  /** The pass that an index names. */
  readonly passAt: (index: number) => Pass | null;
}): Frame[] {
  const { pass, node, pause } = standing;
  if (pass === null) return calls(pause?.stack ?? []);
  const backward = backwardFrames(pass, standing.stack);
  const frames =
    node === null
      ? backward.map((frame, i) => (i === 0 ? { ...frame, name: `${frame.name}: complete` } : frame))
      : [
          ...nodeFrames(pass, node, pause?.inside ?? null, standing.code),
          label("backward pass"),
          ...backward,
        ];
  for (const { pass: index, node: waiting } of (pause?.outer ?? []).toReversed()) {
    const outer = standing.passAt(index);
    if (outer === null) continue;
    frames.push(label("inside of"), nodeFrame(outer, waiting, null));
  }
  return frames;
}

/** A node in which code of the user's runs stands where that code does. */
function* nodeFrames(
  pass: Pass,
  node: number,
  inside: string | null,
  [running, ...callers]: Pause["stack"],
): Iterable<Frame> {
  const frame = nodeFrame(pass, node, inside);
  if (running === undefined) yield frame;
  else {
    const { file, line, column } = running;
    yield { ...frame, file, line, column, endLine: undefined, endColumn: undefined };
  }
  yield* calls(callers);
  const forward = forwardFrames(pass.record.scopes[node]!, pass.location(node));
  if (forward.length > 0) yield label("forward pass");
  yield* forward;
}

function nodeFrame(pass: Pass, node: number, inside: string | null): Frame {
  const title = nodeTitle(pass, node);
  return {
    of: "node",
    name: inside === null ? title : `${title}, in ${inside}`,
    ...(pass.location(node) ?? NOWHERE),
    scope: pass.record.scopes[node]!,
  };
}

const label = (name: string): Frame => ({ of: "label", name, ...NOWHERE });

function backwardFrames(pass: Pass, stack: Pause["stack"] | null): Frame[] {
  if (stack !== null && stack.length > 0) {
    const [first, ...rest] = calls(stack);
    return [{ ...first!, name: `${passTitle(pass)} in ${first!.name}` }, ...rest];
  }
  const name = passTitle(pass);
  return [{ of: "backward", name, ...(pass.source ?? NOWHERE), scope: [] }];
}

function calls(stack: Pause["stack"]): Frame[] {
  return stack.map(({ name, file, line, column }) => ({
    of: "backward",
    name,
    file,
    line,
    column,
    scope: [],
  }));
}
