/** @file Short random programs of tensors, operations and passes, some of which fail. */

/** A small generator of its own, so that a seed names a program for ever (mulberry32). */
function generator(seed: number): () => number {
  let state = seed + 0x6d2b79f5;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const SIZES = ["2", "3", "[2, 3]", "[3, 1]", "[3]", "[]", "[3, 3]"];
const UNARY = [
  "exp()",
  "sigmoid()",
  "neg()",
  "clone()",
  "pow(2)",
  "pow(1)",
  "mul(2)",
  "add(1)",
  "sum()",
  "mean()",
  "sum(0)",
  "relu()",
  "abs()",
  "square()",
  "div(2)",
  "detach()",
  "tanh()",
  "sin()",
];
const BINARY = ["add", "sub", "mul", "div", "matmul"];

export interface RandomProgram {
  /** `torch` is the library, `see(line, value)` is told what is read on a line (1-based, below an import). */
  readonly lines: readonly string[];
}

export function randomProgram(seed: number): RandomProgram {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const names: string[] = [];
  const lines: string[] = [];
  const add = (expression: string) => {
    lines.push(`const t${names.length} = ${expression};`);
    names.push(`t${names.length}`);
  };
  const options = () => pick(["", ", { requires_grad: true }", ", { requires_grad: true }"]);
  for (let i = 0; i < 3; i++) {
    const dtype = random() < 0.05 ? ", { dtype: torch.int64, requires_grad: true }" : options();
    add(`torch.ones(${pick(SIZES)}${dtype})`);
  }
  const length = 3 + Math.floor(random() * 8);
  for (let i = 0; i < length; i++) {
    const a = pick(names);
    const kind = random();
    if (kind < 0.35) add(`${a}.${pick(UNARY)}`);
    else if (kind < 0.55) add(`${a}.${pick(BINARY)}(${pick(names)})`);
    else if (kind < 0.6) add(`torch.no_grad(() => ${a}.${pick(UNARY)})`);
    else if (kind < 0.78)
      lines.push(`${a}${pick(["", ".sum()"])}.backward(${pick(["", "", "{ retain_graph: true }"])});`);
    else if (kind < 0.82)
      lines.push(
        `${a}.${pick(["add_(1)", "mul_(2)", "requires_grad_()", "retain_grad()", `add_(${pick(names)})`])};`,
      );
    else if (kind < 0.92) lines.push(`see(${lines.length + 2}, ${a}.grad);`);
    else lines.push(`for (let i = 0; i < 2; i++) {`, `  ${a}.sum().backward();`, "}");
  }
  return { lines };
}
