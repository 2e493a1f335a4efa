/** @file Values in words. */
import { inspect } from "node:util";
import { _C, Tensor } from "../../core/index.js";
import type { Evaluated } from "../../protocol/debug.js";
import { wireTensor } from "../recorder/wire.js";
import { ExpressionError } from "./expression.js";

export function show(value: unknown): Evaluated {
  if (value instanceof Tensor) {
    return { text: _C.repr(value), type: typeName(value), tensor: wireTensor(value) };
  }
  return { text: inspect(value, { depth: 2, maxArrayLength: 100 }), type: typeName(value), tensor: null };
}

export function typeName(value: unknown): string {
  if (value instanceof Tensor) return `Tensor ${value.dtype.name} [${value._shape.join(", ")}]`;
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  return (value.constructor as { name?: string } | undefined)?.name ?? "Object";
}

/** As a log message shows it: single numbers without their tensor around them. */
export function brief(value: unknown): string {
  if (value instanceof Tensor) return value._numel === 1 ? String(value.item()) : _C.repr(value);
  return typeof value === "string" ? value : inspect(value, { depth: 2 });
}

/** Whether a condition holds; a tensor's truth is that of its only element, as in PyTorch. */
export function truth(value: unknown): boolean {
  if (!(value instanceof Tensor)) return Boolean(value);
  if (value._numel !== 1) {
    throw new ExpressionError("Boolean value of Tensor with more than one value is ambiguous");
  }
  return Boolean(value.item());
}
