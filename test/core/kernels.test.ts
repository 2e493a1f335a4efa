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

/** Distance in units in the last place of `want`; 0 of equal values, NaN and infinities included. */
function ulps(got: number, want: number): number {
  if (Object.is(got, want)) return 0;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(want))), -126);
  return Math.abs(got - want) / 2 ** (exponent - 23);
}

/** Numbers at the edges of float32, repeated until kernels are used, among ordinary ones. */
function edges(ordinary: torch.Tensor): torch.Tensor {
  const at = ordinary.numpy() as Float32Array;
  const special = [
    ...[
      Number.NaN,
      Infinity,
      -Infinity,
      0,
      -0,
      1,
      -1,
      2 ** -149,
      -(2 ** -149),
      2 ** -126,
      -1e-40,
      3e38,
      -3e38,
    ],
    ...[88.72, 88.73, -87.4, -100, -103.9, -104.1, 0.624, 0.626, -0.625, 1e-8, 9.1, -9.1, 20],
  ];
  special.forEach((x, i) => {
    for (let j = i; j < at.length; j += 997) at[j] = x;
  });
  return ordinary;
}

const LARGE = 20_001;

describe("pointwise functions in WebAssembly", () => {
  beforeEach(() => torch.manual_seed(6));

  for (const [name, most] of [
    ["exp", 2],
    ["tanh", 3],
    ["sigmoid", 3],
  ] as const) {
    it(`${name} within ${most} units in the last place`, () => {
      const x = edges(torch.randn(LARGE).mul(5));
      const input = values(x);
      const { plain, native } = both(() => values(x[name]()));
      native.forEach((y, i) => {
        // Where e⁻ˣ overflows, sigmoid is 0, as PyTorch's.
        if (name === "sigmoid" && plain[i]! < 2 ** -126) assert.ok(Math.abs(y - plain[i]!) < 2 ** -126);
        else assert.ok(ulps(y, plain[i]!) <= most, `${name}(${input[i]}) = ${y}, not ${plain[i]}`);
      });
    });
  }

  const shapes: [string, () => [torch.Tensor, torch.Tensor]][] = [
    ["two of a shape", () => [edges(torch.randn(LARGE)), edges(torch.randn(LARGE)).flip(0)]],
    ["a matrix and a row", () => [edges(torch.randn(201, 103)), torch.randn(103)]],
    ["a column and a matrix", () => [torch.randn(201, 1), edges(torch.randn(201, 103))]],
    ["a row and a column", () => [torch.randn(103), torch.randn(201, 1)]],
    ["an expanded number", () => [torch.randn(1).expand(LARGE), edges(torch.randn(LARGE))]],
    ["a tensor and a number", () => [edges(torch.randn(LARGE)), torch.tensor(0.3)]],
    ["windows of a matrix", () => [torch.randn(210, 120).narrow(1, 3, 103), torch.randn(210, 103)]],
    ["transposed ones", () => [torch.randn(103, 201).t(), torch.randn(103, 201).t()]],
    ["batches and a matrix", () => [torch.randn(7, 31, 103), torch.randn(31, 103)]],
  ];
  for (const [name, make] of shapes) {
    it(`add, sub, mul and div of ${name} round as the plain loops do`, () => {
      const [x, y] = make();
      for (const op of ["add", "sub", "mul", "div"] as const) {
        const { plain, native } = both(() => values(x[op](y)));
        assert.deepEqual(native, plain, op);
      }
    });
  }

  it("add, sub, mul and div by a number round as the plain loops do", () => {
    const x = edges(torch.randn(LARGE));
    const expanded = torch.randn(150, 1).expand(150, 160);
    for (const op of ["add", "sub", "mul", "div"] as const) {
      for (const t of [x, expanded]) {
        const { plain, native } = both(() => values(t[op](0.1)));
        assert.deepEqual(native, plain, op);
      }
    }
  });

  for (const name of ["tanh", "sigmoid", "relu"] as const) {
    it(`the gradient of ${name} within two roundings of the incoming one`, () => {
      const x = torch.randn(LARGE);
      const g = torch.randn(LARGE);
      const { plain, native } = both(() => {
        const leaf = x.clone().requires_grad_();
        leaf[name]().backward(g);
        return values(leaf.grad!);
      });
      const incoming = values(g);
      native.forEach((y, i) => {
        assert.ok(Math.abs(y - plain[i]!) <= 8 * U * Math.abs(incoming[i]!));
      });
    });
  }
});

describe("sums in WebAssembly", () => {
  beforeEach(() => torch.manual_seed(7));

  for (const [rows, cols] of [
    [1, 100_003],
    [1000, 33],
    [37, 1000],
    [3, 9001],
    [4100, 8],
  ] as const) {
    it(`of [${rows}, ${cols}] are the plain loops', bit for bit`, () => {
      const x = torch.randn(rows, cols);
      const { plain, native } = both(() => [x.sum(), x.sum(0), x.mean(1)].map(values));
      assert.deepEqual(native, plain);
    });
  }

  it("over dimensions that repeat an element", () => {
    const x = torch.randn(200, 1);
    const { native } = both(() => [
      x.expand(200, 300).sum(1),
      x.expand(200, 300).sum(),
      x.t().expand(300, 200).mean(0),
    ]);
    assert.ok(torch.allclose(native[0]!, x.squeeze(1).mul(300)));
    assert.ok(torch.allclose(native[1]!, x.sum().mul(300), { atol: 1e-3 }));
    assert.ok(torch.allclose(native[2]!, x.squeeze(1)));
  });
});

const SOFTMAX = { softmax: torch.softmax, log_softmax: torch.log_softmax };

describe("softmax in WebAssembly", () => {
  beforeEach(() => torch.manual_seed(8));

  for (const cols of [1000, 1001, 1003, 9]) {
    for (const fn of ["softmax", "log_softmax"] as const) {
      it(`${fn} of rows of ${cols}, and its gradient`, () => {
        const x = torch.randn(Math.ceil(20_000 / cols), cols).mul(4);
        const g = torch.randn_like(x);
        const { plain, native } = both(() => {
          const leaf = x.clone().requires_grad_();
          const y = SOFTMAX[fn](leaf, 1);
          y.backward(g);
          return [y.detach(), leaf.grad!];
        });
        for (const i of [0, 1]) {
          assert.ok(torch.allclose(native[i]!, plain[i]!, { rtol: 2e-6, atol: i === 0 ? 1e-30 : 1e-5 }));
        }
      });
    }
  }

  it("rows of −∞, of NaN and of +∞ give what the plain loops give", () => {
    const x = torch.randn(20, 1000);
    const at = x.numpy() as Float32Array;
    at.fill(-Infinity, 0, 1000);
    at[1500] = Number.NaN;
    at[2500] = Infinity;
    at[3500] = -Infinity;
    for (const fn of ["softmax", "log_softmax"] as const) {
      const { plain, native } = both(() => SOFTMAX[fn](x, 1));
      assert.ok(torch.allclose(native, plain, { rtol: 2e-6, equal_nan: true }));
    }
  });
});

describe("convolutions as products of matrices", () => {
  beforeEach(() => torch.manual_seed(9));

  for (const [name, x, w, options] of [
    ["with padding", [4, 3, 20, 19], [8, 3, 3, 3], { padding: 1 }],
    ["with a stride", [4, 3, 30, 31], [16, 3, 3, 5], { stride: [2, 3], padding: [1, 2] }],
    ["with dilation", [4, 4, 30, 30], [8, 4, 3, 3], { dilation: [2, 1], padding: [3, 0] }],
    ["in groups", [4, 8, 20, 20], [8, 2, 3, 3], { groups: 4, padding: 1 }],
    ["with more padding than kernel", [2, 4, 20, 20], [16, 4, 2, 2], { padding: 5 }],
    ["with a kernel wider than the image", [4, 8, 30, 5], [16, 8, 3, 9], { padding: [0, 4] }],
    ["with a stride that skips the last columns", [4, 4, 31, 30], [8, 4, 3, 3], { stride: 4 }],
    [
      "of volumes",
      [2, 3, 7, 9, 8],
      [6, 3, 3, 2, 3],
      { stride: [2, 1, 1], padding: [1, 0, 1], dilation: [1, 2, 1] },
    ],
  ] as const) {
    it(`${name}: results and gradients as in float64, whose loops are direct`, () => {
      const make = (dtype: torch.dtype): torch.Tensor[] => {
        torch.manual_seed(9);
        const leaves = [torch.randn(...x), torch.randn(...w), torch.randn(w[0])].map((t) =>
          t.to(dtype).requires_grad_(),
        );
        const [input, weight, bias] = leaves as [torch.Tensor, torch.Tensor, torch.Tensor];
        const { conv2d, conv3d } = torch.nn.functional;
        const y = (x.length === 5 ? conv3d : conv2d)(input, weight, bias, options as never);
        y.mul(y).sum().backward();
        return [y.detach(), ...leaves.map((t) => t.grad!)].map((t) => t.to(torch.float64));
      };
      const wide = make(torch.float64);
      const { plain, native } = both(() => make(torch.float32));
      for (const results of [plain, native]) {
        results.forEach((t, i) => {
          const scale = wide[i]!.abs().max().item() as number;
          assert.ok(torch.allclose(t, wide[i]!, { rtol: 0, atol: 1e-5 * scale }), `result ${i}`);
        });
      }
    });
  }
});
