import assert from "node:assert/strict";
import { Pins } from "../../webview/pins.js";

describe("Cards that a person has put somewhere", () => {
  it("go back one move at a time, and are free again after the first", () => {
    const pins = new Pins();
    pins.pin("w", { x: 10, y: 20 }, { x: 0, y: 0 });
    pins.pin("w", { x: 30, y: 40 }, { x: 10, y: 20 });
    assert.deepEqual(pins.undo()?.from, { x: 10, y: 20 });
    assert.deepEqual(pins.all.get("w"), { x: 10, y: 20 });
    assert.deepEqual(pins.undo()?.from, { x: 0, y: 0 });
    assert.equal(pins.all.size, 0);
    assert.equal(pins.undo(), null);
  });

  it("are let go one by one or all at once, and then no move of theirs is undone", () => {
    const pins = new Pins();
    for (const key of ["a", "b", "c"]) pins.pin(key, { x: 1, y: 2 }, null);
    assert.equal(pins.release("c"), 1);
    assert.equal(pins.undo()?.key, "b");
    assert.equal(pins.release(null), 1);
    assert.equal(pins.release(null), 0);
    assert.equal(pins.undo(), null);
  });

  it("are saved by key, and what is damaged is left out", () => {
    const pins = new Pins();
    pins.pin("w", { x: 10.4, y: -3.6 }, null);
    const saved: unknown = JSON.parse(
      JSON.stringify({ ...pins.saved, bad: [1], worse: "x", worst: [1, null] }),
    );
    pins.restore(saved);
    assert.deepEqual([...pins.all], [["w", { x: 10, y: -4 }]]);
    pins.restore(null);
    assert.equal(pins.all.size, 0);
  });
});
