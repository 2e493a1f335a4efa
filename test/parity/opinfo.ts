/** @file Runs one case of PyTorch's operator tests against the core and says, column by column, what agrees. */
import type { Node } from "../../src/core/autograd/node.js";
import * as torch from "../../src/core/index.js";
import { cotangent, decode, difference, type Encoded, isEncodedTensor, tensorsIn } from "./opinfo_values.js";

type Failure = readonly [type: string, message: string];
interface Gradients {
  readonly names?: string[];
  readonly grads?: Encoded[];
  readonly backward_error?: Failure;
}
export interface Case extends Gradients {
  readonly args: Encoded[];
  readonly kwargs?: Readonly<Record<string, Encoded>>;
  readonly out: Encoded;
  readonly views?: boolean[];
  readonly doubled?: Encoded[];
  readonly double_error?: Failure;
  readonly inplace?: Gradients & { readonly out?: Encoded; readonly error?: Failure };
}
export interface Entry {
  readonly torch: string;
  readonly entry: string;
  readonly call: string;
  readonly method?: string;
  readonly inplace?: string;
  readonly cases: Case[];
  readonly errors?: { args: Encoded[]; kwargs?: Record<string, Encoded>; error: Failure }[];
}

export const COLUMNS = [
  "forward",
  "grad_fn",
  "backward",
  "double backward",
  "in-place",
  "error inputs",
] as const;
export type Column = (typeof COLUMNS)[number];
/** What was wrong with one case in one column; null where it agreed. */
export type Verdicts = Partial<Record<Column, string | null>>;

interface Call {
  readonly args: unknown[];
  readonly leaves: torch.Tensor[];
}

function decodeCall(c: Pick<Case, "args" | "kwargs">): Call {
  const leaves: torch.Tensor[] = [];
  const args = c.args.map((a) => decode(a, leaves));
  if (c.kwargs !== undefined) {
    args.push(Object.fromEntries(Object.entries(c.kwargs).map(([k, v]) => [k, decode(v, leaves)])));
  }
  return { args, leaves };
}

type Fn = (...args: unknown[]) => unknown;

function method(name: string): Fn {
  return (self, ...rest) => {
    const member = (self as Record<string, unknown>)[name];
    if (member === undefined) throw new Error(`Tensor has no ${name}`);
    // A property, such as `T`, answers by itself.
    return typeof member === "function" ? (member as Fn).apply(self, rest) : member;
  };
}

/** The function behind `torch.nn.functional.relu` or `Tensor.index`. */
export function resolve(path: string): Fn {
  const [root, ...names] = path.split(".");
  if (root === "Tensor") return method(names[0]!);
  let target: unknown = torch;
  for (const name of names) target = (target as Record<string, unknown> | undefined)?.[name];
  if (typeof target !== "function") throw new Error(`there is no ${path}`);
  return target as Fn;
}

/** Nested names, spelled as the fixtures spell them. */
function graph(fn: Node | null, nr: number, leaves: torch.Tensor[], seen: Map<Node, number>): string {
  if (fn === null) return "null";
  const suffix = nr > 0 ? `#${nr}` : "";
  if (fn.variable !== null) {
    const at = leaves.indexOf(fn.variable);
    return at >= 0 ? `$${at}` : "AccumulateGrad";
  }
  const before = seen.get(fn);
  if (before !== undefined) return `^${before}${suffix}`;
  seen.set(fn, seen.size);
  const inner = fn.next_functions.map(([next, i]) => graph(next, i, leaves, seen));
  return `${fn.name()}(${inner.join(", ")})${suffix}`;
}

function attempt(check: () => string | null): string | null {
  try {
    return check();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

function expectFailure(run: () => unknown, [type, message]: Failure): string | null {
  try {
    run();
  } catch (error) {
    const { name, message: text } = error as Error;
    if (name !== type) return `${name}, expected ${type}: ${text}`;
    // What follows lists Python's own signatures.
    const ours = text.split(" - got (")[0];
    const theirs = message.split(" - got (")[0];
    return ours === theirs ? null : `"${ours}", expected "${theirs}"`;
  }
  return `no ${type}: ${message}`;
}

function checkBackward(outs: torch.Tensor[], leaves: torch.Tensor[], c: Case, verdicts: Verdicts): void {
  const seen = new Map<Node, number>();
  verdicts.grad_fn = attempt(() =>
    difference(
      outs.map((t) => graph(t.grad_fn, t.output_nr, leaves, seen)),
      c.names!,
    ),
  );
  const twice = c.doubled !== undefined || c.double_error !== undefined;
  const vectors = outs.map((t, i) => cotangent(t, 3 + i).requires_grad_(twice));
  const first = (): (torch.Tensor | null)[] =>
    torch.autograd.grad(outs, leaves, { grad_outputs: vectors, create_graph: twice, allow_unused: true });
  if (c.backward_error !== undefined) {
    verdicts.backward = expectFailure(first, c.backward_error);
    return;
  }
  let grads: (torch.Tensor | null)[] = [];
  verdicts.backward = attempt(() => {
    grads = first();
    return difference(grads, c.grads!);
  });
  if (twice) verdicts["double backward"] = attempt(() => checkDouble(grads, [...leaves, ...vectors], c));
}

function checkDouble(grads: (torch.Tensor | null)[], inputs: torch.Tensor[], c: Case): string | null {
  const again = grads.filter((g): g is torch.Tensor => g?.requires_grad === true);
  const vectors = again.map((g, i) => cotangent(g, 8 + i));
  const second = (): unknown =>
    torch.autograd.grad(again, inputs, { grad_outputs: vectors, allow_unused: true });
  if (c.double_error !== undefined) return expectFailure(second, c.double_error);
  const doubled = second() as (torch.Tensor | null)[];
  const wrong = doubled.map((g, i) => (bothZero(g, c.doubled![i]!) ? null : difference(g, c.doubled![i]!)));
  return wrong.find((w) => w !== null) ?? null;
}

/** A gradient of a gradient that vanishes may be absent: which of the two it is depends on how a formula is cut. */
function bothZero(actual: torch.Tensor | null, expected: Encoded): boolean {
  const vanishes =
    expected === null || (isEncodedTensor(expected) && expected.data.every((x) => Number(x) === 0));
  return (
    vanishes && (actual === null || (expected === null && difference(actual, zerosLike(actual)) === null))
  );
}

function zerosLike(t: torch.Tensor): Encoded {
  return { shape: [...t.shape], dtype: t.dtype.name, data: new Array<number>(t.numel()).fill(0) };
}

function checkInplace(name: string, c: Case): string | null {
  const expected = c.inplace!;
  const { args, leaves } = decodeCall(c);
  args[0] = (args[0] as torch.Tensor).clone();
  torch.manual_seed(0);
  if (expected.error !== undefined) return expectFailure(() => method(name)(...args), expected.error);
  const out = method(name)(...args);
  if (out !== args[0]) return "does not return its first argument";
  const wrong = difference(out, expected.out ?? c.out);
  if (wrong !== null || leaves.length === 0) return wrong;
  const verdicts: Verdicts = {};
  const merged: Case = { ...c, ...expected };
  const { doubled: _, double_error: __, ...once } = merged;
  const outs = tensorsIn(out).filter((t) => t.requires_grad);
  if (expected.names !== undefined) checkBackward(outs, leaves, once, verdicts);
  return verdicts.grad_fn ?? verdicts.backward ?? null;
}

/** Runs one case in every column it has. */
export function judge(entry: Entry, c: Case): Verdicts {
  const verdicts: Verdicts = {};
  let call: Call | null = null;
  let out: unknown;
  verdicts.forward = attempt(() => {
    call = decodeCall(c);
    torch.manual_seed(0);
    out = resolve(entry.call)(...call.args);
    return difference(out, c.out, c.views !== undefined) ?? checkViews(out, c) ?? checkMethod(entry, c);
  });
  if (c.names !== undefined) {
    const outs = tensorsIn(out).filter((t) => t.requires_grad);
    const failure = attempt(() => {
      checkBackward(outs, (call as Call | null)?.leaves ?? [], c, verdicts);
      return null;
    });
    if (failure !== null) verdicts.backward = failure;
  }
  if (c.inplace !== undefined) verdicts["in-place"] = attempt(() => checkInplace(entry.inplace!, c));
  return verdicts;
}

function checkViews(out: unknown, c: Case): string | null {
  const flags = tensorsIn(out).map((t) => t._view !== null);
  const expected = c.views ?? flags.map(() => false);
  return String(flags) === String(expected) ? null : `views: ${flags}, expected ${expected}`;
}

function checkMethod(entry: Entry, c: Case): string | null {
  if (entry.method === undefined) return null;
  torch.manual_seed(0);
  const wrong = difference(method(entry.method)(...decodeCall(c).args), c.out);
  return wrong === null ? null : `as a method: ${wrong}`;
}

const judged = new WeakMap<Entry, Verdicts[]>();

/** All verdicts of an entry: cases in order, then the error inputs. Each entry is judged once. */
export function judgeEntry(entry: Entry): Verdicts[] {
  const verdicts = judged.get(entry) ?? verdictsOf(entry);
  judged.set(entry, verdicts);
  return verdicts;
}

function verdictsOf(entry: Entry): Verdicts[] {
  const errors = (entry.errors ?? []).map((e) => ({
    "error inputs": attempt(() => {
      const { args } = decodeCall(e);
      return expectFailure(() => resolve(entry.call)(...args), e.error);
    }),
  }));
  return [...entry.cases.map((c) => judge(entry, c)), ...errors];
}
