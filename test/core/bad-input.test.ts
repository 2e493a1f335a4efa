/** @file Whatever a function is given, what it answers is a result or one of PyTorch's errors, never JavaScript's own. */
import assert from "node:assert/strict";
import * as torch from "../../src/core/index.js";

type Fn = ((...args: unknown[]) => unknown) & { readonly params?: readonly unknown[] };

const BAD: readonly (readonly [name: string, value: unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["an array", [1, 2]],
  ["an object", { a: 1 }],
  ["a string", "x"],
  ["NaN", Number.NaN],
  ["2^60", 2 ** 60],
  ["-5", -5],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["1.5", 1.5],
  ["a bigint", 3n],
];
const NATIVE: readonly unknown[] = [TypeError, RangeError, SyntaxError, ReferenceError, Error];

const namespaces = {
  torch,
  "torch.nn.functional": torch.nn.functional,
  "torch.linalg": torch.linalg,
  "torch.special": torch.special,
};

/** Every function that says what it takes. */
function* described(): Generator<readonly [string, Fn]> {
  for (const [space, members] of Object.entries(namespaces)) {
    for (const [name, value] of Object.entries(members)) {
      if (typeof value === "function" && "params" in value) yield [`${space}.${name}`, value as Fn];
    }
  }
}

const matrix = (): torch.Tensor =>
  torch.tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);

/** What is wrong with the error of a call; null where it answered or complained as PyTorch does. */
function complaint(call: () => unknown): string | null {
  try {
    call();
    return null;
  } catch (error) {
    const { name, message } = error as Error;
    return NATIVE.includes((error as object).constructor) ? `${name}: ${message}` : null;
  }
}

describe("bad input", () => {
  const before = torch.set_warning_handler(() => {});
  after(() => torch.set_warning_handler(before));
  afterEach(() => torch.set_printoptions({ profile: "default" }));

  for (const [name, value] of BAD) {
    it(`${name} in the place of any argument ends in PyTorch's error, or in a result`, () => {
      const wrong: string[] = [];
      for (const [path, fn] of described()) {
        const calls: readonly unknown[][] = [[value], [matrix(), value], [matrix(), 1, value]];
        for (const args of calls) {
          const found = complaint(() => fn(...args));
          if (found !== null) wrong.push(`${path}, argument ${args.length}: ${found}`);
        }
      }
      assert.deepEqual(wrong, []);
    });
  }

  it("sizes beyond any memory, and below zero, are refused with PyTorch's words", () => {
    assert.throws(() => torch.zeros(2 ** 60), {
      name: "RuntimeError",
      message:
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 4611686018427387904 bytes. Error code 12 (Cannot allocate memory)",
    });
    assert.throws(() => torch.full([-5], 1), {
      name: "RuntimeError",
      message: "Trying to create tensor with negative dimension -5: [-5]",
    });
    assert.throws(() => matrix().split(-1), {
      name: "RuntimeError",
      message: "split expects split_size be non-negative, but got split_size=-1",
    });
  });
});
