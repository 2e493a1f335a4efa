/** @file Shapes of the export, most of which the wire shares. */
import {
  type Check,
  count,
  either,
  fields,
  flag,
  list,
  nullable,
  number,
  oneOf,
  optional,
  ordinal,
  text,
} from "./check.js";

const element = either(number, oneOf("NaN", "Infinity", "-Infinity"));

export const dtype = oneOf("float32", "float64", "int64", "int32", "uint8", "bool");
export const sizes = list(count);

const summaryFields = {
  data: list(element),
  truncated: flag,
  min: nullable(number),
  max: nullable(number),
  mean: nullable(number),
  norm: optional(nullable(number)),
  nan: count,
  inf: count,
};
export const valueSummary: Check = fields(summaryFields);
export const tensorSummary: Check = fields({ ...summaryFields, shape: sizes, dtype });
export const gradSummary: Check = fields({ ...summaryFields, updates: count });

export const sourceLocation: Check = fields({
  file: text,
  line: ordinal,
  column: ordinal,
  endLine: optional(ordinal),
  endColumn: optional(ordinal),
});

const scopeFields = { name: text, line: ordinal, file: optional(text) };
const loop = fields({ ...scopeFields, iteration: count });
const call = fields({ ...scopeFields, call: count, from: optional(sourceLocation) });
export const scope: Check = (value) => {
  const kind = (value as { readonly kind?: unknown } | null | undefined)?.kind;
  if (kind === "loop") return loop(value);
  if (kind === "function" || kind === "module") return call(value);
  return ".kind is no scope's kind";
};

export const savedValue: Check = fields({
  name: text,
  value: either(text, tensorSummary),
  savedVersion: nullable(count),
  version: nullable(count),
  freed: flag,
});

export const derivative: Check = list(fields({ input: text, formula: text }));

/** The checks of a hook's fields, tensors being told as `value` says. */
export const hookFields = (value: Check): Readonly<Record<string, Check>> => ({
  kind: oneOf("tensor", "pre", "post", "post_accumulate"),
  output: count,
  name: nullable(text),
  source: nullable(fields({ file: text, line: ordinal, column: ordinal })),
  before: list(nullable(value)),
  after: nullable(list(nullable(value))),
});

export const step: Check = fields({
  node: count,
  grad_in: list(nullable(tensorSummary)),
  grad_out: list(nullable(tensorSummary)),
  accumulated: nullable(fields({ before: nullable(tensorSummary), after: tensorSummary })),
  terms: optional(list(fields({ from: nullable(count), input_nr: count, value: tensorSummary }))),
  altered: optional(flag),
  hooks: optional(list(fields(hookFields(tensorSummary)))),
});

export const whyNoGrad: Check = oneOf(
  "no_requires_grad",
  "non_leaf",
  "no_backward_yet",
  "not_reached",
  "detached",
  "no_grad_mode",
  "integer",
);

export const programError: Check = fields({
  name: text,
  message: text,
  line: nullable(ordinal),
  column: nullable(ordinal),
  file: optional(nullable(text)),
  stack: optional(text),
});

export const problem: Check = fields({
  severity: oneOf("error", "warning", "information", "hint"),
  code: text,
  message: text,
  file: optional(text),
  line: ordinal,
  column: ordinal,
  endLine: optional(ordinal),
  endColumn: optional(ordinal),
  related: list(fields({ file: optional(text), line: ordinal, column: ordinal, message: text })),
  fixes: optional(
    list(
      fields({
        title: text,
        edits: list(
          fields({
            file: optional(text),
            line: ordinal,
            column: ordinal,
            endLine: ordinal,
            endColumn: ordinal,
            text,
          }),
        ),
      }),
    ),
  ),
});

export const dropped: Check = fields({ passes: count, bytes: count });
export const nodeKind: Check = oneOf("function", "accumulate", "constant");
