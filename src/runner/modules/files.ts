/** @file The user's files as the editor has them: unsaved texts first, then the disk. */
import { readFileSync, statSync } from "node:fs";
import { normalize } from "node:path";

export class Files {
  private readonly overlays = new Map<string, string>();

  constructor(overlays: ReadonlyMap<string, string>) {
    for (const [path, text] of overlays) this.overlays.set(normalize(path), text);
  }

  isFile(path: string): boolean {
    return this.overlays.has(path) || (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false);
  }

  isDirectory(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  /** The text without a byte order mark; throws the file system's error. */
  read(path: string): string {
    const text = this.overlays.get(path) ?? readFileSync(path, "utf8");
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** The nearest JSON file of this name from `folder` upwards, with the folder it stands in. */
  readUpwards<T>(
    folder: string,
    name: string,
    parse: (text: string) => T,
  ): { folder: string; value: T } | null {
    for (const each of upwards(folder)) {
      const path = `${each === "/" ? "" : each}/${name}`;
      if (!this.isFile(path)) continue;
      try {
        return { folder: each, value: parse(this.read(path)) };
      } catch {
        // A broken package.json or tsconfig.json is for its own tools to complain about.
      }
    }
    return null;
  }
}

/** The folder and all that enclose it, innermost first. */
export function* upwards(folder: string): Generator<string> {
  let current = folder;
  for (;;) {
    yield current;
    const parent = current.replace(/[\\/][^\\/]*$/, "") || (current.startsWith("/") ? "/" : current);
    if (parent === current) return;
    current = parent;
  }
}
