/** @file Programs whose operations ran in scopes, and what is asked of their groups. */
import assert from "node:assert/strict";
import type { Scope } from "../../../src/protocol/export.js";
import type { PassView } from "../../../src/protocol/view.js";
import { EmbeddedTrace } from "../../../webview/document.js";
import { groupTree } from "../../../webview/groups/tree.js";
import { type Group, type GroupTree, isGroup, type Shown } from "../../../webview/groups/types.js";
import { buildGraph } from "../../../webview/model/graph.js";
import { node, tensor, trace } from "./traces.js";

export const loop = (iteration: number, line = 4): Scope => ({ kind: "loop", name: "for", line, iteration });
export const call = (name: string, count: number, line = 1): Scope => ({
  kind: "function",
  name,
  line,
  call: count,
});
export const module = (name: string): Scope => ({ kind: "module", name, line: 9, call: 0 });

/** Builds a pass as a program does: each call makes a node from its inputs and returns its id. */
export class Program {
  private readonly nodes: ReturnType<typeof node>[] = [];
  private readonly edges: { from: number; to: number; input_nr: number }[] = [];

  leaf(label: string): number {
    return this.add({ kind: "accumulate", label });
  }

  constant(label: string, scope: readonly Scope[] = []): number {
    return this.add({ kind: "constant", label, scope });
  }

  op(
    name: string,
    inputs: readonly number[],
    scope: readonly Scope[] = [],
    bad = false,
    extra: Pick<Parameters<typeof node>[2], "source" | "text"> = {},
  ): number {
    const id = this.add({ name: `${name}Backward0`, scope, ...extra }, bad ? Number.NaN : 1);
    for (const to of inputs) this.edges.push({ from: id, to, input_nr: 0 });
    return id;
  }

  private add(extra: Parameters<typeof node>[2], value = 1): number {
    this.nodes.push(node(this.nodes.length, tensor([value]), extra));
    return this.nodes.length - 1;
  }

  pass(): PassView {
    const pass = new EmbeddedTrace(trace([{ nodes: this.nodes, edges: this.edges }], [])).pass(0);
    assert.ok(pass);
    return pass;
  }

  tree(): GroupTree {
    return groupTree(buildGraph(this.pass()));
  }
}

/** The groups by their titles, nested; cards are left out. */
export function titles(members: GroupTree["top"]): unknown[] {
  return members.flatMap((member) => {
    if (!isGroup(member)) return [];
    const inner = titles(member.members);
    return [inner.length === 0 ? member.title : [member.title, ...inner]];
  });
}

export function named(tree: GroupTree, title: string): Group {
  const found = tree.groups.find((group) => group.title === title);
  assert.ok(found, `a group ${title} among ${tree.groups.map((group) => group.title).join(", ")}`);
  return found;
}

export function texts({ items }: Shown): string[] {
  return items.map((item) =>
    item.kind === "card" ? (item.card.node.label ?? item.card.node.name ?? "") : `[${item.group.title}]`,
  );
}

/** `steps` iterations that each multiply and add, all summed. */
export function summedLoop(steps: number): Program {
  const program = new Program();
  const w = program.leaf("w");
  let total = program.constant("total");
  for (let i = 0; i < steps; i++) {
    const y = program.op("Mul", [w, program.constant("x", [loop(i)])], [loop(i)]);
    total = program.op("Add", [total, program.op("Pow", [y], [loop(i)])], [loop(i)]);
  }
  program.op("Mean", [total]);
  return program;
}

/** Blocks of a network, each with its own weight, run by a loop over them. */
export function layers(count: number): Program {
  const program = new Program();
  let h = program.constant("x");
  for (let i = 0; i < count; i++) {
    const scope = [module("Net"), call("forward", 0), loop(i), module(`layers.${i}`), call("forward", i + 1)];
    const product = program.op("Mm", [h, program.leaf(`w${i}`)], [...scope, module(`layers.${i}.linear`)]);
    h = program.op("Tanh", [program.op("Add", [product], [...scope, module(`layers.${i}.linear`)])], scope);
  }
  program.op("Loss", [h]);
  return program;
}
