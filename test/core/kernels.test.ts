/**
 * @file The WebAssembly kernels of dist/kernels.wasm compute what the plain loops do, within the error that
 * single precision allows.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../src/core/index.js";
import { ROOT } from "../support/paths.js";

/** Unit roundoff of float32. */
const U = 2 ** -24;

function kernels(): torch._C.NativeKernels {
  const bytes = readFileSync(join(ROOT, "dist", "kernels.wasm"));
  return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as torch._C.NativeKernels;
}

/** What `make` computes with the plain loops and with the kernels. */
function both<T>(make: () => T): { plain: T; native: T } {
  torch._C.installKernels(null);
  const plain = make();
  torch._C.installKernels(kernels());
  try {
    return { plain, native: make() };
  } finally {
    torch._C.installKernels(null);
  }
}

const values = (t: torch.Tensor): number[] => [...(t.detach().contiguous().numpy() as Float32Array)];

/** Σ|a·b| of each element of a product: the scale of its rounding error. */
function magnitudes(a: torch.Tensor, b: torch.Tensor): number[] {
  return values(a.abs().double().matmul(b.abs().double()));
}

/** |fl(x·y) − x·y| ≤ γ_k |x|·|y|, whatever the order of the k products (Higham, 3.5). */
function assertProduct(a: torch.Tensor, b: torch.Tensor): void {
  const { plain, native } = both(() => values(a.matmul(b)));
  const k = a.shape.at(-1)!;
  const scale = magnitudes(a, b);
  native.forEach((x, i) => {
    assert.ok(
      Math.abs(x - plain[i]!) <= k * U * scale[i]! + 1e-45,
      `element ${i}: ${x} where the plain loop gives ${plain[i]}`,
    );
  });
}

describe("matrix products in WebAssembly", () => {
  beforeEach(() => torch.manual_seed(5));

  for (const [m, k, n] of [
    [64, 64, 64],
    [37, 1100, 41],
    [5, 4000, 4],
    [4, 3, 6000],
    [301, 13, 23],
  ] as const) {
    it(`[${m}, ${k}] · [${k}, ${n}] in every order of dimensions`, () => {
      const a = torch.randn(m, k);
      const b = torch.randn(k, n);
      assertProduct(a, b);
      assertProduct(torch.randn(k, m).t(), b);
      assertProduct(a, torch.randn(n, k).t());
      assertProduct(torch.randn(k, m).t(), torch.randn(n, k).t());
    });
  }

  it("of windows, of steps and of expanded operands", () => {
    const wide = torch.randn(200, 300);
    assertProduct(wide.narrow(0, 3, 90).narrow(1, 5, 77), wide.narrow(0, 100, 77).narrow(1, 1, 99));
    assertProduct(torch.randn(60, 900).as_strided([60, 60], [900, 15]), torch.randn(60, 60));
    assertProduct(torch.ones(1, 1).expand(70, 80), torch.randn(80, 90));
  });

  it("of batches", () => {
    const [a, b] = [torch.randn(3, 50, 60), torch.randn(3, 60, 70)];
    const { native } = both(() => a.bmm(b));
    for (let i = 0; i < 3; i++) {
      assert.ok(torch.allclose(native.select(0, i), a.select(0, i).matmul(b.select(0, i)), { atol: 1e-4 }));
    }
  });

  it("keep NaN and infinity where they belong", () => {
    const a = torch.randn(64, 64);
    a.numpy()[5 * 64 + 7] = Number.NaN;
    a.numpy()[9 * 64 + 1] = Number.POSITIVE_INFINITY;
    const { plain, native } = both(() => values(a.matmul(torch.eye(64).add(1))));
    assert.deepEqual(
      native.map((x) => (Number.isFinite(x) ? "finite" : x)),
      plain.map((x) => (Number.isFinite(x) ? "finite" : x)),
    );
    assert.ok(native.slice(5 * 64, 6 * 64).every(Number.isNaN));
  });

  it("are made in parts where they need more scratch than one may take", () => {
    const [a, b] = [torch.randn(6000, 4), torch.randn(4, 2999)];
    const { plain, native } = both(() => a.matmul(b));
    assert.ok(torch.allclose(native, plain, { atol: 1e-5 }));
  });

  it("of few elements are the plain loops', bit for bit", () => {
    const [a, b] = [torch.randn(100, 16), torch.randn(16, 16)];
    const { plain, native } = both(() => values(a.matmul(b)));
    assert.deepEqual(native, plain);
  });

  it("of float64 are the plain loops'", () => {
    const a = torch.randn(64, 64, { dtype: torch.float64 });
    const { plain, native } = both(() => values(a.matmul(a)));
    assert.deepEqual(native, plain);
  });
});
