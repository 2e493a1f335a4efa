/** @file From a trace's tensors and steps to the summaries that the export and the views speak of. */
import type {
  ExportStep,
  GradSummary,
  JsonNumber,
  SavedValue,
  TensorSummary,
  ValueSummary,
} from "./export.js";
import type { WireGrad, WireSaved, WireStep, WireTensor } from "./trace.js";

/** The number as JSON can hold it. */
export function jsonNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/** Elements of a tensor of this shape. */
export function numelOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** At most `limit` elements of the tensor, with the statistics over all of them. */
export function valueSummary(tensor: WireTensor, limit = tensor.data.length): ValueSummary {
  const data: JsonNumber[] = [];
  const count = Math.min(limit, tensor.data.length);
  for (let i = 0; i < count; i++) data.push(jsonNumber(tensor.data[i]!));
  const { min, max, mean, norm, nan, inf } = tensor;
  return { data, truncated: count < numelOf(tensor.shape), min, max, mean, norm, nan, inf };
}

export function tensorSummary(tensor: WireTensor, limit?: number): TensorSummary {
  return { shape: tensor.shape, dtype: tensor.dtype, ...valueSummary(tensor, limit) };
}

export function gradSummary(grad: WireGrad, limit?: number): GradSummary {
  return { ...valueSummary(grad.tensor, limit), updates: grad.updates };
}

export function savedValue(saved: WireSaved, limit?: number): SavedValue {
  const { name, value, savedVersion, version, freed } = saved;
  const shown = value === null ? "(freed)" : typeof value === "string" ? value : tensorSummary(value, limit);
  return { name, value: shown, savedVersion, version, freed };
}

export function exportStep(step: WireStep, limit?: number): ExportStep {
  const summary = (tensor: WireTensor | null) => (tensor === null ? null : tensorSummary(tensor, limit));
  const { accumulated } = step;
  return {
    node: step.node,
    grad_in: step.grad_in.map(summary),
    grad_out: step.grad_out.map(summary),
    accumulated: accumulated && {
      before: summary(accumulated.before),
      after: tensorSummary(accumulated.after, limit),
    },
    terms: step.terms.map(({ from, input_nr, value }) => ({
      from,
      input_nr,
      value: tensorSummary(value, limit),
    })),
    altered: step.altered,
    ...(step.hooks && {
      hooks: step.hooks.map(({ before, after, ...hook }) => {
        return { ...hook, before: before.map(summary), after: after?.map(summary) ?? null };
      }),
    }),
  };
}
