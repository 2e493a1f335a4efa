/**
 * @file Loads a bundle with the machine code that V8 made of it the last time: most of the time that a large one
 * takes to load are V8 compiling it. The build has wrapped the text as Node wraps a CommonJS file.
 */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";

type Load = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  dirname: string,
) => void;

export interface LoadedCode {
  readonly exports: unknown;
  /** Keeps what V8 has compiled by now, for the next process; null where that has been done. */
  readonly keep: (() => void) | null;
}

/**
 * Node knows no way to import from code that was kept, so there is no `import()` in it.
 * @param file absolute path; the text is ASCII
 * @param require what the code requires by
 */
export function loadCode(file: string, require: NodeJS.Require): LoadedCode {
  // Beside the code, so that nobody can write the one who can't write the other.
  // The tag stands for V8's version and flags, a memory limit among them: another would not take the data.
  const cache = `${file}.${cachedDataVersionTag().toString(16)}.cache`;
  const cachedData = readNewer(cache, file);
  // As Latin-1, a long text is used where it lies in memory.
  const script = new Script(readFileSync(file, "latin1"), {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const module = { exports: {} };
  (script.runInThisContext() as Load)(module.exports, require, module, file, dirname(file));
  const known = cachedData !== null && script.cachedDataRejected === false;
  return { exports: module.exports, keep: known ? null : () => write(cache, script.createCachedData()) };
}

/** V8 tells a changed text by its length alone: data that is older than the text is not its. */
function readNewer(cache: string, file: string): Buffer | null {
  const made = statSync(cache, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return made > statSync(file).mtimeMs ? readFileSync(cache) : null;
}

function write(cache: string, data: Buffer): void {
  const draft = `${cache}.${process.pid}`;
  try {
    writeFileSync(draft, data);
    renameSync(draft, cache);
  } catch {
    // A folder that can't be written costs time, nothing else.
    rmSync(draft, { force: true });
  }
}
