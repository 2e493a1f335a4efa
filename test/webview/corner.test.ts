import assert from "node:assert/strict";
import type { Box } from "../../webview/canvas/painter.js";
import { overlaps } from "../../webview/canvas/route.js";
import { fitInto } from "../../webview/canvas/viewport.js";
import { cornerBox, freeCorner } from "../../webview/ui/corner.js";

const ROOM = { width: 400, height: 300 };
const LEGEND = { width: 150, height: 120 };

const clearOf =
  (...cards: readonly Box[]) =>
  (place: Box) =>
    !cards.some((card) => overlaps(card, place));

describe("The view that shows all of a drawing", () => {
  it("has it in the middle, within a rim that holds the legend's button", () => {
    const box = { x: -100, y: 50, width: 800, height: 400 };
    const { zoom, x, y } = fitInto(box, ROOM)!;
    const [left, top] = [box.x * zoom + x, box.y * zoom + y];
    assert.ok(Math.abs(left - 28) < 1e-9, `${left}`);
    assert.ok(Math.abs(ROOM.width - (left + box.width * zoom) - 28) < 1e-9);
    assert.ok(Math.abs(ROOM.height - (top + box.height * zoom) - top) < 1e-9);
  });

  it("blows nothing small up, and is none without a drawing or a room", () => {
    assert.equal(fitInto({ x: 0, y: 0, width: 10, height: 10 }, ROOM)?.zoom, 1.15);
    assert.equal(fitInto({ x: 0, y: 0, width: 0, height: 0 }, ROOM), null);
    assert.equal(fitInto({ x: 0, y: 0, width: 10, height: 10 }, { width: 0, height: 0 }), null);
  });
});

describe("A corner for the legend", () => {
  it("is the usual one where that is free", () => {
    assert.equal(
      freeCorner(LEGEND, ROOM, 12, () => true),
      "end bottom",
    );
  });

  it("is another where a card stands in the usual one", () => {
    const card = { x: 300, y: 200, width: 60, height: 40 };
    assert.equal(freeCorner(LEGEND, ROOM, 12, clearOf(card)), "start bottom");
  });

  it("stays where the legend lies already, as long as it is free there", () => {
    assert.equal(
      freeCorner(LEGEND, ROOM, 12, () => true, "start top"),
      "start top",
    );
    const card = { x: 20, y: 20, width: 60, height: 40 };
    assert.equal(freeCorner(LEGEND, ROOM, 12, clearOf(card), "start top"), "end bottom");
  });

  it("is none where cards stand in all, or the room is too small", () => {
    const row = { x: 0, y: 100, width: 400, height: 120 };
    assert.equal(freeCorner(LEGEND, ROOM, 12, clearOf(row)), null);
    assert.equal(
      freeCorner(LEGEND, { width: 170, height: 300 }, 12, () => true),
      null,
    );
  });

  it("keeps its distance from the edges", () => {
    assert.deepEqual(cornerBox("end bottom", LEGEND, ROOM, 12), { x: 238, y: 168, ...LEGEND });
    assert.deepEqual(cornerBox("start top", LEGEND, ROOM, 12), { x: 12, y: 12, ...LEGEND });
  });
});
