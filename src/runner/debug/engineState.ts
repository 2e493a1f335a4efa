/** @file The engine's state at a pause: what is ready, what is pending, what would come out. */
import type { _C } from "../../core/index.js";
import type { EngineState, PendingGradient } from "../../protocol/debug.js";
import type { WireTensor } from "../../protocol/trace.js";
import { hookInfo } from "../recorder/hooks.js";
import type { Insight } from "../recorder/insight.js";
import { Wires } from "../recorder/wires.js";
import type { Sources } from "../sources.js";
import { quietly } from "./quiet.js";
import { isCustom, type RunningPass } from "./running.js";

/** The pass has been told up to now. */
export function engineState(running: RunningPass, insight: Insight, sources: Sources): EngineState {
  const { task, pass } = running;
  const node = running.node!;
  const wires = new Wires();
  const number = (each: _C.Node) => pass.layout!.indexOf.get(each)!;
  return {
    pass: pass.index,
    ready: [node, ...task.ready].map(number),
    pending: pendingOf(running, number, wires),
    preview: running.inside ? null : preview(running, insight, wires),
    hooks: hooksOf(node).map((call) => hookInfo(call, sources)),
  };
}

function pendingOf(running: RunningPass, number: (node: _C.Node) => number, wires: Wires): PendingGradient[] {
  const { pass, ran, consumers } = running;
  const pending: PendingGradient[] = [];
  for (const [node, terms] of pass.writer!.arrived) {
    const slots = new Set(terms.map((term) => term.input_nr));
    const values = running.incoming(node);
    for (const input_nr of [...slots].sort((a, b) => a - b)) {
      const value = values[input_nr] ?? null;
      const missing = consumers(node)
        .filter((consumer) => consumer.inputNr === input_nr && !ran.has(consumer.node))
        .map((consumer) => number(consumer.node));
      pending.push({
        node: number(node),
        input_nr,
        value: value === null ? null : wires.of(value),
        terms: terms
          .filter((term) => term.input_nr === input_nr)
          .map(({ from, value: each }) => ({ from, value: each })),
        missing: [...new Set(missing)],
      });
    }
  }
  return pending;
}

/** The derivative is run on the side, unless it is code of the user's, or would fail. */
function preview(running: RunningPass, insight: Insight, wires: Wires): (WireTensor | null)[] | null {
  const { task } = running;
  const node = running.node!;
  const hooked = node.hooks !== null && (node.hooks.pre.length > 0 || node.hooks.post.length > 0);
  const tensorHooks = node.hooks?.tensorPre.some(({ hooks }) => hooks.length > 0) ?? false;
  if (isCustom(node) || hooked || tensorHooks) return null;
  if (node.released || insight.clash(node) !== null) return null;
  try {
    return quietly(insight.preserve, () =>
      task.preview(node).map((grad) => (grad === null || grad === undefined ? null : wires.of(grad))),
    );
  } catch {
    return null;
  }
}

/** In the order in which they run. */
function hooksOf(node: _C.Node): _C.HookCall[] {
  const { hooks } = node;
  const tensor =
    hooks?.tensorPre.flatMap(({ outputNr, hooks: list }) => calls("tensor", list, outputNr)) ?? [];
  const accumulated = node.variable?._hooks?.postAccumulate ?? [];
  return [
    ...tensor,
    ...calls("pre", hooks?.pre ?? []),
    ...calls("post_accumulate", accumulated),
    ...calls("post", hooks?.post ?? []),
  ];
}

function calls(
  kind: _C.HookCall["kind"],
  list: readonly Pick<_C.HookCall, "name" | "site">[],
  outputNr = 0,
): _C.HookCall[] {
  return list.map(({ name, site }) => ({ kind, outputNr, name, site }));
}
