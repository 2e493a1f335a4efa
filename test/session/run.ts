/** @file A small recorded run for the session's tests: `y = w * x; loss = y.mean(); loss.backward()` in a loop. */
import type { DType, ProgramError, Scope } from "../../src/protocol/export.js";
import {
  type BindingRecord,
  type PassRecord,
  type PassSummary,
  PROTOCOL_VERSION,
  type SiteRecord,
  type StructureNode,
  type TraceBatch,
  type TraceEvent,
  type WireTensor,
} from "../../src/protocol/trace.js";

export const FILE = "/work/course/fit line.ts";
export const BASE = "/work/course";

export const TEXT = `import * as torch from "gradwalk";
const x = torch.tensor([2, 4, 6]);
const w = torch.tensor([0.5], { requires_grad: true });
for (let epoch = 0; epoch < 3; epoch++) {
  const y = w.mul(x);
  const loss = y.mean();
  loss.backward();
}
`;

export function batch(...events: readonly TraceEvent[]): TraceBatch {
  return { version: PROTOCOL_VERSION, events };
}

export function tensor(
  values: readonly number[],
  shape = [values.length],
  dtype: DType = "float32",
): WireTensor {
  const finite = values.filter(Number.isFinite);
  const known = finite.length > 0;
  return {
    shape,
    dtype,
    data: dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values),
    min: known ? Math.min(...finite) : null,
    max: known ? Math.max(...finite) : null,
    mean: known ? finite.reduce((a, b) => a + b) / finite.length : null,
    norm: finite.length === values.length ? Math.hypot(...values) : null,
    nan: values.filter(Number.isNaN).length,
    inf: values.filter((v) => Math.abs(v) === Number.POSITIVE_INFINITY).length,
  };
}

function site(line: number, column: number, text: string, name: string | null = null): SiteRecord {
  return { line, column, endLine: line, endColumn: column + text.length, text, name };
}

/** Ids from 100 on, as the sites of a program's second module would have. */
export const SITE = {
  x: 100,
  w: 101,
  yBinding: 102,
  mul: 103,
  lossBinding: 104,
  mean: 105,
  backward: 106,
  wMake: 107,
  xMake: 108,
};

export const moduleEvent: TraceEvent = {
  type: "module",
  file: FILE,
  text: TEXT,
  first: 100,
  sites: [
    site(2, 7, "x", "x"),
    site(3, 7, "w", "w"),
    site(5, 9, "y", "y"),
    site(5, 13, "w.mul(x)"),
    site(6, 9, "loss", "loss"),
    site(6, 16, "y.mean()"),
    site(7, 3, "loss.backward()"),
    site(3, 11, "torch.tensor([0.5], { requires_grad: true })"),
    site(2, 11, "torch.tensor([2, 4, 6])"),
  ],
};

function node(
  part: Partial<StructureNode> & Pick<StructureNode, "kind" | "name" | "label" | "site">,
): StructureNode {
  const made = part.kind === "function";
  return {
    is_leaf: !made,
    requires_grad: part.kind !== "constant",
    shape: [3],
    dtype: "float32",
    custom: false,
    derivative: [],
    ...part,
  };
}

export const structureEvent: TraceEvent = {
  type: "structure",
  id: 7,
  nodes: [
    node({ kind: "constant", name: null, label: "x", site: SITE.xMake }),
    node({ kind: "accumulate", name: "AccumulateGrad", label: "w", shape: [1], site: SITE.wMake }),
    node({
      kind: "function",
      name: "MulBackward0",
      label: "y",
      site: SITE.mul,
      derivative: [
        { input: "self", formula: "grad * other" },
        { input: "other", formula: "grad * self" },
      ],
    }),
    node({ kind: "function", name: "MeanBackward0", label: "loss", shape: [], site: SITE.mean }),
  ],
  edges: [3, 2, 0, 2, 1, 0, 2, 0, 0],
};

export function scopeOf(iteration: number): readonly Scope[] {
  return [{ kind: "loop", name: "for", line: 4, iteration }];
}

export function pass(index: number, over: Partial<PassRecord> = {}): PassRecord {
  const scope = scopeOf(index);
  const third = tensor([1 / 3, 1 / 3, 1 / 3]);
  const before = index === 0 ? null : tensor([4 * index]);
  const after = tensor([4 * (index + 1)]);
  return {
    index,
    structure: 7,
    call: "backward",
    roots: [3],
    site: SITE.backward,
    retain_graph: false,
    create_graph: false,
    values: [tensor([2, 4, 6]), tensor([0.5]), tensor([1, 2, 3]), tensor([2], [])],
    grads: [null, { tensor: after, updates: index + 1 }, null, null],
    retains: [false, false, false, false],
    why: ["no_requires_grad", null, "non_leaf", "non_leaf"],
    scopes: [[], [], scope, scope],
    saved: [
      [],
      [],
      [{ name: "other", value: tensor([2, 4, 6]), savedVersion: 0, version: 0, freed: true }],
      [{ name: "self_sym_sizes", value: "(3,)", savedVersion: null, version: null, freed: false }],
    ],
    steps: [
      {
        node: 3,
        grad_in: [tensor([1], [])],
        grad_out: [third],
        accumulated: null,
        terms: [{ from: null, input_nr: 0, value: tensor([1], []) }],
        altered: false,
      },
      {
        node: 2,
        grad_in: [third],
        grad_out: [tensor([4]), null],
        accumulated: null,
        terms: [{ from: 3, input_nr: 0, value: third }],
        altered: false,
      },
      {
        node: 1,
        grad_in: [tensor([4])],
        grad_out: [],
        accumulated: { before, after },
        terms: [{ from: 2, input_nr: 0, value: tensor([4]) }],
        altered: false,
      },
    ],
    error: null,
    ...over,
  };
}

export function summary(index: number, over: Partial<PassSummary> = {}): PassSummary {
  return {
    index,
    call: "backward",
    site: SITE.backward,
    root: 2,
    rootName: "loss",
    nodes: 4,
    steps: 3,
    iteration: index,
    loopLine: 4,
    gradNorms: { w: 4 },
    ...over,
  };
}

export function binding(over: Partial<BindingRecord> & Pick<BindingRecord, "site">): BindingRecord {
  return {
    times: 1,
    pass: -1,
    node: -1,
    is_leaf: true,
    requires_grad: false,
    retains_grad: false,
    value: tensor([2, 4, 6]),
    grad: null,
    why_no_grad: "no_requires_grad",
    grad_fn: null,
    ...over,
  };
}

export const beginning: readonly TraceEvent[] = [
  { type: "program", file: FILE, time: 0 },
  moduleEvent,
  structureEvent,
];

export function passEvents(index: number): TraceEvent[] {
  return [
    { type: "summary", summary: summary(index) },
    { type: "pass", pass: pass(index) },
  ];
}

export function bindingsEvent(last: number): TraceEvent {
  const bindings = [
    binding({ site: SITE.x, pass: last, node: 0 }),
    binding({
      site: SITE.w,
      pass: last,
      node: 1,
      requires_grad: true,
      value: tensor([0.5]),
      grad: { tensor: tensor([4 * (last + 1)]), updates: last + 1 },
      why_no_grad: null,
    }),
    binding({
      site: SITE.yBinding,
      times: last + 1,
      pass: last,
      node: 2,
      is_leaf: false,
      requires_grad: true,
      value: tensor([1, 2, 3]),
      why_no_grad: "non_leaf",
      grad_fn: "MulBackward0",
    }),
  ];
  return { type: "bindings", bindings };
}

export function end(error: ProgramError | null = null): TraceEvent {
  return { type: "end", exit: error ? 1 : 0, error, duration: 12.5 };
}

/** The whole run, three passes. */
export const wholeRun: readonly TraceEvent[] = [
  ...beginning,
  ...[0, 1, 2].flatMap(passEvents),
  bindingsEvent(2),
  {
    type: "problem",
    problem: {
      severity: "warning",
      code: "accumulated-without-zero",
      message: "w.grad is accumulated into in each iteration and never zeroed.",
      line: 7,
      column: 3,
      related: [{ line: 3, column: 7, message: "w is made here" }],
    },
  },
  end(),
];
