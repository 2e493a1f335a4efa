/** @file Random programs of tensor methods, with views and in-place writes, that read the same in Python. */
import * as torch from "../../src/core/index.js";

type T = torch.Tensor;
/** An argument: a number, a list of numbers, or the number of a tensor. */
export type Arg = number | readonly number[] | { readonly tensor: number };

/** `t<target> = t<self>.<method>(<args>)`. */
export interface Instruction {
  readonly target: number;
  readonly self: number;
  readonly method: string;
  readonly args: readonly Arg[];
}

export interface RandomProgram {
  /** Values of the leaves, float64. */
  readonly leaves: readonly { readonly shape: readonly number[]; readonly data: readonly number[] }[];
  readonly instructions: readonly Instruction[];
}

/** Mulberry32: the same numbers on every machine. */
class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed * 0x9e3779b1 + 1;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
  below(n: number): number {
    return Math.floor(this.next() * n);
  }
  of<V>(list: readonly V[]): V {
    return list[this.below(list.length)]!;
  }
}

type Choice = (shape: readonly number[], dice: Dice) => readonly [method: string, ...args: Arg[]] | null;

const plain =
  (method: string): Choice =>
  () => [method];
const alongDim =
  (method: string): Choice =>
  (shape, dice) =>
    shape.length === 0 ? null : [method, dice.below(shape.length)];

/** Smooth everywhere that programs get to. */
const SMOOTH: readonly Choice[] = [
  plain("sin"),
  plain("tanh"),
  plain("sigmoid"),
  plain("cos"),
  plain("atan"),
  (_, d) => ["mul", 0.5 + d.below(3)],
  (_, d) => ["add", d.below(3)],
  plain("neg"),
  plain("square"),
];
const SCANS: readonly Choice[] = [
  alongDim("softmax"),
  alongDim("cumsum"),
  alongDim("sum"),
  alongDim("mean"),
  alongDim("logsumexp"),
  (shape, dice) => (shape.length === 0 ? null : ["flip", [dice.below(shape.length)]]),
];
const VIEWS: readonly Choice[] = [
  (shape) => (shape.length < 2 ? null : ["transpose", 0, 1]),
  (shape, dice) => {
    const d = dice.below(shape.length);
    return shape.length === 0 || shape[d]! < 2 ? null : ["narrow", d, dice.below(2), shape[d]! - 1];
  },
  (shape, dice) => {
    const d = dice.below(shape.length);
    return shape.length === 0 ? null : ["select", d, dice.below(shape[d]!)];
  },
  (shape) => (shape.length > 2 ? null : ["unsqueeze", 0]),
  (shape) => (shape.length < 2 || shape[0] !== shape[1] ? null : ["diagonal"]),
  (shape) => (shape.length === 0 ? null : ["view_as", -1]),
];
const WRITES = ["add_", "mul_", "copy_", "sub_"] as const;
const UNARY_WRITES = ["sin_", "tanh_", "sigmoid_", "neg_"] as const;
const BINARY = ["add", "mul", "sub", "maximum"] as const;

const broadcasts = (from: readonly number[], to: readonly number[]): boolean =>
  from.length <= to.length && from.every((n, i) => n === 1 || n === to[to.length - from.length + i]);

/** A program that depends on nothing but the seed: shapes are found by running it. */
export function randomProgram(seed: number): RandomProgram {
  const dice = new Dice(seed);
  const shapes = [[2, 3], [3], [2, 2]];
  const leaves = shapes.map((shape) => ({
    shape,
    data: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
      Number((dice.next() * 3 - 1.5).toFixed(3)),
    ),
  }));
  const instructions: Instruction[] = [];
  const pool = leaves.map(leafOf);
  const length = 6 + dice.below(8);
  for (let attempts = 0; instructions.length < length && attempts < 200; attempts++) {
    const next = choose(pool, dice, leaves.length);
    if (next === null) continue;
    try {
      const out = execute(pool, next);
      if (out.numel() > 40 || !out.isfinite().all().item()) continue;
      pool[next.target] = out;
      instructions.push(next);
    } catch (error) {
      // A write that autograd refuses is refused in every run: it is left out.
      if (!(error instanceof torch.RuntimeError)) throw error;
    }
  }
  return { leaves, instructions };
}

function choose(pool: readonly T[], dice: Dice, leaves: number): Instruction | null {
  const self = dice.below(pool.length);
  const shape = [...pool[self]!.shape];
  const fresh = pool.length;
  const kind = dice.next();
  if (kind < 0.25 && self >= leaves) {
    if (dice.next() < 0.4) return { target: self, self, method: dice.of(UNARY_WRITES), args: [] };
    const other = dice.below(pool.length);
    if (!broadcasts([...pool[other]!.shape], shape)) return null;
    // What comes of writing over what is read meanwhile depends on the order of the loop, in PyTorch too.
    if (other !== self && pool[other]!._storage === pool[self]!._storage) return null;
    return { target: self, self, method: dice.of(WRITES), args: [{ tensor: other }] };
  }
  if (kind < 0.45) {
    const other = dice.below(pool.length);
    const theirs = [...pool[other]!.shape];
    if (shape.length === 2 && theirs.length === 2 && shape[1] === theirs[0]) {
      return { target: fresh, self, method: "matmul", args: [{ tensor: other }] };
    }
    if (!broadcasts(shape, theirs) && !broadcasts(theirs, shape)) return null;
    return { target: fresh, self, method: dice.of(BINARY), args: [{ tensor: other }] };
  }
  const found = dice.of(kind < 0.7 ? VIEWS : kind < 0.85 ? SMOOTH : SCANS)(shape, dice);
  if (found === null || found[0] === "view_as") {
    return found === null ? null : { target: fresh, self, method: "view_as", args: [{ tensor: self }] };
  }
  const [method, ...args] = found;
  return { target: fresh, self, method, args };
}

export function leafOf({ shape, data }: RandomProgram["leaves"][number]): T {
  return torch
    .tensor([...data], { dtype: torch.float64 })
    .reshape([...shape])
    .requires_grad_();
}

function execute(pool: readonly T[], { self, method, args }: Instruction): T {
  const given = args.map((a) => (typeof a === "object" && "tensor" in a ? pool[a.tensor]! : a));
  const run = (pool[self] as unknown as Record<string, (...a: unknown[]) => T>)[method]!;
  return run.apply(pool[self], given);
}

/** The loss: every tensor that is left, weighed differently. */
export function runProgram(program: RandomProgram, leaves: readonly T[]): T {
  const pool = [...leaves];
  for (const next of program.instructions) pool[next.target] = execute(pool, next);
  return pool.map((t, i) => t.sum().mul(1 + i / 4)).reduce((a, b) => a.add(b));
}

function argText(a: Arg): string {
  if (typeof a === "number") return String(a);
  return "tensor" in a ? `t${a.tensor}` : `[${a.join(", ")}]`;
}

/** The program in Python: a function of its leaves. */
export function pythonText(program: RandomProgram, name: string): string {
  const lines = program.instructions.map(
    ({ target, self, method, args }) =>
      `    t${target} = t${self}.${method}(${args.map(argText).join(", ")})`,
  );
  const count = Math.max(program.leaves.length - 1, ...program.instructions.map((i) => i.target)) + 1;
  const terms = Array.from({ length: count }, (_, i) => `t${i}.sum() * ${1 + i / 4}`);
  const params = program.leaves.map((_, i) => `t${i}`).join(", ");
  return `def ${name}(${params}):\n${lines.join("\n")}\n    return ${terms.join(" + ")}\n`;
}
