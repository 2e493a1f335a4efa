/** @file What the variables pane shows of the node that runs next: what comes in, is saved, goes out. */

import type { TensorReference } from "../protocol/control.js";
import type { EditTarget, EngineState, PendingGradient } from "../protocol/debug.js";
import type { HookInfo } from "../protocol/export.js";
import type { WireHook, WireSaved, WireTensor } from "../protocol/trace.js";
import type { Pass } from "../session/pass.js";
import { ALTERED, type Edits } from "./edits.js";
import { formulaLine } from "./formula.js";
import { hookItem, RETAIN_GRAD } from "./hookItems.js";
import type { Item } from "./items.js";
import { leafItems, type ShowLeaf } from "./leafItems.js";
import { nodeTitle } from "./names.js";
import { receiver } from "./receivers.js";
import { engineAt, nodeAt } from "./recordEngine.js";
import { gradAt } from "./recordValues.js";
import { type Tensors, tensorLine } from "./tensors.js";
import { sumOf } from "./wireMath.js";

export interface Standing {
  readonly pass: Pass;
  readonly step: number;
  /** null where the pass is complete. */
  readonly node: number | null;
  /** The program waits here, so that its values can be changed. */
  readonly live: boolean;
  /** The program waits in this pass: some of its nodes have no step yet. */
  readonly inProgress: boolean;
}

export class NodeView {
  readonly #at: Standing;
  readonly #tensors: Tensors;
  readonly #edits: Edits;
  readonly #askEngine: () => Promise<EngineState | null>;
  #engine: Promise<EngineState> | null = null;

  /** @param askEngine the engine itself, at the live edge; null where it can't say */
  constructor(at: Standing, tensors: Tensors, edits: Edits, askEngine: () => Promise<EngineState | null>) {
    this.#at = at;
    this.#tensors = tensors;
    this.#edits = edits;
    this.#askEngine = askEngine;
  }

  engine(): Promise<EngineState> {
    this.#engine ??= this.#ask();
    return this.#engine;
  }

  /** The program waits before this node, or in it for a pass inside. */
  get #waits(): boolean {
    const { pass, step, live, inProgress } = this.#at;
    return live || (inProgress && pass.record.steps[step] === undefined);
  }

  /** The engine's state as far as the node that runs next goes. */
  async #current(): Promise<ReturnType<typeof nodeAt>> {
    const { pass, step } = this.#at;
    return this.#waits ? this.engine() : nodeAt(pass, step);
  }

  async #ask(): Promise<EngineState> {
    const { pass, step, inProgress } = this.#at;
    const told = this.#waits ? await this.#askEngine().catch(() => null) : null;
    return told ?? engineAt(pass, step, inProgress);
  }

  async incoming(): Promise<Item[]> {
    const { node } = this.#at;
    const { pending } = await this.#current();
    const own = pending.filter((one) => one.node === node).sort((a, b) => a.input_nr - b.input_nr);
    return own.flatMap((one) => this.#gradient(one, own.length));
  }

  /** A gradient, then its terms: those that came, and those still to come. */
  #gradient({ node, input_nr, value, terms, missing }: PendingGradient, count: number): Item[] {
    const { pass, step, live } = this.#at;
    const name = count === 1 ? "grad" : `grads[${input_nr}]`;
    const target: EditTarget = { of: "pending", pass: pass.index, node, input_nr };
    const altered = this.#edits.isAltered(target) || (pass.record.steps[step]?.altered ?? false);
    // The names are those of the node that runs next.
    const common = { ...(node === this.#at.node && { evaluateName: name }), ...(live && { edit: target }) };
    const title = altered ? name + ALTERED : name;
    return [
      value === null
        ? { name: title, value: "none", ...common }
        : this.#tensor(title, value, this.#recorded("grad_in", input_nr), `grad_in ${input_nr}`, common),
      ...terms.map(({ from, value: term }, i) =>
        this.#tensor(`${name} ← ${this.#sender(node, from)}`, term, null, `term ${input_nr} ${i}`),
      ),
      ...missing.map((from) => ({ name: `${name} ← ${this.#sender(node, from)}`, value: "still to come" })),
    ];
  }

  /** A pass begins with its roots' seeds; elsewhere, what nobody sent was put there by hand. */
  #sender(node: number, from: number | null): string {
    const { pass } = this.#at;
    if (from !== null) return nodeTitle(pass, from);
    return pass.record.roots.includes(node) ? "seed" : "changed by hand";
  }

  /** The runner holds whole what its steps have recorded; what a node is about to do is no step yet. */
  #recorded(of: "grad_in" | "grad_out", slot: number): TensorReference | null {
    const { pass, step, live } = this.#at;
    return live ? null : { of, pass: pass.index, step, slot };
  }

  #tensor(
    name: string,
    wire: WireTensor,
    whole: TensorReference | null,
    place: string,
    more: Partial<Item> = {},
  ): Item {
    const { pass, step, live } = this.#at;
    const memory = `pass ${pass.index} step ${step}${live ? " live" : ""} ${place}`;
    return this.#tensors.item(name, { wire, whole, memory }, more);
  }

  saved(): Item[] {
    const { pass, node } = this.#at;
    if (node === null) return [];
    return pass.record.saved[node]!.map((saved) => this.#savedItem(saved, node));
  }

  #savedItem(saved: WireSaved, node: number): Item {
    const { pass, step, live } = this.#at;
    const { name, savedVersion, version } = saved;
    const target: EditTarget = { of: "saved", pass: pass.index, node, name };
    const value = this.#edits.value(target, { pass: pass.index, step }) ?? saved.value;
    const title = this.#edits.isAltered(target) ? name + ALTERED : name;
    if (value === null) return { name: title, value: "(freed)" };
    if (typeof value === "string") return { name: title, value, evaluateName: name };
    const clash = savedVersion !== version && !saved.freed;
    const versions = clash ? `modified in place: saved at version ${savedVersion}, now ${version}` : null;
    const line = versions === null ? {} : { value: `${tensorLine(value)} (${versions})` };
    const edit = live ? { edit: target } : {};
    return this.#tensor(title, value, null, `saved ${name}`, { evaluateName: name, ...line, ...edit });
  }

  async derivative(): Promise<Item[]> {
    const { pass, node } = this.#at;
    if (node === null) return [];
    const { preview, pending } = await this.#current();
    const { derivative } = pass.structure.nodes[node]!;
    const values = new Map<string, WireTensor | string | null>();
    for (const { name, value } of pass.record.saved[node]!) values.set(name, value);
    values.set("result", pass.record.values[node] ?? null);
    values.set("grad", pending.find((one) => one.node === node)?.value ?? null);
    // Where inputs and formulas do not pair up, a formula stands without what it gave.
    const paired = preview !== null && preview.length === derivative.length;
    // An input that needs no gradient has a formula too, which nobody asks.
    const asked = derivative.map((one, i) => ({ ...one, result: paired ? preview[i]! : undefined }));
    return asked
      .filter(({ result }) => result !== null)
      .map(({ input, formula, result = null }) => ({
        name: input,
        value: formulaLine(formula, values, result),
      }));
  }

  async outgoing(): Promise<Item[]> {
    const { pass, step, node, live } = this.#at;
    if (node === null) return [];
    const { kind, label } = pass.structure.nodes[node]!;
    const { preview } = await this.#current();
    if (kind === "accumulate") return this.#accumulation(node, label);
    const edges = pass.structure.edges.filter(({ from }) => from === node);
    const altered = pass.record.steps[step]?.altered ? ALTERED : "";
    if (preview === null) {
      return edges.map(({ to }) => ({
        name: `→ ${nodeTitle(pass, to)}`,
        value: "known when the node has run",
      }));
    }
    return preview.flatMap((value, slot) => {
      const to = receiver(pass, edges, preview, slot)?.to ?? null;
      const name = `${to === null ? `input ${slot}` : `→ ${nodeTitle(pass, to)}`}${altered}`;
      if (value !== null) {
        return this.#tensor(name, value, live ? null : this.#recorded("grad_out", slot), `grad_out ${slot}`);
      }
      if (to === null) return [];
      const isConstant = pass.structure.nodes[to]!.kind === "constant";
      return { name, value: isConstant ? "none: does not require grad" : "none" };
    });
  }

  async #accumulation(node: number, label: string | null): Promise<Item[]> {
    const { pass, step } = this.#at;
    const after = pass.record.steps[step]?.accumulated?.after ?? (await this.#sumToCome(node));
    const name = `${label ?? "leaf"}.grad`;
    if (after === null) return [{ name, value: "known when the node has run" }];
    return [this.#tensor(name, after, { of: "grad", pass: pass.index, node }, "after")];
  }

  /** What `.grad` will be; null where a hook may have its say, or too little is known. */
  async #sumToCome(node: number): Promise<WireTensor | null> {
    const { pass, step } = this.#at;
    const { pending, hooks } = await this.#current();
    const incoming = pending.find((one) => one.node === node)?.value ?? null;
    if (incoming === null || hooks.length > 0) return null;
    const now = gradAt(pass, node, step);
    return now === null ? incoming : sumOf([now, incoming]);
  }

  /** `.grad` of each leaf that takes part, as it is now, with what it was and becomes in this pass. */
  leaves(): Item[] {
    const show: ShowLeaf = (name, value, node, more) => this.#tensor(name, value, null, `leaf ${node}`, more);
    return leafItems(this.#at, this.#edits, show);
  }

  async queue(): Promise<Item[]> {
    const { pass } = this.#at;
    const { ready, pending } = await this.engine();
    const waiting = pending.filter(({ missing }) => missing.length > 0);
    return [
      {
        name: "ready",
        value: `${ready.length}`,
        ...(ready.length > 0 && {
          indexed: ready.length,
          rows: async (start, count) =>
            ready.slice(start, start + count).map((node, i) => ({
              name: `${start + i}`,
              value: nodeTitle(pass, node),
            })),
        }),
      },
      {
        name: "waiting",
        value: `${waiting.length}`,
        ...(waiting.length > 0 && {
          indexed: waiting.length,
          rows: async (start, count) => waiting.slice(start, start + count).map((one) => this.#waiting(one)),
        }),
      },
    ];
  }

  #waiting(gradient: PendingGradient): Item {
    const { value, missing, terms } = gradient;
    const { pass } = this.#at;
    const come = `${terms.length} of ${terms.length + missing.length} terms`;
    return {
      name: nodeTitle(pass, gradient.node),
      value: value === null ? come : `${come}: ${tensorLine(value)}`,
      named: async () => this.#gradient(gradient, 1),
    };
  }

  /** Hooks around the node, in the order in which they run; of a step that was recorded, what each did. */
  async hooks(): Promise<Item[]> {
    const { pass, step, node, live } = this.#at;
    if (node === null) return [];
    const ran = live ? undefined : pass.record.steps[step];
    const hooks: readonly (HookInfo | WireHook)[] = ran ? (ran.hooks ?? []) : (await this.#current()).hooks;
    const items = hooks.map((hook, i) =>
      hookItem(hook, (name, wire) => this.#tensor(name, wire, null, `hook ${i} ${name}`)),
    );
    if (!pass.record.retains[node]) return items;
    // It runs after all hooks on the tensor.
    items.splice(hooks.findLastIndex(({ kind }) => kind === "tensor") + 1, 0, RETAIN_GRAD);
    return items;
  }

  /** The variables of this pass, each as the last of its tensors; for a frame, those of its call. */
  variables(isShown: (node: number) => boolean): Item[] {
    const { pass } = this.#at;
    const last = new Map<string, number>();
    pass.structure.nodes.forEach(({ label }, node) => {
      if (label !== null && pass.record.values[node] && isShown(node)) last.set(label, node);
    });
    return [...last].flatMap(([label, node]) => this.#variable(label, node));
  }

  #variable(label: string, node: number): Item[] {
    const { pass, step } = this.#at;
    const value = pass.record.values[node]!;
    const whole: TensorReference = { of: "value", pass: pass.index, node };
    const item = this.#tensor(label, value, whole, `value ${node}`, { evaluateName: label });
    const grad = gradAt(pass, node, step);
    if (grad === null) return [item];
    const more = { evaluateName: `${label}.grad` };
    return [item, this.#tensor(`${label}.grad`, grad, null, `value ${node} grad`, more)];
  }
}
