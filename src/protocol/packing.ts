/**
 * @file Plain data as bytes, for traces: V8's own serialization writes the names of an object's fields with every
 * object, which of a pass with 100,000 nodes makes up most of 60 MB. Here each combination of names is written once,
 * each string once, and tensors that several places hold once.
 */

/** The first byte of packed data; V8's serialization begins with another one. */
const MAGIC = 0x01;

export const TAG = {
  null: 0,
  undefined: 1,
  false: 2,
  true: 3,
  /** A whole number of 32 bits: its sign in the lowest bit. */
  integer: 4,
  /** A number that 32 bits hold exactly. */
  float32: 5,
  float64: 6,
  /** A string that was not written before. */
  text: 7,
  /** One that was: its number. */
  textAgain: 8,
  array: 9,
  /** An object whose names were not written before. */
  shape: 10,
  object: 11,
  floats32: 12,
  floats64: 13,
  /** An object that was written before: its number. */
  again: 14,
} as const;

/** Objects with so many fields are looked up among those that were written: tensors, calls and loops. */
export const SHARED = 5;

export function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === MAGIC;
}

/** Which names objects have, in order: a node for each beginning that occurs. */
interface Names {
  readonly next: Map<string, Names>;
  /** The one that was gone to last: alike objects come in rows. */
  lastName: string;
  last: Names | null;
  /** Number of the shape that ends here; -1: none. */
  id: number;
}

const names = (): Names => ({ next: new Map(), lastName: "", last: null, id: -1 });

/**
 * @param value null, booleans, numbers, strings, arrays, plain objects, `Float32Array` and `Float64Array`, without cycles
 * @throws TypeError for anything else
 */
export function pack(value: unknown): Uint8Array {
  const packer = new Packer();
  packer.byte(MAGIC);
  packer.value(value);
  return packer.bytes();
}

class Packer {
  private buffer = new Uint8Array(4096);
  private view = new DataView(this.buffer.buffer);
  private at = 0;
  private readonly texts = new Map<string, number>();
  private readonly seen = new Map<object, number>();
  private readonly root = names();
  private shapes = 0;

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.at);
  }

  private room(count: number): void {
    if (this.at + count <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(2 * this.buffer.length, this.at + count));
    grown.set(this.buffer.subarray(0, this.at));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }

  byte(byte: number): void {
    this.room(1);
    this.buffer[this.at++] = byte;
  }

  /** Seven bits a byte, the lowest first; the highest bit says that more follow. */
  private count(count: number): void {
    this.room(5);
    let rest = count;
    for (; rest > 0x7f; rest >>>= 7) this.buffer[this.at++] = (rest & 0x7f) | 0x80;
    this.buffer[this.at++] = rest;
  }

  value(value: unknown): void {
    if (typeof value === "number") this.number(value);
    else if (typeof value === "string") this.text(value);
    else if (typeof value === "boolean") this.byte(value ? TAG.true : TAG.false);
    else if (value === null) this.byte(TAG.null);
    else if (value === undefined) this.byte(TAG.undefined);
    else if (typeof value === "object") this.container(value);
    else throw new TypeError(`a ${typeof value} can't be packed`);
  }

  private number(value: number): void {
    // -0 is no integer of 32 bits, though it compares as one.
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      this.byte(TAG.integer);
      this.count(((value << 1) ^ (value >> 31)) >>> 0);
    } else if (Math.fround(value) === value) {
      this.room(5);
      this.buffer[this.at] = TAG.float32;
      this.view.setFloat32(this.at + 1, value, true);
      this.at += 5;
    } else {
      this.room(9);
      this.buffer[this.at] = TAG.float64;
      this.view.setFloat64(this.at + 1, value, true);
      this.at += 9;
    }
  }

  private text(text: string): void {
    const known = this.texts.get(text);
    if (known !== undefined) {
      this.byte(TAG.textAgain);
      this.count(known);
      return;
    }
    this.texts.set(text, this.texts.size);
    // Code units, so that halves of surrogate pairs come through.
    this.byte(TAG.text);
    this.count(text.length);
    this.room(2 * text.length);
    for (let i = 0; i < text.length; i++, this.at += 2)
      this.view.setUint16(this.at, text.charCodeAt(i), true);
  }

  private container(value: object): void {
    if (Array.isArray(value)) {
      this.byte(TAG.array);
      this.count(value.length);
      for (const each of value as readonly unknown[]) this.value(each);
    } else if (value instanceof Float32Array) this.elements(TAG.floats32, value);
    else if (value instanceof Float64Array) this.elements(TAG.floats64, value);
    else this.fields(value as Readonly<Record<string, unknown>>);
  }

  /** Of the machine's own byte order: both ends run on it. */
  private elements(tag: number, { buffer, byteOffset, byteLength }: Float32Array | Float64Array): void {
    this.byte(tag);
    this.count(byteLength);
    this.room(byteLength);
    this.buffer.set(new Uint8Array(buffer, byteOffset, byteLength), this.at);
    this.at += byteLength;
  }

  private fields(value: Readonly<Record<string, unknown>>): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) {
      throw new TypeError("only plain objects can be packed");
    }
    const keys = Object.keys(value);
    if (keys.length >= SHARED && this.again(value)) return;
    let shape = this.root;
    for (const key of keys) shape = follow(shape, key);
    if (shape.id >= 0) {
      this.byte(TAG.object);
      this.count(shape.id);
    } else {
      shape.id = this.shapes++;
      this.byte(TAG.shape);
      this.count(keys.length);
      for (const key of keys) this.text(key);
    }
    for (const key of keys) this.value(value[key]);
    // Numbered when complete, which is when the reader has it to number.
    if (keys.length >= SHARED) this.seen.set(value, this.seen.size);
  }

  private again(value: object): boolean {
    const known = this.seen.get(value);
    if (known === undefined) return false;
    this.byte(TAG.again);
    this.count(known);
    return true;
  }
}

function follow(from: Names, key: string): Names {
  if (from.lastName === key && from.last !== null) return from.last;
  let to = from.next.get(key);
  if (to === undefined) {
    to = names();
    from.next.set(key, to);
  }
  from.lastName = key;
  from.last = to;
  return to;
}
