/** @file The parts in which a heat map shows a tensor that is too large to be looked at whole. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { heatPages, PAGE_SIDE, pageText } from "../../webview/model/heat-pages.js";

const texts = (shape: readonly number[], known: number) =>
  heatPages(shape, known).map((page) => pageText(page, shape));

describe("The pages of a heat map", () => {
  it("are one for a small matrix, and none for what is no matrix", () => {
    assert.deepEqual(texts([3, 4], 12), ["[:, :]"]);
    for (const shape of [[], [5], [0, 4], [4, 0]]) assert.deepEqual(texts(shape, 5), []);
  });

  it("go through the slices of more than two dims", () => {
    assert.deepEqual(texts([2, 2, 3, 4], 48), [
      "[0, 0, :, :]",
      "[0, 1, :, :]",
      "[1, 0, :, :]",
      "[1, 1, :, :]",
    ]);
  });

  it("go through the windows of a large matrix", () => {
    const ends = [`0:${PAGE_SIDE}`, `${PAGE_SIDE}:40`];
    assert.deepEqual(
      texts([40, 40], 1600),
      ends.flatMap((rows) => ends.map((columns) => `[${rows}, ${columns}]`)),
    );
  });

  it("hold every element that is known exactly once, and none begins beyond", () => {
    const shape = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(shape, fc.integer({ min: 0, max: 1000 }), (sizes, most) => {
        const known = Math.min(
          most,
          sizes.reduce((a, b) => a * b, 1),
        );
        const seen = new Set<number>();
        for (const { offset, rows, columns, stride } of heatPages(sizes, known)) {
          assert.ok(offset < known);
          for (let i = 0; i < rows[1] - rows[0]; i++) {
            for (let j = 0; j < columns[1] - columns[0]; j++) {
              const index = offset + i * stride + j;
              assert.ok(!seen.has(index));
              seen.add(index);
            }
          }
        }
        for (let index = 0; index < known; index++) assert.ok(seen.has(index));
      }),
    );
  });
});
