/** @file Small traces made by hand, for the graph page's tests: a line fitted by gradient descent, and oddities. */
import type {
  ExportBackward,
  ExportEdge,
  ExportGraph,
  ExportNode,
  ExportStep,
  JsonNumber,
  TensorSummary,
  TraceDocument,
  ValueSummary,
} from "../../../src/protocol/export.js";

export function tensor(data: readonly number[], shape: readonly number[] = [data.length]): TensorSummary {
  const finite = data.filter(Number.isFinite);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const json = (value: number): JsonNumber =>
    Number.isFinite(value) ? value : (String(value) as "NaN" | "Infinity" | "-Infinity");
  const whole = finite.length === data.length;
  return {
    data: data.slice(0, 1000).map(json),
    truncated: data.length > 1000,
    min: finite.length === 0 ? null : Math.min(...finite),
    max: finite.length === 0 ? null : Math.max(...finite),
    mean: whole ? sum(data) / Math.max(1, data.length) : null,
    norm: whole ? Math.sqrt(sum(data.map((value) => value * value))) : null,
    nan: data.filter(Number.isNaN).length,
    inf: data.filter((value) => Math.abs(value) === Number.POSITIVE_INFINITY).length,
    shape,
    dtype: "float32",
  };
}

function valuesOf({ shape: _, dtype: __, ...value }: TensorSummary): ValueSummary {
  return value;
}

type Extra = Partial<Omit<ExportNode, "id" | "shape" | "dtype" | "value">>;

export function node(id: number, value: TensorSummary, extra: Extra): ExportNode {
  const kind = extra.kind ?? "function";
  return {
    id,
    kind,
    name: kind === "accumulate" ? "AccumulateGrad" : null,
    label: null,
    is_leaf: kind !== "function",
    requires_grad: kind !== "constant",
    retains_grad: false,
    grad: null,
    source: null,
    scope: [],
    ...extra,
    shape: value.shape,
    dtype: value.dtype,
    value: valuesOf(value),
  };
}

export function trace(
  graphs: ExportGraph[],
  backwards: ExportBackward[],
  file = "examples/fit-line.ts",
): TraceDocument {
  return {
    format: "gradwalk-trace",
    version: 1,
    program: { file, exit: 0, error: null },
    graphs,
    backwards,
    bindings: [],
    problems: [],
  };
}

const FILE = "examples/fit-line.ts";
const X = [2, 4, 6];
const TARGET = [3, 5, 7];
const at = (line: number, column: number) => ({ file: FILE, line, column });
const scope = (iteration: number) => [{ kind: "loop" as const, name: "for", line: 8, iteration }];

interface Epoch {
  readonly graph: ExportGraph;
  readonly backward: ExportBackward;
  readonly gradW: number;
  readonly gradB: number;
}

/** One pass of `mean((w·x + b - target)²)` through w and b. */
function epoch(index: number, w: number, b: number): Epoch {
  const product = X.map((x) => w * x);
  const y = product.map((value) => value + b);
  const difference = y.map((value, i) => value - TARGET[i]!);
  const squares = difference.map((value) => value ** 2);
  const loss = squares.reduce((a, c) => a + c, 0) / 3;
  const third = [1 / 3, 1 / 3, 1 / 3];
  const gradY = difference.map((value) => (2 * value) / 3);
  const gradW = gradY.reduce((sum, value, i) => sum + value * X[i]!, 0);
  const gradB = gradY.reduce((sum, value) => sum + value, 0);
  const grad = (value: number) => ({ ...valuesOf(tensor([value])), updates: 1 });
  const made = { scope: scope(index) };
  const savedX = { name: "other", value: tensor(X), savedVersion: 0, version: 0, freed: false };
  const nodes: ExportNode[] = [
    node(0, tensor([w]), { kind: "accumulate", label: "w", source: at(5, 11), grad: grad(gradW) }),
    node(1, tensor(X), { kind: "constant", label: "x", source: at(3, 11), why_no_grad: "no_requires_grad" }),
    node(2, tensor(product), {
      name: "MulBackward0",
      text: "w.mul(x)",
      source: at(9, 13),
      why_no_grad: "non_leaf",
      ...made,
      derivative: [
        { input: "self", formula: "grad * other" },
        { input: "other", formula: "grad * self   (not needed)" },
      ],
      saved: [savedX],
    }),
    node(3, tensor([b]), { kind: "accumulate", label: "b", source: at(6, 11), grad: grad(gradB) }),
    node(4, tensor(y), {
      name: "AddBackward0",
      label: "y",
      text: "w.mul(x).add(b)",
      source: at(9, 13),
      why_no_grad: "non_leaf",
      ...made,
    }),
    node(5, tensor(TARGET), {
      kind: "constant",
      label: "target",
      source: at(4, 16),
      why_no_grad: "no_requires_grad",
    }),
    node(6, tensor(difference), {
      name: "SubBackward0",
      text: "y.sub(target)",
      source: at(10, 16),
      why_no_grad: "non_leaf",
      ...made,
    }),
    node(7, tensor(squares), {
      name: "PowBackward0",
      text: "y.sub(target).pow(2)",
      source: at(10, 16),
      why_no_grad: "non_leaf",
      ...made,
    }),
    node(8, tensor([loss], []), {
      name: "MeanBackward0",
      label: "loss",
      text: "y.sub(target).pow(2).mean()",
      source: at(10, 16),
      why_no_grad: "non_leaf",
      ...made,
    }),
  ];
  const edges: ExportEdge[] = [
    [8, 7],
    [7, 6],
    [6, 4],
    [6, 5],
    [4, 2],
    [4, 3],
    [2, 0],
    [2, 1],
  ].map(([from, to]) => ({ from: from!, to: to!, input_nr: 0 }));
  const step = (
    id: number,
    into: TensorSummary,
    out: (TensorSummary | null)[],
    from: number | null,
  ): ExportStep => ({
    node: id,
    grad_in: [into],
    grad_out: out,
    accumulated: null,
    terms: [{ from, input_nr: 0, value: into }],
  });
  const sink = (id: number, into: TensorSummary, from: number): ExportStep => ({
    ...step(id, into, [], from),
    accumulated: { before: null, after: into },
  });
  const [gy, gw, gb] = [tensor(gradY), tensor([gradW]), tensor([gradB])];
  const steps: ExportStep[] = [
    step(8, tensor([1], []), [tensor(third)], null),
    step(7, tensor(third), [gy], 8),
    step(6, gy, [gy, null], 7),
    step(4, gy, [gy, gb], 6),
    sink(3, gb, 4),
    step(2, gy, [gw, null], 4),
    sink(0, gw, 2),
  ];
  return {
    graph: { nodes, edges },
    backward: {
      graph: index,
      roots: [8],
      source: at(11, 3),
      retain_graph: false,
      create_graph: false,
      steps,
      call: "backward",
    },
    gradW,
    gradB,
  };
}

/** The design's example: `passes` steps of gradient descent with rate 0.01 from w = 0.5, b = 0.1. */
export function fitLine(passes = 30): TraceDocument {
  let [w, b] = [0.5, 0.1];
  const epochs: Epoch[] = [];
  for (let i = 0; i < passes; i++) {
    const made = epoch(i, w, b);
    epochs.push(made);
    w -= 0.01 * made.gradW;
    b -= 0.01 * made.gradB;
  }
  return trace(
    epochs.map((each) => each.graph),
    epochs.map((each) => each.backward),
  );
}

/** A matrix product through a custom Function with fan-in, several outputs, NaN and a version clash. */
export function oddities(name = "odd"): TraceDocument {
  const matrix = tensor(
    Array.from({ length: 12 }, (_, i) => Math.sin(i * 1.7) * (i - 4)),
    [4, 3],
  );
  const vector = tensor([0.5, -1, 2, 0.25]);
  const bad = tensor([Number.NaN, 1, Number.POSITIVE_INFINITY, 0]);
  const saved = { name: "self", value: vector, savedVersion: 0, version: 1, freed: false };
  const nodes: ExportNode[] = [
    node(0, matrix, { kind: "accumulate", label: "weights", grad: { ...valuesOf(matrix), updates: 2 } }),
    node(1, tensor([1, 2, 3]), { kind: "constant", label: name }),
    node(2, vector, {
      name: "MvBackward0",
      label: "h",
      retains_grad: true,
      grad: { ...valuesOf(vector), updates: 1 },
      saved: [saved],
    }),
    node(3, vector, { name: "ClipBackward", text: "Clip.apply(h)", custom: true, why_no_grad: "non_leaf" }),
    node(4, bad, { name: "LogBackward0", label: "logits", why_no_grad: "non_leaf" }),
    node(5, tensor([Number.NaN], []), { name: "SumBackward0", label: "total", why_no_grad: "non_leaf" }),
    node(6, vector, { name: "UnbindBackward0", text: "h.unbind(0)", why_no_grad: "non_leaf" }),
    node(7, vector, { name: "MulBackward0", text: "a.mul(b)", why_no_grad: "non_leaf" }),
    node(8, vector, { name: "AddBackward0", label: "both", why_no_grad: "non_leaf" }),
  ];
  const edges: ExportEdge[] = [
    { from: 5, to: 8, input_nr: 0 },
    { from: 8, to: 4, input_nr: 0 },
    { from: 8, to: 7, input_nr: 0 },
    { from: 7, to: 6, input_nr: 0 },
    { from: 7, to: 6, input_nr: 1 },
    { from: 6, to: 2, input_nr: 0 },
    { from: 4, to: 3, input_nr: 0 },
    { from: 3, to: 2, input_nr: 0 },
    { from: 2, to: 0, input_nr: 0 },
    { from: 2, to: 1, input_nr: 0 },
  ];
  const one = tensor([1], []);
  const terms = (...from: number[]) => from.map((each) => ({ from: each, input_nr: 0, value: vector }));
  const step = (id: number, into: TensorSummary, ...from: number[]): ExportStep => ({
    node: id,
    grad_in: [into],
    grad_out: [],
    accumulated: null,
    terms: terms(...from),
  });
  const steps: ExportStep[] = [
    step(5, one),
    step(8, vector, 5),
    step(7, vector, 8),
    step(6, vector, 7, 7),
    step(4, vector, 8),
    step(3, vector, 4),
    step(2, vector, 6, 3),
    { ...step(0, matrix, 2), accumulated: { before: matrix, after: matrix } },
  ];
  return trace(
    [{ nodes, edges }],
    [
      {
        graph: 0,
        roots: [5],
        source: null,
        retain_graph: false,
        create_graph: false,
        steps,
        call: "backward",
      },
    ],
    "odd.ts",
  );
}

/** `width` chains of `length` operations that end in one sum. */
export function chains(width: number, length: number): TraceDocument {
  const nodes: ExportNode[] = [];
  const edges: ExportEdge[] = [];
  const ends: number[] = [];
  for (let i = 0; i < width; i++) {
    nodes.push(node(nodes.length, tensor([i]), { kind: "accumulate", label: `w${i}` }));
    for (let j = 0; j < length; j++) {
      const id = nodes.length;
      nodes.push(
        node(id, tensor([i, j]), {
          name: "MulBackward0",
          label: j % 3 === 0 ? `h${i}_${j}` : null,
          text: "h.mul(x)",
        }),
      );
      edges.push({ from: id, to: id - 1, input_nr: 0 });
    }
    ends.push(nodes.length - 1);
  }
  const root = nodes.length;
  nodes.push(node(root, tensor([1], []), { name: "SumBackward0", label: "loss" }));
  for (const end of ends) edges.push({ from: root, to: end, input_nr: 0 });
  return trace([{ nodes, edges }], []);
}
