/** @file Files that were saved with another text while the program runs: what is shown is the text that runs. */
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Session } from "../session/session.js";
import type { SourceFiles } from "./paths.js";

export class EditedFiles {
  readonly #session: Session;
  readonly #files: SourceFiles;
  readonly #since = Date.now();
  readonly #told = new Set<string>();

  constructor(session: Session, files: SourceFiles) {
    this.#session = session;
    this.#files = files;
  }

  /** A sentence where the file was saved anew and runs with another text; once for each file. */
  notice(file: string): string | null {
    const running = this.#session.text(file);
    if (running === null || this.#told.has(file)) return null;
    const saved = this.#savedSince(this.#files.path(file));
    if (saved === null || saved.replace(/^\uFEFF/, "") === running) return null;
    this.#told.add(file);
    return (
      `${basename(file)} was changed while the program runs: lines and breakpoints are those of the text ` +
      "that was started. Restart to run the new one."
    );
  }

  #savedSince(path: string): string | null {
    try {
      return statSync(path).mtimeMs > this.#since ? readFileSync(path, "utf8") : null;
    } catch {
      return null;
    }
  }
}
