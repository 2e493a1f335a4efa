/** @file Programs in two languages that must say the same, line by line (see spoken.py). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as torch from "../../src/core/index.js";

interface Program {
  readonly title: string;
  readonly ts: readonly string[];
  readonly said: readonly string[];
}
const {
  torch: version,
  script,
  ...files
} = JSON.parse(readFileSync(new URL("./fixtures/spoken.json", import.meta.url), "utf8")) as {
  torch: string;
  script: string;
} & Record<string, Program[]>;

const inspect = Symbol.for("nodejs.util.inspect.custom");

function spoken(v: unknown): string {
  if (v === null || v === undefined) return "None";
  if (typeof v === "boolean") return v ? "True" : "False";
  if (typeof v === "string") return v;
  if (typeof v === "object" && inspect in v) {
    return (v as Record<symbol, () => string>)[inspect]!().replace(/<(\w+) object at 0x\w+>/g, "<$1>");
  }
  if (Array.isArray(v) && v.constructor.name === "Size") return String(v);
  if (Array.isArray(v)) return `[${v.map(spoken).join(", ")}]`;
  if (typeof v === "object") {
    return `{${Object.entries(v)
      .map(([k, x]) => `${k}: ${spoken(x)}`)
      .join(", ")}}`;
  }
  return String(v);
}

const failure = (error: unknown): string => `${(error as Error).name}: ${(error as Error).message}`;

function run(source: string): string[] {
  const said: string[] = [];
  const say = (...values: unknown[]): void => {
    said.push(values.map(spoken).join(" "));
  };
  const attempt = (fn: () => unknown): void => {
    try {
      say(fn());
    } catch (error) {
      say(failure(error));
    }
  };
  torch.manual_seed(0);
  const { nn } = torch;
  const scope = { torch, nn, F: nn.functional, say, attempt };
  try {
    const program = new Function(...Object.keys(scope), source) as (...args: unknown[]) => void;
    program(...Object.values(scope));
  } catch (error) {
    said.push(failure(error));
  }
  return said;
}

describe(`programs that say what they say under PyTorch ${version} (${script})`, () => {
  const before = torch.set_warning_handler(() => {});
  after(() => torch.set_warning_handler(before));

  for (const [file, programs] of Object.entries(files)) {
    describe(file, () => {
      for (const { title, ts, said } of programs) {
        it(title, () => {
          assert.deepEqual(run(ts.join("\n")), said);
        });
      }
    });
  }
});
