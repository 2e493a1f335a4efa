/** @file The pictures that ship: what makes them small, and that they are. */
import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { deflateSync, inflateSync } from "node:zlib";
import { ROOT } from "../support/paths.js";
import { decodePng, type Pixels, palettePng } from "../support/png.js";

/** What a viewer makes of a PNG with a palette whose rows are as they are. */
function colours(file: Uint8Array): number[][] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length; at += view.getUint32(at) + 12) {
    const bytes = Buffer.from(file.subarray(at + 4, at + 8 + view.getUint32(at)));
    chunks.set(bytes.toString("latin1", 0, 4), bytes.subarray(4));
  }
  const [header, palette] = [chunks.get("IHDR")!, chunks.get("PLTE")!];
  const width = header.readUInt32BE(0);
  const rows = inflateSync(chunks.get("IDAT")!);
  return Array.from({ length: width * header.readUInt32BE(4) }, (_, i) => {
    const index = rows[Math.floor(i / width) * (width + 1) + 1 + (i % width)]!;
    return [...palette.subarray(3 * index, 3 * index + 3)];
  });
}

function picture(width: number, height: number, colour: (x: number, y: number) => number[]): Pixels {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return colour(pixel % width, Math.floor(pixel / width))[i % 3]!;
  });
  return { width, height, channels: 3, data };
}

const triples = ({ data }: Pixels) =>
  Array.from({ length: data.length / 3 }, (_, i) => [...data.subarray(3 * i, 3 * i + 3)]);

describe("pictures with a palette", () => {
  it("are exact where they have no more than 256 colours", () => {
    const exact = picture(16, 16, (x, y) => [x * 16, y * 16, (x * y) % 256]);
    assert.deepEqual(colours(palettePng(exact)!), triples(exact));
  });

  it("are near what they were where they have more", () => {
    const smooth = picture(64, 64, (x, y) => [x * 4, y * 4, 128]);
    const shown = colours(palettePng(smooth)!);
    const errors = triples(smooth).flatMap((rgb, i) => rgb.map((each, k) => Math.abs(each - shown[i]![k]!)));
    assert.ok(Math.max(...errors) <= 16, String(Math.max(...errors)));
  });

  it("are not made of what one can see through", () => {
    assert.equal(palettePng({ width: 1, height: 1, channels: 4, data: Uint8Array.of(1, 2, 3, 4) }), null);
  });

  it("are read with every filter of a row that PNG has", () => {
    const plain = palettePng(picture(1, 1, () => [0, 0, 0]))!;
    // One row of each filter, of two pixels whose bytes all say "one more than predicted".
    const rows = Buffer.from([0, 1, 2, 3, 4].flatMap((filter) => [filter, 1, 1, 1, 1, 1, 1]));
    const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 5, 8, 2, 0, 0, 0]);
    const part = (type: string, data: Buffer) =>
      Buffer.concat([lengthOf(data), Buffer.from(type, "latin1"), data, Buffer.alloc(4)]);
    const file = Buffer.concat([plain.subarray(0, 8), part("IHDR", header), part("IDAT", deflateSync(rows))]);
    const red = triples(decodePng(file)).map(([first]) => first);
    assert.deepEqual(red, [1, 1, 1, 2, 2, 3, 2, 3, 3, 4]);
  });

  it("stay small in the package", () => {
    const folder = join(ROOT, "media/walkthrough");
    const files = [
      join(ROOT, "media/screenshot.png"),
      ...readdirSync(folder).map((name) => join(folder, name)),
    ];
    for (const file of files) assert.ok(statSync(file).size < 150_000, file);
  });
});

function lengthOf(data: Buffer): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(data.length);
  return bytes;
}
