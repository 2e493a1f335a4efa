/** @file What `pack` has written, read back. */
import { isPacked, SHARED, TAG } from "./packing.js";

/** @throws RangeError where the bytes are not what `pack` writes */
export function unpack(bytes: Uint8Array): unknown {
  if (!isPacked(bytes)) throw new RangeError("this is no packed data");
  const unpacker = new Unpacker(bytes);
  const value = unpacker.value();
  unpacker.end();
  return value;
}

class Unpacker {
  private readonly view: DataView;
  private at = 1;
  private readonly texts: string[] = [];
  private readonly shapes: (readonly string[])[] = [];
  private readonly seen: object[] = [];

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  end(): void {
    if (this.at !== this.bytes.length) throw new RangeError("more follows than was packed");
  }

  private count(): number {
    let count = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.view.getUint8(this.at++);
      count += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return count;
    }
    throw new RangeError("a count of more than 32 bits");
  }

  /** Of things of which each takes so many bytes at least. */
  private length(size: number): number {
    const length = this.count();
    if (length * size > this.bytes.length - this.at) throw new RangeError(`only a part of ${length}`);
    return length;
  }

  value(): unknown {
    const tag = this.view.getUint8(this.at++);
    switch (tag) {
      case TAG.null:
        return null;
      case TAG.undefined:
        return undefined;
      case TAG.false:
        return false;
      case TAG.true:
        return true;
      case TAG.integer: {
        const count = this.count();
        return (count >>> 1) ^ -(count & 1);
      }
      case TAG.float32:
        this.at += 4;
        return this.view.getFloat32(this.at - 4, true);
      case TAG.float64:
        this.at += 8;
        return this.view.getFloat64(this.at - 8, true);
      case TAG.text:
      case TAG.textAgain:
        return this.text(tag);
      case TAG.again:
        return known(this.seen, this.count());
      default:
        return this.container(tag);
    }
  }

  private container(tag: number): object {
    switch (tag) {
      case TAG.array: {
        const length = this.length(1);
        const array: unknown[] = [];
        for (let i = 0; i < length; i++) array.push(this.value());
        return array;
      }
      case TAG.floats32:
        return new Float32Array(this.elements(4));
      case TAG.floats64:
        return new Float64Array(this.elements(8));
      case TAG.object:
        return this.fields(known(this.shapes, this.count()));
      case TAG.shape: {
        const length = this.length(1);
        const keys: string[] = [];
        for (let i = 0; i < length; i++) keys.push(this.text(this.view.getUint8(this.at++)));
        this.shapes.push(keys);
        return this.fields(keys);
      }
      default:
        throw new RangeError(`no value begins with ${tag}`);
    }
  }

  private fields(keys: readonly string[]): object {
    const object: Record<string, unknown> = {};
    for (const key of keys) {
      const value = this.value();
      // A program may call a variable so.
      if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true });
      else object[key] = value;
    }
    if (keys.length >= SHARED) this.seen.push(object);
    return object;
  }

  private text(tag: number): string {
    if (tag === TAG.textAgain) return known(this.texts, this.count());
    if (tag !== TAG.text) throw new RangeError(`no name begins with ${tag}`);
    const length = this.length(2);
    const units: string[] = [];
    for (let i = 0; i < length; i++, this.at += 2)
      units.push(String.fromCharCode(this.view.getUint16(this.at, true)));
    const text = units.join("");
    this.texts.push(text);
    return text;
  }

  /** A copy of its own, so that it does not keep the whole frame. */
  private elements(width: number): ArrayBuffer {
    const length = this.length(1);
    if (length % width !== 0) throw new RangeError(`${length} bytes are no elements of ${width}`);
    const copy = new Uint8Array(length);
    copy.set(this.bytes.subarray(this.at, this.at + length));
    this.at += length;
    return copy.buffer;
  }
}

function known<T>(all: readonly T[], index: number): T {
  if (index >= all.length) throw new RangeError(`there is no ${index} of ${all.length}`);
  return all[index]!;
}
