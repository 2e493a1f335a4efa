/** @file Frames on a byte stream: a payload behind its length, four bytes, little-endian. */

/** A longer frame than this is taken for garbage. */
export const MAX_FRAME = 1 << 30;

const HEADER = 4;

/** The payload behind its length, ready to be written. */
export function frame(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER + payload.length);
  new DataView(bytes.buffer).setUint32(0, payload.length, true);
  bytes.set(payload, HEADER);
  return bytes;
}

/** Cuts a stream of chunks into payloads; throws a RangeError on a length that no frame has. */
export class FrameReader {
  private chunks: Uint8Array[] = [];
  private available = 0;
  /** Length of the payload being awaited, -1 while its header is. */
  private awaited = -1;

  push(chunk: Uint8Array): Uint8Array[] {
    this.chunks.push(chunk);
    this.available += chunk.length;
    const payloads: Uint8Array[] = [];
    for (;;) {
      if (this.awaited < 0) {
        if (this.available < HEADER) return payloads;
        const header = this.take(HEADER);
        this.awaited = new DataView(header.buffer, header.byteOffset, HEADER).getUint32(0, true);
        if (this.awaited > MAX_FRAME) throw new RangeError(`a frame of ${this.awaited} bytes`);
      }
      if (this.available < this.awaited) return payloads;
      payloads.push(this.take(this.awaited));
      this.awaited = -1;
    }
  }

  private take(length: number): Uint8Array {
    this.available -= length;
    const first = this.chunks[0];
    if (first !== undefined && first.length >= length) {
      if (first.length === length) this.chunks.shift();
      else this.chunks[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    const whole = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const chunk = this.chunks[0]!;
      const part = chunk.subarray(0, length - filled);
      whole.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) this.chunks.shift();
      else this.chunks[0] = chunk.subarray(part.length);
    }
    return whole;
  }
}
