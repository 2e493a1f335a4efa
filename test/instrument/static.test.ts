/** @file What the text alone tells: right on the diagnostics' pages, and silent wherever there is doubt. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as torch from "../../src/core/index.js";
import { ProgramText } from "../../src/instrument/fixes/text.js";
import { findingsIn } from "../../src/instrument/static/findings.js";
import { edited } from "../../src/session/diagnostics/edits.js";
import { lessonsOf, pageCodes, unmarked } from "../support/diagnosticPages.js";
import { ROOT } from "../support/paths.js";
import { randomProgram } from "./randomPrograms.js";

const HEAD = 'import * as torch from "gradwalk";\n';
const findings = (program: string) => findingsIn(new ProgramText("/program.ts", program));
const told = (program: string) => findings(program).map(({ code, range }) => `${range.line} ${code}`);

/** Pages whose examples the text tells, by code: how many of them. */
const TOLD: Readonly<Record<string, number>> = {
  "why-no-grad": 8,
  "accumulated-without-zero": 2,
  "second-backward": 1,
  "implicit-non-scalar": 1,
  "inplace-on-leaf": 1,
  "graph-retained-in-list": 2,
  "broadcast-surprise": 1,
};

describe("what the text alone tells", () => {
  for (const code of pageCodes()) {
    it(`of ${code} is what its page says, with its fix, and nothing else`, () => {
      let count = 0;
      for (const lesson of lessonsOf(code)) {
        const [first, ...more] = findings(lesson.example);
        assert.deepEqual(told(lesson.fixed), [], `${lesson.title}, mended`);
        if (first === undefined) continue;
        count++;
        assert.deepEqual([first.code, first.range.line], [code, lesson.line], lesson.title);
        assert.deepEqual(more, []);
        const [fix] = first.fixes;
        assert.ok(fix, `${lesson.title}: no fix`);
        assert.equal(unmarked(edited(lesson.example, fix.edits)), lesson.fixed);
      }
      assert.equal(count, TOLD[code] ?? 0);
    });
  }

  it("is no false alarm on the examples", () => {
    for (const file of readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".ts"))) {
      // One of them is there to show gradients that are null.
      const expected =
        file === "why-no-grad.ts" ? ["18 why-no-grad", "21 why-no-grad", "22 why-no-grad"] : [];
      assert.deepEqual(told(readFileSync(join(ROOT, "examples", file), "utf8")), expected, file);
    }
  });

  const alarms: readonly (readonly [string, string, string[]])[] = [
    [
      "a second pass over one of two branches",
      "const h = w.exp();\nh.sum().backward();\nh.mean().backward();",
      ["5 second-backward"],
    ],
    [
      "a loss of before the loop",
      "const loss = w.exp().sum();\nfor (let i = 0; i < 3; i++) {\n  loss.backward();\n}",
      ["5 second-backward"],
    ],
    [
      "a product of known shapes",
      "const y = torch.ones(4, 2).matmul(torch.ones(2, 3, { requires_grad: true }));\ny.backward();",
      ["4 implicit-non-scalar"],
    ],
    [
      "a size with a name",
      "const n = 3;\nconst y = torch.ones(n, { requires_grad: true });\ny.backward();",
      ["5 implicit-non-scalar"],
    ],
    ["a parameter", "const p = new torch.nn.Parameter(torch.randn(2));\np.add_(1);", ["4 inplace-on-leaf"]],
    [
      "a model's optimiser",
      "const model = new torch.nn.Linear(2, 1);\nconst sgd = new torch.optim.SGD(model.parameters(), { lr: 0.1 });\nfor (let i = 0; i < 9; i++) {\n  const loss = model.call(torch.ones(4, 2)).pow(2).mean();\n  loss.backward();\n  sgd.step();\n}",
      ["7 accumulated-without-zero"],
    ],
    [
      "booleans that are to have a gradient",
      "torch.tensor([true, false], { requires_grad: true });",
      ["3 why-no-grad"],
    ],
    ["whole numbers in a row", "torch.arange(5, { requires_grad: true });", ["3 why-no-grad"]],
    [
      "what a comment about using does not change",
      "w.add_(1); // using the leaf itself",
      ["3 inplace-on-leaf"],
    ],
  ];
  for (const [what, program, expected] of alarms) {
    it(`tells ${what}`, () => {
      const text = `${HEAD}const w = torch.ones(2, { requires_grad: true });\n${program}\n`;
      assert.deepEqual(told(text), expected);
    });
  }

  const silent: readonly (readonly [string, string])[] = [
    ["the graph is kept", "const y = w.exp().sum();\ny.backward({ retain_graph: true });\ny.backward();"],
    [
      "nothing was saved that the second pass needs",
      "const y = w.add(1).sum();\ny.backward();\ny.backward();",
    ],
    [
      "the second pass is another branch's",
      "const y = w.exp().sum();\nif (Math.random() < 0.5) {\n  y.backward();\n} else {\n  y.backward();\n}",
    ],
    [
      "the loop leaves after the first pass",
      "const y = w.exp().sum();\nfor (let i = 0; i < 3; i++) {\n  y.backward();\n  break;\n}",
    ],
    ["the error is wanted", "try {\n  w.add_(1);\n} catch {}"],
    ["nobody knows who calls the function", "function update() {\n  w.sub_(1);\n}\ntorch.no_grad(update);"],
    ["nothing is recorded for the rest of the block", "using _ = torch.no_grad();\nw.sub_(1);"],
    ["the rules were changed", "torch.set_grad_enabled(false);\nw.sub_(1);"],
    ["it was told not to require grad any more", "w.requires_grad_(false);\nw.sub_(1);"],
    ["a function was given the tensors", "for (const p of [w]) p.requires_grad_(false);\nw.sub_(1);"],
    ["another file has it", 'import { freeze } from "./freeze.js";\nfreeze(w);\nw.sub_(1);'],
    ["a name means another tensor here", "{\n  const w = torch.ones(2);\n  w.sub_(1);\n}"],
    ["the gradient is weighed", "const y = w.exp();\ny.backward(torch.ones_like(y));"],
    ["a write brought the graph", "const y = torch.zeros(2);\ny.add_(w);\ny.sum().backward();"],
    [
      "a write through a view brought the graph",
      "const y = torch.zeros(2);\nconst v = y.view(2, 1);\nv.add_(w.view(2, 1));\ny.sum().backward();",
    ],
    [
      "the result was told to keep its gradient",
      "const y = w.exp();\ny.retain_grad();\ny.sum().backward();\nconsole.log(y.grad);",
    ],
    [
      "the gradient is asked for, not needed",
      "const y = w.exp();\ny.sum().backward();\nif (y.grad === null) console.log(1);",
    ],
    [
      "the step comes once",
      "const sgd = new torch.optim.SGD([w], { lr: 0.1 });\nfor (let i = 0; i < 1; i++) {\n  const loss = w.pow(2).sum();\n  loss.backward();\n  sgd.step();\n}",
    ],
    [
      "gradients are put together on purpose",
      "const sgd = new torch.optim.SGD([w], { lr: 0.1 });\nfor (let i = 0; i < 9; i++) {\n  w.pow(2).sum().backward();\n  if (i % 3 === 2) {\n    sgd.step();\n    sgd.zero_grad();\n  }\n}",
    ],
    [
      "the loss has nothing to do with what is optimised",
      "const v = torch.ones(2, { requires_grad: true });\nconst sgd = new torch.optim.SGD([v], { lr: 0.1 });\nfor (let i = 0; i < 9; i++) {\n  const loss = w.pow(2).sum();\n  loss.backward();\n  sgd.step();\n}",
    ],
    [
      "the list is emptied",
      "const last = [];\nfor (let i = 0; i < 9; i++) {\n  const loss = w.pow(2).sum();\n  loss.backward();\n  last.push(loss);\n  if (last.length > 2) last.shift();\n}",
    ],
    [
      "all pairs are meant",
      "const a = torch.ones(3, { requires_grad: true });\nconst b = a.unsqueeze(1);\na.sub(b).sum().backward();",
    ],
    ["the text is broken", "const y = w.exp(;\ny.backward();"],
  ];
  for (const [when, program] of silent) {
    it(`is nothing where ${when}`, () => {
      const text = `${HEAD}const w = torch.ones(2, { requires_grad: true });\n${program}\n`;
      assert.deepEqual(told(text), []);
    });
  }

  it("is nothing in a file that does not import the library, or by other names", () => {
    assert.deepEqual(told("const w = torch.ones(2, { requires_grad: true });\nw.add_(1);\n"), []);
    assert.deepEqual(
      told('import { ones } from "gradwalk";\nones(2, { requires_grad: true }).add_(1);\n'),
      [],
    );
  });

  it("comes true when the program runs, for random programs", () => {
    let alarms = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { lines } = randomProgram(seed);
      const program = HEAD + lines.join("\n");
      const expected = findings(program);
      const seen = new Map<number, unknown>();
      const [first] = expected.filter(({ throws }) => throws);
      const { line, error } = execute(lines, seen);
      if (first !== undefined) {
        alarms++;
        assert.ok(error !== null, `seed ${seed}: nothing was thrown\n${program}`);
        assert.ok(line <= first.range.line, `seed ${seed}: line ${first.range.line} did no harm\n${program}`);
        const known = CODES.find(([pattern]) => pattern.test(error.message))?.[1];
        if (line === first.range.line)
          assert.equal(known, first.code, `seed ${seed}: ${error.message}\n${program}`);
      }
      for (const { range, throws } of expected) {
        if (!throws && seen.has(range.line))
          assert.equal(seen.get(range.line), null, `seed ${seed}\n${program}`);
      }
    }
    assert.ok(alarms > 50, `only ${alarms} of the programs were told`);
  });
});

/** Runs the lines of a random program; which of them it came to, and the error that ended it there. */
function execute(
  lines: readonly string[],
  seen: Map<number, unknown>,
): { line: number; error: Error | null } {
  let line = 0;
  const at = (next: number) => {
    line = next;
  };
  const see = (place: number, value: unknown) => seen.set(place, value);
  const body = lines.map((text, i) => `at(${i + 2}); ${text}`).join("\n");
  const warnings = torch.set_warning_handler(() => undefined);
  try {
    new Function("torch", "see", "at", body)(torch, see, at);
    return { line, error: null };
  } catch (error) {
    return { line, error: error as Error };
  } finally {
    torch.set_warning_handler(warnings);
  }
}

const CODES: readonly (readonly [RegExp, string])[] = [
  [/backward through the graph a second time/, "second-backward"],
  [/implicitly created only for scalar/, "implicit-non-scalar"],
  [/leaf Variable that requires grad/, "inplace-on-leaf"],
  [/does not require grad and does not have a grad_fn/, "why-no-grad"],
  [/[Oo]nly Tensors of floating point/, "why-no-grad"],
];
