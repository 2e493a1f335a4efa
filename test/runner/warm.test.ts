/** @file What a runner does while it waits for a program. */
import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { instrument } from "../../src/instrument/instrument.js";
import { warmUp } from "../../src/runner/warm.js";

describe("a runner that waits", () => {
  /** Texts that were compiled after so many turns of the event loop, with a program from one of them on. */
  async function compiled(turns: number, programAt: number): Promise<number> {
    let at = 0;
    let count = 0;
    warmUp(
      (...args) => {
        count++;
        return instrument(...args);
      },
      () => at >= programAt,
      4,
    );
    for (; at < turns; at++) await turn();
    return count;
  }

  it("compiles something in each turn of its event loop, and then rests", async () => {
    assert.equal(await compiled(10, 10), 4);
  });

  it("leaves off when a program comes", async () => {
    assert.ok((await compiled(10, 2)) < 4);
    assert.equal(await compiled(10, 0), 0);
  });
});
