/** @file Tensors as variables: one line of text, rows in pages, and bytes for the hex view. */
import type { Run } from "../launcher/types.js";
import type { TensorReference } from "../protocol/control.js";
import type { DType } from "../protocol/export.js";
import type { WireTensor } from "../protocol/trace.js";
import { numelOf } from "../protocol/wire.js";
import { tensorText } from "../session/text.js";
import type { Item } from "./items.js";

/** A tensor that can be looked into. */
export interface Shown {
  readonly wire: WireTensor;
  /** Where the process holds it whole; null where only what was recorded is left. */
  readonly whole: TensorReference | null;
  /** Names its memory to the client. */
  readonly memory: string;
}

/** Characters that one line of the variables pane takes. */
const LINE = 100;
/** Elements of a row that its line shows. */
const ROW = 8;
/** Elements fetched at a time. */
const FETCH = 65_536;
/** Rows of a matrix fetched at a time. */
const ROWS = 256;

const BYTES: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  int64: 8,
  int32: 4,
  uint8: 1,
  bool: 1,
};

type Elements = Float32Array | Float64Array | BigInt64Array;

export function tensorType({ dtype, shape }: WireTensor): string {
  return `${dtype}[${shape.join(", ")}]`;
}

/** As PyTorch prints it where that fits a line; else its type and what is to be known of its elements. */
export function tensorLine(wire: WireTensor): string {
  const text = numelOf(wire.shape) <= LINE ? tensorText(wire)?.replace(/\s*\n\s*/g, " ") : undefined;
  if (text !== undefined && text.length <= LINE) return text;
  return `${tensorType(wire)} ${statistics(wire)}`;
}

/** As PyTorch prints it, or, where it did not come whole, its line. */
export function tensorPrint(wire: WireTensor): string {
  return tensorText(wire) ?? tensorLine(wire);
}

export function statistics({ min, max, mean, norm, nan, inf }: WireTensor): string {
  const parts: string[] = [];
  if (norm !== null) parts.push(`norm ${short(norm)}`);
  if (min !== null && max !== null && mean !== null) {
    parts.push(`min ${short(min)}, max ${short(max)}, mean ${short(mean)}`);
  }
  if (nan > 0) parts.push(`${nan} NaN`);
  if (inf > 0) parts.push(`${inf} infinite`);
  return parts.join(", ");
}

/** Four significant digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** What float32 holds has no more than eight digits that mean something. */
function elementText(value: number | bigint, dtype: DType): string {
  if (dtype === "bool") return Number(value) === 0 ? "False" : "True";
  if (dtype === "float32" && Number.isFinite(value)) return String(Number(Number(value).toPrecision(8)));
  return Object.is(value, -0) ? "-0" : String(value);
}

export class Tensors {
  readonly #run: Run | null;
  /** What was shown, by the name of its memory. */
  readonly #memory = new Map<string, Shown>();

  /** @param run answers for elements beyond those that were recorded */
  constructor(run: Run | null) {
    this.#run = run;
  }

  item(name: string, shown: Shown, more: Partial<Item> = {}): Item {
    const { wire, memory } = shown;
    this.#memory.set(memory, shown);
    const [rows] = wire.shape;
    return {
      name,
      value: tensorLine(wire),
      type: tensorType(wire),
      memory,
      ...(rows !== undefined && {
        indexed: rows,
        rows: (start, count, cancelled) =>
          this.#rows(shown, wire.shape, 0, [start, start + count], cancelled),
        named: async () => [
          {
            name: "statistics",
            value: statistics(wire),
            hint: { kind: "virtual", attributes: ["readOnly"] },
          },
        ],
      }),
      ...more,
    };
  }

  async #rows(
    shown: Shown,
    shape: readonly number[],
    offset: number,
    [from, to]: readonly [number, number],
    cancelled?: AbortSignal,
  ): Promise<Item[]> {
    const [size = 0, ...inner] = shape;
    const items: Item[] = [];
    const [last, many] = [Math.min(size, to), inner.length === 0 ? FETCH : ROWS];
    // A part at a time, so that a client which cancels need not be answered in vain.
    for (let start = from; start < last; start += many) {
      cancelled?.throwIfAborted();
      const end = Math.min(start + many, last);
      items.push(...(await this.#part(shown, inner, offset, [start, end])));
    }
    return items;
  }

  async #part(
    shown: Shown,
    inner: readonly number[],
    offset: number,
    [start, end]: readonly [number, number],
  ): Promise<Item[]> {
    if (inner.length > 0) {
      const stride = numelOf(inner);
      const indices = Array.from({ length: end - start }, (_, i) => start + i);
      return Promise.all(indices.map((i) => this.#row(shown, inner, offset + i * stride, i)));
    }
    const elements = await this.#elements(shown, offset + start, end - start);
    return Array.from({ length: end - start }, (_, i) => ({
      name: `${start + i}`,
      value: i < elements.length ? elementText(elements[i]!, shown.wire.dtype) : "(not recorded)",
      type: shown.wire.dtype,
    }));
  }

  async #row(shown: Shown, shape: readonly number[], offset: number, index: number): Promise<Item> {
    const size = numelOf(shape);
    const elements = await this.#elements(shown, offset, Math.min(size, ROW));
    const texts = Array.from(elements, (value: number | bigint) => elementText(value, shown.wire.dtype));
    return {
      name: `${index}`,
      value:
        size > 0 && texts.length === 0 ? "(not recorded)" : `[${texts.join(", ")}${size > ROW ? ", …" : ""}]`,
      type: `${shown.wire.dtype}[${shape.join(", ")}]`,
      indexed: shape[0]!,
      rows: (start, count, cancelled) => this.#rows(shown, shape, offset, [start, start + count], cancelled),
    };
  }

  /** As many of the elements as there are to be had. */
  async #elements({ wire, whole }: Shown, offset: number, count: number): Promise<Elements> {
    const recorded = wire.data.subarray(offset, offset + count);
    if (recorded.length === count || whole === null || this.#run === null) return recorded;
    try {
      return (await this.#run.tensor(whole, offset, count)).data;
    } catch {
      return recorded;
    }
  }

  /**
   * Bytes of a tensor's elements, little-endian and row-major.
   * @returns null where no such tensor was shown; fewer bytes where its memory ends, or was not recorded
   */
  async read(memory: string, offset: number, count: number): Promise<Uint8Array | null> {
    const shown = this.#memory.get(memory);
    if (shown === undefined) return null;
    const { dtype, shape } = shown.wire;
    const width = BYTES[dtype];
    const size = numelOf(shape) * width;
    const from = Math.min(Math.max(offset, 0), size);
    const to = Math.min(Math.max(offset + count, from), size);
    const first = Math.floor(from / width);
    const end = Math.ceil(to / width);
    const parts: Uint8Array[] = [];
    for (let at = first; at < end; at += FETCH) {
      const wanted = Math.min(FETCH, end - at);
      const elements = await this.#elements(shown, at, wanted);
      parts.push(bytesOf(elements, dtype));
      if (elements.length < wanted) break;
    }
    return Buffer.concat(parts).subarray(from - first * width, to - first * width);
  }
}

function bytesOf(elements: Elements, dtype: DType): Uint8Array {
  const width = BYTES[dtype];
  const view = new DataView(new ArrayBuffer(elements.length * width));
  for (let i = 0; i < elements.length; i++) {
    const value = elements[i]!;
    const at = i * width;
    switch (dtype) {
      case "float32":
        view.setFloat32(at, Number(value), true);
        break;
      case "float64":
        view.setFloat64(at, Number(value), true);
        break;
      case "int64":
        view.setBigInt64(at, BigInt(value), true);
        break;
      case "int32":
        view.setInt32(at, Number(value), true);
        break;
      case "uint8":
      case "bool":
        view.setUint8(at, Number(value));
    }
  }
  return new Uint8Array(view.buffer);
}
