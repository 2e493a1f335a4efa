/**
 * @file Graphs as autograd makes them, at any size: the corpus that the layout is measured on.
 *
 * Edges run with the data, from an input to the operation that uses it, in the order of its inputs. Cards have
 * the sizes that the graph panel gives them: leaves and operations three lines, constants two.
 */
import type {
  LayoutEdge,
  LayoutGroup,
  LayoutInput,
  LayoutNode,
  LayoutOptions,
} from "../../../webview/layout/types.js";

/** Builds a graph the way a program does: each call makes a node and returns its id. */
export class Tape {
  readonly nodes: LayoutNode[] = [];
  readonly edges: LayoutEdge[] = [];
  readonly groups: LayoutGroup[] = [];
  private readonly scope: string[] = [];

  leaf(name: string): string {
    return this.card(name, 150 + 4 * Math.min(name.length, 10), 68);
  }

  constant(name: string): string {
    return this.card(name, 120 + 4 * Math.min(name.length, 10), 46);
  }

  op(name: string, ...inputs: string[]): string {
    const id = this.card(name, 150 + 4 * Math.min(name.length, 10), 68);
    for (const input of inputs) this.edges.push({ id: `e${this.edges.length}`, from: input, to: id });
    return id;
  }

  /** Everything that `body` makes stands in a group of that name. */
  within<T>(name: string, body: () => T): T {
    const id = `g${this.groups.length} ${name}`;
    this.groups.push({ id, parent: this.scope.at(-1) ?? null });
    this.scope.push(id);
    const result = body();
    this.scope.pop();
    return result;
  }

  input(options: Partial<LayoutOptions> = {}): LayoutInput {
    return {
      nodes: this.nodes,
      edges: this.edges,
      groups: this.groups,
      options: { direction: "down", ...options },
    };
  }

  private card(name: string, width: number, height: number): string {
    const id = `${name} #${this.nodes.length}`;
    this.nodes.push({ id, width, height, group: this.scope.at(-1) ?? null });
    return id;
  }
}

/** Reproducible numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Kind {
  readonly name: string;
  /** A graph of about `size` nodes. */
  readonly make: (size: number) => Tape;
}

function linear(tape: Tape, x: string, name: string): string {
  const transposed = tape.op("TBackward0", tape.leaf(`${name}.weight`));
  return tape.op("AddmmBackward0", tape.leaf(`${name}.bias`), x, transposed);
}

/** `y = w·x + b`, squared error: the program of the first lesson. */
export function linearRegression(): Tape {
  const tape = new Tape();
  const product = tape.op("MulBackward0", tape.leaf("w"), tape.constant("x"));
  const y = tape.op("AddBackward0", product, tape.leaf("b"));
  const difference = tape.op("SubBackward0", y, tape.constant("target"));
  tape.op("MeanBackward0", tape.op("PowBackward0", difference));
  return tape;
}

/** The steps of a training loop whose losses are summed before one backward pass. */
function linearRegressionLoop(size: number): Tape {
  const tape = new Tape();
  const w = tape.leaf("w");
  const b = tape.leaf("b");
  let total: string | undefined;
  while (tape.nodes.length < size) {
    const product = tape.op("MulBackward0", w, tape.constant("x"));
    const y = tape.op("AddBackward0", product, b);
    const loss = tape.op(
      "MeanBackward0",
      tape.op("PowBackward0", tape.op("SubBackward0", y, tape.constant("t"))),
    );
    total = total === undefined ? loss : tape.op("AddBackward0", total, loss);
  }
  return tape;
}

function mlp(size: number): Tape {
  const tape = new Tape();
  let h = tape.constant("x");
  for (let i = 0; tape.nodes.length < size - 4; i++)
    h = tape.within(`layers.${i}`, () => tape.op("ReluBackward0", linear(tape, h, `layers.${i}`)));
  tape.op(
    "NllLossBackward0",
    tape.op("LogSoftmaxBackward0", linear(tape, h, "head")),
    tape.constant("target"),
  );
  return tape;
}

/** Four gates a step, all weights shared by all steps, one loss a step. */
function lstm(size: number): Tape {
  const tape = new Tape();
  const weights = ["w_ih", "w_hh", "b_ih", "b_hh"].map((name) => tape.leaf(name)) as [
    string,
    string,
    string,
    string,
  ];
  const transposed = [tape.op("TBackward0", weights[0]), tape.op("TBackward0", weights[1])] as const;
  let h = tape.constant("h0");
  let c = tape.constant("c0");
  let total: string | undefined;
  for (let t = 0; tape.nodes.length < size; t++) {
    tape.within(`step ${t}`, () => {
      const a = tape.op("AddmmBackward0", weights[2], tape.constant("x"), transposed[0]);
      const b = tape.op("AddmmBackward0", weights[3], h, transposed[1]);
      const gates = tape.op("SplitBackward0", tape.op("AddBackward0", a, b));
      const i = tape.op("SigmoidBackward0", gates);
      const f = tape.op("SigmoidBackward0", gates);
      const g = tape.op("TanhBackward0", gates);
      const o = tape.op("SigmoidBackward0", gates);
      c = tape.op("AddBackward0", tape.op("MulBackward0", f, c), tape.op("MulBackward0", i, g));
      h = tape.op("MulBackward0", o, tape.op("TanhBackward0", c));
    });
    const loss = tape.op("MseLossBackward0", h, tape.constant("t"));
    total = total === undefined ? loss : tape.op("AddBackward0", total, loss);
  }
  return tape;
}

/** Pre-norm encoder blocks with four heads. */
function transformer(size: number): Tape {
  const tape = new Tape();
  let x = tape.op("EmbeddingBackward0", tape.leaf("embedding"));
  const norm = (input: string, name: string) =>
    tape.op("NativeLayerNormBackward0", input, tape.leaf(`${name}.weight`), tape.leaf(`${name}.bias`));
  for (let block = 0; tape.nodes.length < size; block++) {
    x = tape.within(`blocks.${block}`, () => {
      const normed = norm(x, "ln_1");
      const heads = tape.within("attn", () => {
        const [q, k, v] = ["q", "k", "v"].map((name) => linear(tape, normed, name)) as [
          string,
          string,
          string,
        ];
        const parts = [0, 1, 2, 3].map(() => {
          const scores = tape.op(
            "BmmBackward0",
            tape.op("ViewBackward0", q),
            tape.op("TransposeBackward0", k),
          );
          const shares = tape.op("SoftmaxBackward0", tape.op("DivBackward0", scores));
          return tape.op("BmmBackward0", shares, tape.op("ViewBackward0", v));
        });
        return linear(tape, tape.op("CatBackward0", ...parts), "proj");
      });
      const middle = tape.op("AddBackward0", x, heads);
      const hidden = tape.op("GeluBackward0", linear(tape, norm(middle, "ln_2"), "fc"));
      return tape.op("AddBackward0", middle, linear(tape, hidden, "out"));
    });
  }
  tape.op("MeanBackward0", x);
  return tape;
}

function convNet(size: number): Tape {
  const tape = new Tape();
  let x = tape.constant("image");
  for (let i = 0; tape.nodes.length < size - 5; i++) {
    const conv = tape.op("ConvolutionBackward0", x, tape.leaf("conv.weight"), tape.leaf("conv.bias"));
    const norm = tape.op("NativeBatchNormBackward0", conv, tape.leaf("bn.weight"), tape.leaf("bn.bias"));
    x = tape.op("ReluBackward0", norm);
    if (i % 2 === 1) x = tape.op("MaxPool2DBackward0", x);
  }
  tape.op("CrossEntropyBackward0", linear(tape, tape.op("ViewBackward0", x), "fc"));
  return tape;
}

/** Every block adds its input to what it makes of it; now and then a projection on the short cut. */
function residual(size: number): Tape {
  const tape = new Tape();
  let x = tape.op("ConvolutionBackward0", tape.constant("image"), tape.leaf("stem"));
  for (let i = 0; tape.nodes.length < size - 2; i++) {
    let h = x;
    for (let k = 0; k < 2; k++)
      h = tape.op("ReluBackward0", tape.op("ConvolutionBackward0", h, tape.leaf("weight")));
    const short = i % 3 === 2 ? tape.op("ConvolutionBackward0", x, tape.leaf("project")) : x;
    x = tape.op("AddBackward0", short, h);
  }
  tape.op("MeanBackward0", x);
  return tape;
}

/** Values used twice and joined again, `f(x) · g(x)`, one after another and within each other. */
function diamonds(size: number): Tape {
  const tape = new Tape();
  let x = tape.op("MulBackward0", tape.leaf("x"), tape.leaf("y"));
  while (tape.nodes.length < size - 7) {
    const a = tape.op("SinBackward0", x);
    const b = tape.op("ExpBackward0", x);
    const inner = tape.op("MulBackward0", tape.op("CosBackward0", a), tape.op("TanhBackward0", a));
    x = tape.op("AddBackward0", inner, tape.op("MulBackward0", b, a));
  }
  return tape;
}

/** One leaf used by many operations whose results are added pairwise. */
function fanOut(size: number): Tape {
  const tape = new Tape();
  const w = tape.leaf("w");
  let row: string[] = [];
  while (tape.nodes.length < (size * 2) / 3) row.push(tape.op("MulBackward0", w, tape.constant("x")));
  while (row.length > 1) {
    const next: string[] = [];
    for (let i = 0; i < row.length; i += 2)
      next.push(i + 1 < row.length ? tape.op("AddBackward0", row[i]!, row[i + 1]!) : row[i]!);
    row = next;
  }
  return tape;
}

/** Operations on values made not long before, by chance. */
function randomDag(size: number): Tape {
  const next = random(size);
  const tape = new Tape();
  const live: string[] = [tape.leaf("a"), tape.leaf("b")];
  while (tape.nodes.length < size) {
    const roll = next();
    const pick = () => live[live.length - 1 - Math.floor(next() ** 2 * Math.min(live.length, 12))]!;
    if (roll < 0.2) live.push(tape.leaf("p"));
    else if (roll < 0.5) live.push(tape.op("ExpBackward0", pick()));
    else live.push(tape.op("MulBackward0", pick(), pick()));
  }
  return tape;
}

export const kinds: readonly Kind[] = [
  { name: "linear regression", make: linearRegressionLoop },
  { name: "mlp", make: mlp },
  { name: "lstm", make: lstm },
  { name: "transformer", make: transformer },
  { name: "conv net", make: convNet },
  { name: "residual", make: residual },
  { name: "diamonds", make: diamonds },
  { name: "fan-out", make: fanOut },
  { name: "random", make: randomDag },
];

/** The same graph without its groups. */
export function flat(input: LayoutInput): LayoutInput {
  return { ...input, groups: [], nodes: input.nodes.map((node) => ({ ...node, group: null })) };
}

/** Extremes that programs make now and then. */
export const extremes = {
  empty: () => new Tape(),
  one: () => {
    const tape = new Tape();
    tape.leaf("w");
    return tape;
  },
  chain: (size: number) => {
    const tape = new Tape();
    let x = tape.leaf("x");
    while (tape.nodes.length < size) x = tape.op("MulBackward0", x);
    return tape;
  },
  fanIn: (inputs: number) => {
    const tape = new Tape();
    tape.op("StackBackward0", ...Array.from({ length: inputs }, () => tape.leaf("x")));
    return tape;
  },
  isolated: (size: number) => {
    const tape = new Tape();
    for (let i = 0; i < size; i++) tape.constant("c");
    return tape;
  },
  passes: (count: number) => {
    const tape = new Tape();
    for (let i = 0; i < count; i++)
      tape.op("MeanBackward0", tape.op("MulBackward0", tape.leaf("w"), tape.constant("x")));
    return tape;
  },
};
