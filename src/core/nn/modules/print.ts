/** @file How modules print: one line each, children indented under their parent. */
import { reprFloat } from "../../print/python.js";
import type { Module } from "./module.js";
import { ownModules } from "./tree.js";

export function indent(text: string): string {
  return text.replace(/\n(?=[^\n])/g, "\n  ");
}

export function moduleRepr(module: Module): string {
  const extra = module.extra_repr();
  const children = [...ownModules(module)].map(([name, child]) => `(${name}): ${indent(child.toString())}`);
  const name = module._get_name();
  if (children.length === 0 && !extra.includes("\n")) return `${name}(${extra})`;
  const lines = extra === "" ? children : [...extra.split("\n"), ...children];
  return `${name}(\n  ${lines.join("\n  ")}\n)`;
}

/** A value as Python prints it: `True`, `None`, `'mean'`, `(3, 3)`, `1e-05`. */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return `'${value}'`;
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : reprFloat(value);
  if (Array.isArray(value)) {
    const items = value.map(pythonRepr);
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
  }
  return String(value);
}

/** `name=value, name=value`. */
export function settings(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${pythonRepr(value)}`)
    .join(", ");
}
