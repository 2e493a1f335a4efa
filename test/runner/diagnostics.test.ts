import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DIAGNOSTICS } from "../../src/protocol/diagnostics.js";
import type { ExportProblem } from "../../src/protocol/export.js";
import { edited } from "../../src/session/diagnostics/edits.js";
import { type Lesson, lessonsOf, pageCodes, unmarked } from "../support/diagnosticPages.js";
import { ROOT } from "../support/paths.js";
import { type Files, Programs } from "../support/programs.js";

/** Diagnostics that examples are there to show. */
const SHOWN: Readonly<Record<string, readonly string[]>> = {
  "vanishing-gradient.ts": ["vanishing-gradient"],
  "where-nan-starts.ts": ["nan-origin"],
  "why-no-grad.ts": ["why-no-grad", "why-no-grad", "why-no-grad", "why-no-grad"],
};

/** What only a check of gradients finds has a test of its own. */
const lessons = pageCodes()
  .filter((code) => code !== "gradient-mismatch")
  .flatMap(lessonsOf);

const fileOf = (lesson: Lesson, variant = "") => `${lesson.code}-${lessons.indexOf(lesson)}${variant}.ts`;

describe("diagnostics", function () {
  this.timeout(120_000);
  const programs = new Programs();
  after(() => programs.dispose());

  /** Runs programs one after another in one process; what was found, by file. */
  async function problemsOf(files: Files): Promise<ReadonlyMap<string, readonly ExportProblem[]>> {
    const names = Object.keys(files);
    const main = names.map((name) => `import "./${name}";`).join("\n");
    const all = names.length === 1 ? files : { "main.ts": main, ...files };
    const { document, end, stderr } = await programs.run(all);
    if (names.length > 1) assert.equal(end.exit, 0, stderr);
    const found = new Map<string, ExportProblem[]>(names.map((name) => [name, []]));
    for (const problem of document.problems) found.get(basename(problem.file!))?.push(problem);
    return found;
  }

  const found = new Map<Lesson, ExportProblem[]>();
  const mended = new Map<Lesson, readonly string[]>();
  let left: ReadonlyMap<string, readonly ExportProblem[]>;

  before(async () => {
    const quiet = lessons.filter(({ throws }) => !throws);
    const together = await problemsOf(Object.fromEntries(quiet.map((each) => [fileOf(each), each.example])));
    for (const lesson of lessons) {
      const own = lesson.throws ? await problemsOf({ [fileOf(lesson)]: lesson.example }) : together;
      found.set(
        lesson,
        own.get(fileOf(lesson))!.filter(({ code }) => code === lesson.code),
      );
    }
    const files: Record<string, string> = {};
    for (const lesson of lessons) {
      const fixes = found.get(lesson)![0]?.fixes ?? [];
      const texts =
        fixes.length > 0 ? fixes.map(({ edits }) => edited(lesson.example, edits)) : [lesson.fixed];
      mended.set(lesson, texts);
      texts.forEach((text, i) => {
        files[fileOf(lesson, `-mended-${i}`)] = text;
      });
    }
    left = await problemsOf(files);
  });

  it("have a page each, and each page a diagnostic", () => {
    assert.deepEqual(pageCodes().sort(), Object.keys(DIAGNOSTICS).sort());
  });

  for (const lesson of lessons) {
    const { code, title, line, fixed } = lesson;
    it(`${code} fires on its page's example: ${title}`, () => {
      assert.deepEqual(
        found.get(lesson)!.map((problem) => problem.line),
        [line],
      );
    });

    it(`${code} is gone after its fix, which is the page's: ${title}`, () => {
      const texts = mended.get(lesson)!;
      assert.equal(unmarked(texts[0]!), fixed);
      texts.forEach((_, i) => {
        const still = left.get(fileOf(lesson, `-mended-${i}`))!.filter((problem) => problem.code === code);
        assert.deepEqual(still, []);
      });
    });
  }

  it("raise no false alarm on the examples", async () => {
    const names = readdirSync(join(ROOT, "examples")).filter((file) => file.endsWith(".ts"));
    const text = (name: string) => readFileSync(join(ROOT, "examples", name), "utf8");
    const alarms = await problemsOf(Object.fromEntries(names.map((name) => [name, text(name)])));
    for (const [name, problems] of alarms) {
      assert.deepEqual(
        problems.map(({ code }) => code),
        SHOWN[name] ?? [],
        name,
      );
    }
  });
});
