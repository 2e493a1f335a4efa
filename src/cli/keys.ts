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

export class Keys {
  readonly #listener: (key: string) => void;
  readonly #onData = (chunk: string): void => this.#read(chunk);
  readonly #onExit = (): void => this.dispose();
  readonly #onEnd = (): void => this.#listener("quit");
  #digits = "";
  #isOpen = true;

  /** @param listener is given a key's name, or the digits that were typed before Enter */
  constructor(listener: (key: string) => void) {
    this.#listener = listener;
    process.stdin.setRawMode(true);
    process.stdin.setEncoding("utf8");
    process.stdin.on("data", this.#onData);
    process.stdin.on("end", this.#onEnd);
    process.stdin.resume();
    process.on("exit", this.#onExit);
  }

  #read(chunk: string): void {
    for (const [key] of chunk.matchAll(KEY)) {
      if (/^\d$/.test(key)) {
        this.#digits += key;
        process.stdout.write(key);
        continue;
      }
      const digits = this.#digits;
      this.#digits = "";
      if (digits !== "") process.stdout.write("\n");
      const name = key === "\r" || key === "\n" ? digits : NAMES.get(key);
      if (name !== undefined && name !== "") this.#listener(name);
    }
  }

  dispose(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.stdin.setRawMode(false);
    process.stdin.off("data", this.#onData);
    process.stdin.off("end", this.#onEnd);
    process.stdin.pause();
    process.off("exit", this.#onExit);
  }
}
