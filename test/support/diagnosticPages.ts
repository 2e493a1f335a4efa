/** @file The pages of docs/diagnostics: each example, with the program that mends it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths.js";

export interface Lesson {
  readonly code: string;
  /** The heading that it stands under. */
  readonly title: string;
  readonly example: string;
  readonly fixed: string;
  /** 1-based line of the example that the diagnostic is expected on. */
  readonly line: number;
  /** The example ends with an error there. */
  readonly throws: boolean;
}

const MARK = "// ⚠";

export function pageCodes(): string[] {
  return readdirSync(join(ROOT, "docs/diagnostics"))
    .filter((file) => file.endsWith(".md") && file !== "README.md")
    .map((file) => file.replace(/\.md$/, ""));
}

export function lessonsOf(code: string): Lesson[] {
  const text = readFileSync(join(ROOT, `docs/diagnostics/${code}.md`), "utf8");
  const lessons: Lesson[] = [];
  let title = "";
  let example: string | null = null;
  for (const [, heading, kind, body] of text.matchAll(/^## (.*)$|^```ts (\w+)\n([\s\S]*?)^```$/gm)) {
    if (heading !== undefined) title = heading;
    else if (kind === "example") example = body!;
    else if (kind === "fixed" && example !== null) {
      const line = example.split("\n").findIndex((each) => each.includes(MARK)) + 1;
      const throws = example.includes(`${MARK} throws`);
      lessons.push({ code, title, example, fixed: body!, line, throws });
      example = null;
    }
  }
  return lessons;
}

/** Without the marks, which speak to the reader. */
export function unmarked(program: string): string {
  return program
    .split("\n")
    .map((line) => line.replace(/\s*\/\/ ⚠.*$/, ""))
    .join("\n");
}
