/** @file Arguments that stand in the text as they are: numbers, shapes, options. */
import ts from "typescript";
import { unwrapped } from "../shapes.js";
import type { Names } from "./names.js";

/** A number, written out or bound to a name for good; null for any other expression. */
export function numberOf(node: ts.Expression, names: Names): number | null {
  const inner = unwrapped(node);
  if (ts.isNumericLiteral(inner)) return Number(inner.text);
  if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.MinusToken) {
    const value = numberOf(inner.operand, names);
    return value === null ? null : -value;
  }
  if (!ts.isIdentifier(inner)) return null;
  const initializer = names.variable(inner)?.initializer;
  return initializer === undefined ? null : numberOf(initializer, names);
}

/** What kind of numbers an array literal holds, and its shape; null where the text does not say. */
export interface Data {
  readonly shape: readonly number[];
  readonly kind: "number" | "bigint" | "boolean";
}

export function dataOf(node: ts.Expression): Data | null {
  const inner = unwrapped(node);
  if (!ts.isArrayLiteralExpression(inner)) {
    const kind = elementKind(inner);
    return kind === null ? null : { shape: [], kind };
  }
  const rows = inner.elements.map(dataOf);
  const [first] = rows;
  if (first === undefined) return { shape: [0], kind: "number" };
  if (first === null) return null;
  const alike = rows.every((row) => row?.kind === first.kind && row.shape.join() === first.shape.join());
  return alike ? { shape: [rows.length, ...first.shape], kind: first.kind } : null;
}

function elementKind(node: ts.Expression): Data["kind"] | null {
  if (ts.isNumericLiteral(node)) return "number";
  if (ts.isBigIntLiteral(node)) return "bigint";
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const kind = elementKind(unwrapped(node.operand));
    return kind === "boolean" ? null : kind;
  }
  const { kind } = node;
  return kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword ? "boolean" : null;
}

/** Sizes, one after another or in an array; null where one of them is not plain. */
export function sizesOf(args: readonly ts.Expression[], names: Names): readonly number[] | null {
  const [first] = args;
  const inner = first === undefined ? undefined : unwrapped(first);
  const list = args.length === 1 && inner && ts.isArrayLiteralExpression(inner) ? [...inner.elements] : args;
  const sizes = list.map((each) => numberOf(each, names));
  return sizes.every((size): size is number => size !== null && Number.isInteger(size) && size >= 0)
    ? sizes
    : null;
}

/** The options that end a call's arguments. */
export interface Options {
  /** Arguments before them. */
  readonly args: readonly ts.Expression[];
  /** null where they are put together elsewhere, or may be. */
  readonly given: ReadonlyMap<string, ts.Expression> | null;
}

export function optionsOf(call: ts.CallExpression | ts.NewExpression): Options {
  const args = call.arguments ?? [];
  const last = args.at(-1);
  if (last === undefined || !ts.isObjectLiteralExpression(last)) return { args, given: new Map() };
  const given = new Map<string, ts.Expression>();
  for (const property of last.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name))
      return { args: args.slice(0, -1), given: null };
    given.set(property.name.text, property.initializer);
  }
  return { args: args.slice(0, -1), given };
}

/** A switch among the options: as written, false where it is not there, null where it is computed. */
export function flag({ given }: Options, name: string): boolean | null {
  if (given === null) return null;
  const value = given.get(name);
  if (value === undefined) return false;
  const { kind } = unwrapped(value);
  if (kind === ts.SyntaxKind.TrueKeyword) return true;
  return kind === ts.SyntaxKind.FalseKeyword ? false : null;
}
