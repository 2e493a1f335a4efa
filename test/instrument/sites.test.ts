import assert from "node:assert/strict";
import { instrument } from "../../src/instrument/instrument.js";
import type { InstrumentOptions, Site } from "../../src/instrument/sites.js";
import { boundLines, type Compared, compare, recordedLines } from "./harness.js";

function sitesOf(text: string, more: Partial<InstrumentOptions> = {}): readonly Site[] {
  const { sites, diagnostics } = instrument(text, { fileName: "a.ts", firstSite: 0, probes: true, ...more });
  assert.deepEqual(diagnostics, []);
  return sites;
}

/** `kind line:column-line:column name «text» in index`. */
function table(text: string): string[] {
  return sitesOf(text).map(({ kind, line, column, endLine, endColumn, name, text: source, within }) => {
    const inside = within === null ? "" : ` in ${within}`;
    return `${kind} ${line}:${column}-${endLine}:${endColumn} ${name} «${source}»${inside}`;
  });
}

describe("the table of sites", () => {
  it("has calls, bindings, loops and functions with their exact places", () => {
    assert.deepEqual(
      table(`const w = torch.tensor([0.5]);
function loss(x: Tensor): Tensor {
  for (const part of x.split(2)) this.last = w.mul(part).mean();
  return new Net().forward(x);
}`),
      [
        "binding 1:7-1:8 w «w»",
        "call 1:11-1:30 tensor «torch.tensor([0.5])»",
        "function 2:10-2:14 loss «function loss(x: Tensor): Tensor»",
        "loop 3:3-3:6 for…of «for (const part of x.split(2))» in 2",
        "call 3:22-3:32 split «x.split(2)» in 3",
        "binding 3:14-3:18 part «part» in 3",
        "binding 3:34-3:43 this.last «this.last» in 3",
        "call 3:46-3:64 mean «w.mul(part).mean()» in 3",
        "call 3:46-3:57 mul «w.mul(part)» in 3",
        "call 4:10-4:30 forward «new Net().forward(x)» in 2",
        "new 4:10-4:19 Net «new Net()» in 2",
      ],
    );
  });

  it("gives every link of a chain that is broken over lines its own line", () => {
    const [, mean, add, mul] = sitesOf("const y = x\n  .mul(2)\n  .add(1)\n  .mean();");
    assert.deepEqual([mul?.line, mul?.column, add?.line, mean?.line, mean?.column], [2, 4, 3, 4, 4]);
  });

  it("puts the anchor of a call where V8's stack traces put it", () => {
    const [call] = sitesOf("foo.bar(1);");
    assert.deepEqual([call?.column, call?.anchor], [1, { line: 1, column: 5 }]);
  });

  it("counts columns in the original text: byte order mark, CRLF, tabs, characters outside of the BMP", () => {
    const [call] = sitesOf('\uFEFF// x\r\n\t"😀"; f(1);\r\n');
    assert.deepEqual([call?.line, call?.column, call?.endColumn], [2, 8, 12]);
  });

  it("cuts long text and flattens line breaks", () => {
    const [call] = sitesOf(`f(\n  ${"x".repeat(200)}\n);`);
    assert.equal(call?.text.length, 80);
    assert.ok(call?.text.startsWith("f( xxx") && call.text.endsWith("…"));
  });

  it("numbers sites from firstSite", () => {
    const { code } = instrument("f(x);", { fileName: "a.ts", firstSite: 100, probes: true });
    assert.match(code, /\(100, x\)/);
  });

  it("names functions as JavaScript does", () => {
    const text = `const a = () => f(); class B { constructor() { f(); } get c() { return f(); } static #d() { f(); } e = () => f(); ["g"]() { f(); } }
const o = { h: () => f(), i() { f(); } }; o.j = function () { f(); }; xs.map((x) => f(x)); export default () => f();`;
    const names = sitesOf(text)
      .filter((each) => each.kind === "function")
      .map((each) => each.name);
    assert.deepEqual(names, ["a", "new B", "c", "#d", "e", '["g"]', "h", "i", "j", null, null]);
  });

  it("leaves functions and loops in which nothing can be recorded without frames", () => {
    const { code, sites } = instrument(
      "const sq = (x) => x * x; for (let i = 0; i < 9; i++) s += Math.sqrt(i);",
      {
        fileName: "a.js",
        firstSite: 0,
        probes: true,
      },
    );
    assert.deepEqual(
      sites.map((each) => each.kind),
      ["loop"],
    );
    assert.doesNotMatch(code, /enter|iterate/);
    assert.match(code, /spin/);
  });

  it("instruments calls on a Math that is the program's own", () => {
    assert.deepEqual(
      sitesOf("const Math = lib; Math.exp(x);").map((each) => each.kind),
      ["binding", "call"],
    );
  });

  it("adds nothing to a program without sites", () => {
    const text = "export const a = 1;\n";
    const plain = instrument(text, { fileName: "a.ts", firstSite: 0, probes: false });
    assert.equal(instrument(text, { fileName: "a.ts", firstSite: 0, probes: true }).code, plain.code);
    assert.deepEqual(plain.sites, []);
  });
});

const bindingCases = [
  {
    behaviour: "declarations, assignments and logical assignments",
    text: "const a = tensor(1); let b; b = a.neg(); b ??= tensor(2); b &&= b.T; var c = 5, d = tensor(3);",
    bound: ["a 2:7 tensor", "b 2:29 neg", "b 2:59 T", "d 2:81 tensor"],
  },
  {
    behaviour: "destructuring, each element by its name, getters not read again",
    text: `const o: any = {};
const { p: [q, ...r], s = tensor(4), ...t } = { p: [tensor(1), tensor(2)], u: tensor(3) };
[o.x, o["y"], r[0]] = [q, q, q];
for (const [k, v] of [[1, tensor(5)]]) k; let z; for (z of [tensor(6)]) z; ({ q: z } = { q: tensor(7) });`,
    bound: [
      "q 3:13 tensor",
      "s 3:23 tensor",
      "o.x 4:2 tensor",
      'o["y"] 4:7 tensor',
      "r[0] 4:15 tensor",
      "v 5:16 tensor",
      "z 5:55 tensor",
      "z 5:82 tensor",
    ],
  },
  {
    behaviour: "fields, properties of this and of objects",
    text: `class Net { weight = tensor(1); static shared = tensor(2); #hidden = tensor(3); constructor(private p = tensor(9)) { this.weight = this.#hidden.neg(); this.#hidden = p.T; } }
new Net(); const params = { w: tensor(4), deep: { b: tensor(5) } }; params.w = tensor(6); params["deep"].b = tensor(7);`,
    bound: [
      "Net.shared 2:40 tensor",
      "this.weight 2:13 tensor",
      "this.#hidden 2:60 tensor",
      "this.weight 2:118 neg",
      "this.#hidden 2:152 T",
      "params.w 3:29 tensor",
      "params.deep.b 3:51 tensor",
      "params.w 3:69 tensor",
      'params["deep"].b 3:91 tensor',
    ],
  },
  {
    behaviour: "a parameter names nothing",
    text: "const f = (x: any, y = tensor(2), { z } = { z: tensor(3) }, ...r: any[]) => x; f(tensor(1), undefined, undefined, tensor(4));",
    bound: [],
  },
  {
    behaviour: "awaited and yielded values",
    text: `const a = await tensor(1).later(); let b; b = await Promise.resolve(tensor(2));
function* g(): any { const c = yield 1; } const it = g(); it.next(); it.next(tensor(3));
for await (const d of [tensor(4)]) d;`,
    bound: ["a 2:7 tensor", "b 2:43 tensor", "c 3:28 tensor", "d 4:18 tensor"],
  },
] as const;

const innermost = `const f = (x: any) => x.neg();
const y = f(f(tensor(1))).mul(tensor(2))
  .T
  .add(f(tensor(3)));
y.T.mul(y);
map([tensor(1), tensor(2)], (x: any) => x).map((x: any) => x.T);
y.split(); map([y], f);`;

describe("what probes report", () => {
  let compared: Compared[];
  before(async function () {
    this.timeout(60_000);
    const texts = [...bindingCases.map((each) => each.text), innermost];
    compared = await compare(
      texts.map((text, i) => ({
        name: `case${i}.ts`,
        text: `import { tensor, map } from "gradwalk";\n${text}`,
      })),
    );
  });
  for (const [i, { behaviour, bound }] of bindingCases.entries()) {
    it(`binds ${behaviour}`, () => {
      assert.equal(compared[i]!.probed.error, null);
      assert.deepEqual(boundLines(compared[i]!), bound);
    });
  }
  it("gives an operation the innermost call of the user's own text", () => {
    assert.deepEqual(recordedLines(compared[bindingCases.length]!), [
      "neg 2:23 in f#0",
      "neg 2:23 in f#1",
      "mul 3:11",
      "T 3:11", // in a callee behind a call nothing can be stored unseen: the call before it has to do
      "neg 2:23 in f#2",
      "add 5:4",
      "T 6:1",
      "mul 6:1",
      "T 7:60 in anonymous#0",
      "T 7:60 in anonymous#1",
      "add 8:1",
      "mul 8:1",
      "neg 2:23 in f#3",
    ]);
  });
});
