/**
 * @file The compiler as the runner loads it (dist/typescript.cjs): with the machine code that V8 made of it the
 * last time. Two thirds of the time that it takes to load are V8 compiling it.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { KEEP_CODE } from "./keepCode.js";

type Load = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  dirname: string,
) => void;

const file = join(__dirname, "typescript.code.js");
// Beside the code, so that nobody can write the one who can't write the other.
// The tag stands for V8's version and flags, a memory limit among them: another would not take the data.
const cache = `${file}.${cachedDataVersionTag().toString(16)}.cache`;

function read(): Buffer | undefined {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

function write(data: Buffer): void {
  const draft = `${cache}.${process.pid}`;
  try {
    writeFileSync(draft, data);
    renameSync(draft, cache);
  } catch {
    // A folder that can't be written costs time, nothing else.
    rmSync(draft, { force: true });
  }
}

const source = readFileSync(file, "utf8");
const cachedData = read();
const script = new Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, {
  filename: file,
  ...(cachedData && { cachedData }),
});
if (cachedData === undefined || script.cachedDataRejected) {
  Object.defineProperty(globalThis, KEEP_CODE, {
    configurable: true,
    value: () => write(script.createCachedData()),
  });
}
const loaded = { exports: {} };
(script.runInThisContext() as Load)(loaded.exports, createRequire(file), loaded, file, __dirname);

export const typescript = loaded.exports;
