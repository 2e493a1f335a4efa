/** @file DAP's base protocol: a header with the content's length, an empty line, JSON in UTF-8. */
import type { DebugProtocol } from "@vscode/debugprotocol";

const HEADER_END = "\r\n\r\n";
/** No client's request comes near; what claims more is no header. */
const LONGEST = 64 * 1024 * 1024;
const LONGEST_HEADER = 4096;

export function frame(message: DebugProtocol.ProtocolMessage): Buffer {
  const content = Buffer.from(JSON.stringify(message), "utf8");
  return Buffer.concat([Buffer.from(`Content-Length: ${content.length}${HEADER_END}`, "ascii"), content]);
}

/** What came is no DAP, and nothing tells where the next message begins. */
export class BrokenStream extends Error {
  override readonly name = "BrokenStream";
}

/** Takes a stream's pieces and gives its messages; JSON that can't be parsed comes as its text. */
export class MessageReader {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes of the content that is awaited; null: a header. */
  #awaited: number | null = null;

  /** @throws BrokenStream */
  push(chunk: Uint8Array): unknown[] {
    this.#chunks.push(Buffer.from(chunk));
    this.#size += chunk.length;
    const messages: unknown[] = [];
    for (;;) {
      this.#awaited ??= this.#header();
      if (this.#awaited === null || this.#size < this.#awaited) return messages;
      const text = this.#take(this.#awaited).toString("utf8");
      this.#awaited = null;
      messages.push(parsed(text));
    }
  }

  #header(): number | null {
    const buffer = this.#joined();
    const end = buffer.indexOf(HEADER_END);
    if (end < 0) {
      if (buffer.length > LONGEST_HEADER) throw new BrokenStream("there is no Content-Length header");
      return null;
    }
    const header = this.#take(end + HEADER_END.length).toString("ascii");
    const length = Number(/^content-length:\s*(\d+)\s*$/im.exec(header)?.[1] ?? Number.NaN);
    if (!(length <= LONGEST)) throw new BrokenStream("there is no Content-Length header that makes sense");
    return length;
  }

  #joined(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  #take(length: number): Buffer {
    const buffer = this.#joined();
    this.#chunks = [buffer.subarray(length)];
    this.#size -= length;
    return buffer.subarray(0, length);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
