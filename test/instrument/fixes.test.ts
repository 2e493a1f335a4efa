import assert from "node:assert/strict";
import {
  onOperand,
  retainGraph,
  saveClone,
  scalarRoot,
  withoutRequiresGrad,
} from "../../src/instrument/fixes/calls.js";
import {
  clearGradients,
  gradReadAt,
  type QuickFix,
  recorded,
  requireGrad,
  retainGrad,
  updateInPlace,
  writeUnrecorded,
} from "../../src/instrument/fixes/gradients.js";
import { keptInLoops } from "../../src/instrument/fixes/retained.js";
import { ProgramText } from "../../src/instrument/fixes/text.js";
import type { Range } from "../../src/instrument/sites.js";
import { say } from "../../src/instrument/words.js";
import { edited } from "../../src/session/diagnostics/edits.js";

const HEAD = 'import * as torch from "gradwalk";\n';

/** The first fix for the part of a program that stands in « », made. */
function mended(marked: string, fix: (text: ProgramText, range: Range) => readonly QuickFix[]): string {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  const plain = HEAD + marked.replace(/[«»]/g, "");
  const text = new ProgramText("/a.ts", plain);
  const at = (offset: number) => {
    const { line, character } = text.tree.getLineAndCharacterOfPosition(HEAD.length + offset);
    return { line: line + 1, column: character + 1 };
  };
  const [from, to] = [at(start), at(end)];
  const range = { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  const [first] = fix(text, range);
  return first === undefined ? "no fix" : edited(plain, first.edits).slice(HEAD.length);
}

describe("a quick fix", () => {
  const table: readonly (readonly [string, string, Parameters<typeof mended>[1], string])[] = [
    [
      "an option, as the only argument",
      "«y.backward()»;",
      retainGraph,
      "y.backward({ retain_graph: true });",
    ],
    ["an option after others", "«y.backward(g)»;", retainGraph, "y.backward(g, { retain_graph: true });"],
    [
      "an option into an object that is there",
      "«y.backward({ gradient: g })»;",
      retainGraph,
      "y.backward({ gradient: g, retain_graph: true });",
    ],
    [
      "an option that was false",
      "«y.backward({ retain_graph: false })»;",
      retainGraph,
      "y.backward({ retain_graph: true });",
    ],
    [
      "an option into an empty object",
      "«y.backward({})»;",
      retainGraph,
      "y.backward({ retain_graph: true });",
    ],
    [
      "a method on an operand of a library function",
      "const l = «torch.log(p)»;",
      (text, range) => onOperand(text, range, 0, "abs()", say("")),
      "const l = torch.log(p.abs());",
    ],
    [
      "a method on an operand that needs parentheses",
      "const l = «torch.log(flag ? p : q)»;",
      (text, range) => onOperand(text, range, 0, "abs()", say("")),
      "const l = torch.log((flag ? p : q).abs());",
    ],
    [
      "a method on an operand of part of the library",
      "«torch.nn.functional.relu(x.mul(2))»;",
      (text, range) => onOperand(text, range, 0, "abs()", say("")),
      "torch.nn.functional.relu(x.mul(2).abs());",
    ],
    [
      "a copy of the second operand",
      "«a.mul(b)»;",
      (text, range) => saveClone(text, range, 1),
      "a.mul(b.clone());",
    ],
    [
      "a sum of a whole chain",
      "«a.mul(2).add(1).backward()»;",
      scalarRoot,
      "a.mul(2).add(1).sum().backward();",
    ],
    [
      "requires_grad where there are options",
      "const w = «torch.zeros(2, { dtype: torch.float64 })»;",
      requireGrad,
      "const w = torch.zeros(2, { dtype: torch.float64, requires_grad: true });",
    ],
    [
      "requires_grad on what no factory made",
      "const w = «data.mul(2)»;",
      requireGrad,
      "const w = data.mul(2).requires_grad_();",
    ],
    [
      "requires_grad taken from among others",
      "const x = «torch.zeros(2, { requires_grad: true, dtype: torch.float64 })»;",
      withoutRequiresGrad,
      "const x = torch.zeros(2, { dtype: torch.float64 });",
    ],
    [
      "a statement of its own, indented, with the file's line ends",
      "if (true) {\r\n  const «h» = w.mul(2);\r\n}",
      (text, range) => retainGrad(text, range, "h"),
      "if (true) {\r\n  const h = w.mul(2);\r\n  h.retain_grad();\r\n}",
    ],
    [
      "an update under no_grad that is there",
      "torch.no_grad(() => {\n  w = «w.sub(g)»;\n});",
      updateInPlace,
      "torch.no_grad(() => {\n  w.sub_(g);\n});",
    ],
    [
      "no_grad around the statement that a write stands in",
      "f(«w.add_(1)»);",
      writeUnrecorded,
      "torch.no_grad(() => {\n  f(w.add_(1));\n});",
    ],
    ["nothing for a block under no_grad", "torch.no_grad(() => { y = «w.mul(2)»; });", recorded, "no fix"],
    [
      "zero_() in front of the call in the loop, where the names are known",
      "let w = 1;\nfor (;;) {\n  «loss.backward()»;\n}",
      (text, range) => clearGradients(text, range, ["w"], []),
      "let w = 1;\nfor (;;) {\n  w.grad?.zero_();\n  loss.backward();\n}",
    ],
    [
      "nothing where neither names nor updates are at hand",
      "for (;;) «loss.backward()»;",
      (text, range) => clearGradients(text, range, ["this.w"], []),
      "no fix",
    ],
  ];
  for (const [what, before, fix, after] of table) {
    it(`writes ${what}`, () => assert.equal(mended(before, fix), after));
  }

  it("tells how a gradient is read", () => {
    const reads: readonly (readonly [string, string])[] = [
      ["w.grad!.mul(2);", "needed"],
      ["w.grad.mul(2);", "needed"],
      ["f(w.grad);", "used"],
      ["const g = w.grad;", "used"],
      [`const g = \`\${w.grad}\`;`, "shown"],
      ["w.grad?.zero_();", "checked"],
      ["if (w.grad) f();", "checked"],
      ["if (w.grad === null) f();", "checked"],
      ["const g = w.grad ?? zero;", "checked"],
      ["const n = !w.grad;", "checked"],
      ["const n = w.grad ? 1 : 2;", "checked"],
    ];
    for (const [line, how] of reads) {
      const text = new ProgramText("/a.ts", line);
      assert.equal(gradReadAt(text, 1, line.indexOf("grad") + 1), how, line);
    }
  });

  it("finds what a loop keeps beyond itself, and not what dies with an iteration", () => {
    const text = new ProgramText(
      "/a.ts",
      `const all = []; let total;
      for (;;) {
        const loss = f(); const own = [];
        all.push(loss); this.all.push(loss); all[0] = loss; total = total.add(loss);
        own.push(loss); all.push(loss.item()); other = other.mul(loss);
        for (;;) { const step = f(); own.push(step); }
      }
      all.push(outside);`,
    );
    const kept = keptInLoops(text).map(({ keeper, name, how }) => `${keeper} ${name} ${how}`);
    assert.deepEqual(kept, [
      "all loss list",
      "this.all loss list",
      "all loss list",
      "total loss total",
      "own step list",
    ]);
  });
});
