/** @file Printing against PyTorch 2.13: every text in fixtures/print.json, character for character. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DTypeName } from "../../src/core/dtype.js";
import { formatExponent, formatFixed } from "../../src/core/print/decimal.js";
import { type PrintOptionsUpdate, setPrintoptions } from "../../src/core/print/options.js";
import { formatItem, formatSize } from "../../src/core/print/python.js";
import { parameterRepr, tensorRepr } from "../../src/core/print/repr.js";
import type { StridedData } from "../../src/core/print/strided.js";

type Value = number | string;
interface Sequence {
  start: number;
  step: number;
  count: number;
  modulo?: number;
}
interface Case {
  dtype: DTypeName;
  shape: number[];
  strides?: number[];
  offset?: number;
  data: Value[] | Sequence;
  patch?: [number, number][];
  requiresGrad?: boolean;
  gradFn?: string;
  text: string;
}
interface Fixture {
  torch: string;
  repr: Record<string, Case[]>;
  options: { options: Record<string, Value | boolean>; cases: Case[] }[];
  parameter: Case;
  defaultFloat64: Case[];
  format: { dtype: DTypeName; value: Value; text: string }[];
  decimal: { value: Value; precision: number; fixed: string | null; exponent: string }[];
  size: [number[], string][];
}

const fixture = JSON.parse(
  readFileSync(new URL("./fixtures/print.json", import.meta.url), "utf8"),
) as Fixture;

const SPECIAL: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };

function toNumber(value: Value): number {
  return typeof value === "number" ? value : (SPECIAL[value] ?? Number(value));
}

function expand(data: Value[] | Sequence, patch: [number, number][] = []): Value[] {
  if (Array.isArray(data)) return data;
  const { start, step, count, modulo } = data;
  const values = Array.from({ length: count }, (_, i) => start + step * i);
  for (const [i, value] of patch) values[i] = value;
  return modulo === undefined ? values : values.map((v) => (v % modulo === 0 ? 1 : 0));
}

function storage(dtype: DTypeName, values: Value[]): StridedData["data"] {
  if (dtype === "int64") return BigInt64Array.from(values.map(BigInt));
  const numbers = values.map(toNumber);
  if (dtype === "float32") return Float32Array.from(numbers);
  if (dtype === "float64") return Float64Array.from(numbers);
  return dtype === "int32" ? Int32Array.from(numbers) : Uint8Array.from(numbers);
}

function contiguous(shape: number[]): number[] {
  let stride = 1;
  return shape.reduceRight<number[]>((strides, size) => {
    strides.unshift(stride);
    stride *= size;
    return strides;
  }, []);
}

function tensor(c: Case): StridedData {
  const data = storage(c.dtype, expand(c.data, c.patch));
  const strides = c.strides ?? contiguous(c.shape);
  return { data, shape: c.shape, strides, offset: c.offset ?? 0, dtype: c.dtype };
}

function suffix(c: Case): { requiresGrad?: boolean | undefined; gradFn?: string | undefined } {
  return { requiresGrad: c.requiresGrad, gradFn: c.gradFn };
}

function check(c: Case): void {
  assert.equal(tensorRepr(tensor(c), suffix(c)), c.text);
}

describe("printing as PyTorch 2.13", () => {
  afterEach(() => setPrintoptions({ profile: "default" }));

  it("reads a fixture made by the version it claims", () => assert.equal(fixture.torch, "2.13.0"));

  for (const [name, cases] of Object.entries(fixture.repr)) {
    it(`writes all ${cases.length} ${name} cases`, () => cases.forEach(check));
  }

  for (const { options, cases } of fixture.options) {
    it(`writes ${cases.length} cases under set_printoptions(${JSON.stringify(options)})`, () => {
      const threshold = options.threshold === "inf" ? Number.POSITIVE_INFINITY : options.threshold;
      setPrintoptions({ ...options, threshold } as PrintOptionsUpdate);
      cases.forEach(check);
    });
  }

  it("writes int64 elements kept as numbers like those kept as bigints", () => {
    const c = fixture.repr.notation!.find((each) => each.dtype === "int64" && each.shape[0] === 3)!;
    const data = Array.from(tensor(c).data, Number);
    assert.equal(tensorRepr({ ...tensor(c), data }), c.text);
  });

  it("writes a Parameter under its heading", () => {
    const c = fixture.parameter;
    assert.equal(parameterRepr(tensor(c), suffix(c)), c.text);
  });

  it("leaves out the dtype that torch.set_default_dtype made the default", () => {
    for (const c of fixture.defaultFloat64) {
      assert.equal(tensorRepr(tensor(c), { defaultDtype: "float64" }), c.text);
    }
  });

  it("formats a 0-dim tensor as Python formats its item", () => {
    for (const { dtype, value, text } of fixture.format) {
      const item = dtype === "int64" ? BigInt(value) : toNumber(value);
      assert.equal(formatItem(item, dtype), text);
    }
  });

  it("rounds %f and %e as C does, ties to even, beyond JavaScript's limits", () => {
    for (const { value, precision, fixed, exponent } of fixture.decimal) {
      if (fixed !== null) assert.equal(formatFixed(toNumber(value), precision), fixed);
      assert.equal(formatExponent(toNumber(value), precision), exponent);
    }
  });

  it("writes torch.Size", () => {
    for (const [shape, text] of fixture.size) assert.equal(formatSize(shape), text);
  });
});
