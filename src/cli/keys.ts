/** @file Single keys from the terminal, which is given back as it was, whatever ends the process. */

const NAMES: ReadonlyMap<string, string> = new Map([
  ["n", "next"],
  [" ", "next"],
  ["\x1b[C", "next"],
  ["\x1bOC", "next"],
  ["b", "back"],
  ["\x1b[D", "back"],
  ["\x1bOD", "back"],
  ["\x7f", "back"],
  ["c", "continue"],
  ["r", "reverse"],
  ["q", "quit"],
  ["\x04", "quit"],
  ["\x03", "interrupt"],
]);

/** An escape sequence, or one letter. */
const KEY = new RegExp(`${"\x1b"}(?:\\[[\\d;]*[A-Za-z~]|O[A-Z])|[\\s\\S]`, "gu");

/** What is typed comes from here, key by key. */
export interface KeyInput {
  setRawMode(raw: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  on(event: "data", listener: (chunk: string) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  off(event: "data", listener: (chunk: string) => void): unknown;
  off(event: "end", listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface Terminal {
  readonly input: KeyInput;
  readonly output: Pick<NodeJS.WritableStream, "write">;
}

export class Keys {
  readonly #terminal: Terminal;
  readonly #listener: (key: string) => void;
  readonly #onData = (chunk: string): void => this.#read(chunk);
  readonly #onExit = (): void => this.dispose();
  readonly #onEnd = (): void => this.#listener("quit");
  #digits = "";
  #isOpen = true;

  /** @param listener is given a key's name, or the digits that were typed before Enter */
  constructor(terminal: Terminal, listener: (key: string) => void) {
    const { input } = terminal;
    this.#terminal = terminal;
    this.#listener = listener;
    input.setRawMode(true);
    input.setEncoding("utf8");
    input.on("data", this.#onData);
    input.on("end", this.#onEnd);
    input.resume();
    process.on("exit", this.#onExit);
  }

  #read(chunk: string): void {
    for (const [key] of chunk.matchAll(KEY)) {
      if (/^\d$/.test(key)) {
        this.#digits += key;
        this.#terminal.output.write(key);
        continue;
      }
      const digits = this.#digits;
      this.#digits = "";
      if (digits !== "") this.#terminal.output.write("\n");
      const name = key === "\r" || key === "\n" ? digits : NAMES.get(key);
      if (name !== undefined && name !== "") this.#listener(name);
    }
  }

  dispose(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { input } = this.#terminal;
    input.setRawMode(false);
    input.off("data", this.#onData);
    input.off("end", this.#onEnd);
    input.pause();
    process.off("exit", this.#onExit);
  }
}
