/** @file Pictures of the screen with a palette: a third of the size, and of a user interface nobody sees what is missing. */
import { deflateSync, inflateSync } from "node:zlib";

/** Eight bits a channel, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 3 for RGB, 4 for RGBA. */
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const RGB = 2;
const PALETTE = 3;
const RGBA = 6;
const COLOURS = 256;

/** @throws where it is no PNG of eight bits a channel, RGB or RGBA, as browsers write them */
export function decodePng(file: Uint8Array): Pixels {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const parts: Uint8Array[] = [];
  let header: DataView | null = null;
  for (let at = SIGNATURE.length; at < file.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (type === "IHDR") header = new DataView(file.buffer, file.byteOffset + at + 8, length);
    else if (type === "IDAT") parts.push(file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const kind = header?.getUint8(9);
  const plain = header?.getUint8(8) === 8 && header.getUint8(12) === 0;
  if (!header || !plain || (kind !== RGB && kind !== RGBA))
    throw new Error("not a picture that a browser wrote");
  const [width, height] = [header.getUint32(0), header.getUint32(4)];
  const channels = kind === RGB ? 3 : 4;
  const data = unfilter(inflateSync(Buffer.concat(parts)), height, width * channels, channels);
  return { width, height, channels, data };
}

/** Undoes what each row says was done to it (PNG specification, section 9). */
function unfilter(raw: Uint8Array, height: number, stride: number, step: number): Uint8Array {
  const data = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < step ? 0 : data[at - step]!;
      const up = y === 0 ? 0 : data[at - stride]!;
      const corner = x < step || y === 0 ? 0 : data[at - stride - step]!;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
      data[at] = raw[y * (stride + 1) + 1 + x]! + predicted;
    }
  }
  return data;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [a, b, c] = [left, up, corner].map((each) => Math.abs(estimate - each)) as [number, number, number];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** A colour with how many pixels have it. */
interface Colour {
  readonly rgb: number;
  readonly count: number;
}

/** The picture as a PNG of at most 256 colours, exact where it has no more; null where it is transparent somewhere. */
export function palettePng({ width, height, channels, data }: Pixels): Uint8Array | null {
  const pixels = new Uint32Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const at = i * channels;
    if (channels === 4 && data[at + 3] !== 255) return null;
    pixels[i] = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!;
  }
  const counts = new Map<number, number>();
  for (const rgb of pixels) counts.set(rgb, (counts.get(rgb) ?? 0) + 1);
  const boxes = medianCut([...counts].map(([rgb, count]) => ({ rgb, count })));
  const index = new Map(boxes.flatMap((box, i) => box.map(({ rgb }) => [rgb, i] as const)));
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = index.get(pixels[y * width + x]!)!;
  }
  const palette = Uint8Array.from(boxes.flatMap((box) => [16, 8, 0].map((shift) => mean(box, shift))));
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, PALETTE], 8);
  const chunks = [
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
  ];
  return Buffer.concat([SIGNATURE, ...chunks, chunk("IEND", new Uint8Array(0))]);
}

/** Cuts the box whose error is largest in two, along the channel that spreads most, until there are enough. */
function medianCut(colours: Colour[]): Colour[][] {
  const boxes = [{ colours, ...spread(colours) }];
  while (boxes.length < COLOURS) {
    const next = boxes.reduce((worst, box) => (box.error > worst.error ? box : worst));
    if (next.error === 0) break;
    const { shift } = next;
    const middle = mean(next.colours, shift);
    const low = next.colours.filter(({ rgb }) => ((rgb >> shift) & 255) <= middle);
    const high = next.colours.filter(({ rgb }) => ((rgb >> shift) & 255) > middle);
    boxes.splice(boxes.indexOf(next), 1);
    for (const half of [low, high]) boxes.push({ colours: half, ...spread(half) });
  }
  return boxes.map((box) => box.colours);
}

/** Rounded down, so that a box that spreads has colours on both sides of it. */
function mean(box: readonly Colour[], shift: number): number {
  let [sum, count] = [0, 0];
  for (const each of box) {
    sum += ((each.rgb >> shift) & 255) * each.count;
    count += each.count;
  }
  return Math.floor(sum / count);
}

/** The channel with the largest squared error around its mean, and that error. */
function spread(box: readonly Colour[]): { shift: number; error: number } {
  const errors = [16, 8, 0].map((shift) => {
    const middle = mean(box, shift);
    const error = box.reduce(
      (sum, { rgb, count }) => sum + count * (((rgb >> shift) & 255) - middle) ** 2,
      0,
    );
    return { shift, error };
  });
  return errors.reduce((worst, each) => (each.error > worst.error ? each : worst));
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(Buffer.from(type, "latin1"), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc(bytes.subarray(4, data.length + 8)));
  return bytes;
}

/** CRC-32 of ISO 3309, bit by bit: the files are small. */
function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return ~value >>> 0;
}
