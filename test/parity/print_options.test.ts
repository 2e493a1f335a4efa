/** @file What `set_printoptions` changes: random tensors under random options, as PyTorch 2.13 prints them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as torch from "../../src/core/index.js";

interface Spec {
  readonly dtype: "float32" | "float64" | "int64" | "int32" | "uint8" | "bool";
  readonly shape: number[];
  readonly kind: string;
  readonly seed: number;
  readonly grad?: "leaf" | "mul" | "t";
}

const { float32, float64, int64, int32, uint8, bool } = torch;
const DTYPES = { float32, float64, int64, int32, uint8, bool };
const SPECIAL = [0, 1, Number.NaN, -2.5, Number.POSITIVE_INFINITY, 0.125, Number.NEGATIVE_INFINITY, -0];

/** `element` of print_options.py, operation for operation. */
function element(kind: string, seed: number, i: number): number {
  const n = (i * 7919 + seed * 104729) % 97;
  if (kind === "whole") return n - 40;
  if (kind === "eighths") return (n - 40) / 8;
  if (kind === "wide") return (1 + n / 8) * Number(`1e${(n % 7) - 3}`) * (n % 3 === 0 ? -1 : 1);
  if (kind === "tiny") return (1 + n / 8) * 1e-6;
  return kind === "huge" ? (n - 40) * 12345678 : SPECIAL[n % SPECIAL.length]!;
}

function tensorOf({ dtype, shape, kind, seed, grad }: Spec): torch.Tensor {
  const count = shape.reduce((n, d) => n * d, 1);
  const floating = dtype === "float32" || dtype === "float64";
  const values = Array.from({ length: count }, (_, i) => {
    const x = element(kind, seed, i);
    if (dtype === "bool") return x > 0 ? 1 : 0;
    return floating ? x : Number.isFinite(x) ? Math.trunc(Math.abs(x)) % 200 : 7;
  });
  const t = torch.tensor(values, { dtype: DTYPES[dtype] }).reshape(shape);
  if (grad === undefined) return t;
  t.requires_grad_();
  if (grad === "mul") return t.mul(1);
  return grad === "t" && shape.length >= 2 ? t.transpose(0, 1) : t;
}

const text = readFileSync(new URL("./fixtures/print_options.txt", import.meta.url), "utf8").slice(0, -1);
const groups = text.split(/^# /m).slice(1);

describe("set_printoptions", () => {
  afterEach(() => torch.set_printoptions({ profile: "default" }));

  groups.forEach((group) => {
    const [options = "", ...cases] = group.replace(/\n$/, "").split(/\n## /);
    it(`prints as PyTorch under ${options}`, () => {
      torch.set_printoptions(JSON.parse(options));
      for (const c of cases) {
        const end = c.indexOf("\n");
        assert.equal(torch.inspect(tensorOf(JSON.parse(c.slice(0, end)))), c.slice(end + 1), c.slice(0, end));
      }
    });
  });

  it("takes its arguments by position too, and refuses names that it does not have", () => {
    torch.set_printoptions(2, null, null, 60);
    assert.deepEqual(torch.get_printoptions(), {
      precision: 2,
      threshold: 1000,
      edgeitems: 3,
      linewidth: 60,
      sci_mode: null,
    });
    assert.throws(() => torch.set_printoptions({ digits: 2 } as never), {
      name: "TypeError",
      message: "set_printoptions() got an unexpected keyword argument 'digits'",
    });
  });

  it("lets a precision that is none fail where it is used, as Python does", () => {
    for (const [precision, message] of [
      [-1, "Format specifier missing precision"],
      [2.5, "Invalid format specifier '.2.5f' for object of type 'float'"],
    ] as const) {
      torch.set_printoptions({ precision });
      assert.throws(() => torch.inspect(torch.tensor([0.5])), { name: "ValueError", message });
      assert.equal(torch.inspect(torch.arange(2)), "tensor([0, 1])");
    }
  });
});
