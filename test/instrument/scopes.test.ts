import assert from "node:assert/strict";
import { type Compared, compare, recordedLines } from "./harness.js";

interface Case {
  readonly behaviour: string;
  readonly text: string;
  readonly recorded: readonly string[];
}

const prelude =
  'import { tensor } from "gradwalk"; const sleep = async (n: number) => { while (n-- > 0) await null; };\n';

const cases: readonly Case[] = [
  {
    behaviour:
      "a call in nested loops and functions has all of them, outermost first, with their iterations and calls",
    text: `function f(n: number) { for (const x of [n]) tensor(x).neg(); }
for (let i = 0; i < 2; i++) f(i);
tensor(1).neg();`,
    recorded: ["neg 2:46 in for#0 > f#0 > for…of#0", "neg 2:46 in for#1 > f#1 > for…of#0", "neg 4:1"],
  },
  {
    behaviour: "break, continue and return out of labelled loops leave the scope right",
    text: `const f = () => { for (;;) { for (const x of [1, 2]) { tensor(x).neg(); return; } } };
outer: for (let i = 0; i < 2; i++) { for (const x of [1, 2]) { f(); if (x === 1) continue outer; } }
out: { for (const x of [1]) { break out; } }
tensor(1).neg();`,
    recorded: [
      "neg 2:56 in for#0 > for…of#0 > f#0 > for#0 > for…of#0",
      "neg 2:56 in for#1 > for…of#0 > f#1 > for#0 > for…of#0",
      "neg 5:1",
    ],
  },
  {
    behaviour: "an exception leaves no frame behind, in a handler, in finally and after",
    text: `function fails() { for (;;) { for (const x of [1]) throw tensor(x); } }
for (const i of [0]) { try { for (;;) fails(); } catch { tensor(i).neg(); } finally { tensor(i).T; } }
tensor(1).neg();
[1].map((x) => { try { fails(); } finally { tensor(x).neg(); return 1; } });`,
    recorded: ["neg 3:58 in for…of#0", "T 3:87 in for…of#0", "neg 4:1", "neg 5:45 in anonymous#0"],
  },
  {
    behaviour: "interleaved async tasks keep the scope they were started in",
    text: `async function task(turns: number) {
  for (let i = 0; i < 2; i++) { await sleep(turns); tensor(i).neg(); }
  try { await Promise.reject(1); } catch { tensor(9).T; }
}
function spawn() { const all = []; for (let k = 0; k < 2; k++) { all.push(task(2 * k)); tensor(k).T; } return all; }
await Promise.all(spawn());
tensor(7).neg();`,
    recorded: [
      "T 6:89 in spawn#0 > for#0",
      "T 6:89 in spawn#0 > for#1",
      "neg 3:53 in spawn#0 > for#0 > task#0 > for#0",
      "neg 3:53 in spawn#0 > for#0 > task#0 > for#1",
      "T 4:44 in spawn#0 > for#0 > task#0",
      "neg 3:53 in spawn#0 > for#1 > task#1 > for#0",
      "neg 3:53 in spawn#0 > for#1 > task#1 > for#1",
      "T 4:44 in spawn#0 > for#1 > task#1",
      "neg 8:1",
    ],
  },
  {
    behaviour: "the caller of an async function goes on in its own scope",
    text: `const f = async () => { await null; await null; };
function g() { for (const x of [1]) { f(); tensor(x).neg(); } tensor(1).T; }
g();
tensor(2).neg();`,
    recorded: ["neg 3:44 in g#0 > for…of#0", "T 3:63 in g#0", "neg 5:1"],
  },
  {
    behaviour: "an await in a callee, where nothing may be wrapped, takes the scope back",
    text: `const later = async (n: number) => { await sleep(2); return tensor(n); };
async function f() { for (const x of [1]) { (await later(x)).neg(); (await later(x)).add(tensor(x)); } }
sleep(3).then(() => tensor(0).T);
await f();
const [a] = [await later(4)]; a.neg();`,
    recorded: [
      "T 4:21 in anonymous#0",
      "neg 3:45 in f#0 > for…of#0",
      "add 3:69 in f#0 > for…of#0",
      "neg 6:31",
    ],
  },
  {
    behaviour: "a generator runs in the scope of whoever resumes it",
    text: `function* gen() { try { for (let i = 0; i < 2; i++) { tensor(i).neg(); yield i; } } finally { tensor(0).T; } }
function use() { for (const x of gen()) { tensor(x).data; if (x) break; } }
use();
const it = gen(); it.next();
(function closes() { it.return(); tensor(1).neg(); })();
tensor(1).neg();`,
    recorded: [
      "neg 2:55 in use#0 > for…of#-1 > gen#0 > for#0",
      "data 3:43 in use#0 > for…of#0",
      "neg 2:55 in use#0 > for…of#0 > gen#0 > for#1",
      "data 3:43 in use#0 > for…of#1",
      "T 2:95 in use#0 > for…of#1 > gen#0",
      "neg 2:55 in gen#1 > for#0",
      "T 2:95 in closes#0 > gen#1",
      "neg 6:35 in closes#0",
      "neg 7:1",
    ],
  },
  {
    behaviour: "for await and async generators",
    text: `async function* gen() { for (const x of [1, 2]) { await null; yield tensor(x).neg(); } }
for await (const x of gen()) { x.T; await sleep(1); x.data; }
tensor(1).neg();`,
    recorded: [
      "neg 2:69 in gen#0 > for…of#0",
      "T 3:32 in for await#0",
      "data 3:53 in for await#0",
      "neg 2:69 in gen#0 > for…of#1",
      "T 3:32 in for await#1",
      "data 3:53 in for await#1",
      "neg 4:1",
    ],
  },
  {
    behaviour: "await using gives the scope back to the caller and takes it again",
    text: `(Symbol as any).asyncDispose ??= Symbol.for("Symbol.asyncDispose");
const resource = () => ({ async [Symbol.asyncDispose]() { await sleep(2); tensor(3).T; } });
async function f() { for (const x of [1]) { { await using r = resource(); tensor(x).neg(); } tensor(x).neg(); } }
function g() { const p = f(); tensor(2).data; return p; }
await g();
tensor(1).neg();`,
    recorded: [
      "neg 4:75 in g#0 > f#0 > for…of#0",
      "data 5:31 in g#0",
      "T 3:75 in g#0 > f#0 > for…of#0 > [Symbol.asyncDispose]#0",
      "neg 4:94 in g#0 > f#0 > for…of#0",
      "neg 7:1",
    ],
  },
  {
    behaviour: "getters, constructors, callbacks and timers are functions with scopes of their own",
    text: `class Net { w = tensor(1); constructor() { this.w.neg(); } get v() { return this.w.neg(); } forward() { return this.v.neg(); } }
new Net().forward();
[5, 6].forEach((x) => tensor(x).neg());
await new Promise<void>((resolve) => setTimeout(function tick() { tensor(1).neg(); resolve(); }, 1));
tensor(2).neg();`,
    recorded: [
      "neg 2:44 in new Net#0",
      "neg 2:77 in forward#0 > v#0",
      "neg 2:112 in forward#0",
      "neg 4:23 in anonymous#0",
      "neg 4:23 in anonymous#1",
      "neg 5:67 in tick#0",
      "neg 6:1",
    ],
  },
  {
    behaviour: "recursion counts its calls",
    text: `function f(n: number): void { tensor(n).neg(); if (n) f(n - 1); }
f(2);`,
    recorded: ["neg 2:31 in f#0", "neg 2:31 in f#0 > f#1", "neg 2:31 in f#0 > f#1 > f#2"],
  },
];

describe("the scope of an operation", () => {
  let compared: Compared[];
  before(async function () {
    this.timeout(60_000);
    compared = await compare(cases.map(({ text }, i) => ({ name: `case${i}.ts`, text: prelude + text })));
  });
  for (const [i, { behaviour, recorded }] of cases.entries()) {
    it(behaviour, () => {
      const { plain, probed, output } = compared[i]!;
      assert.deepEqual(output.diagnostics, []);
      assert.equal(plain.error, null);
      assert.equal(probed.error, null);
      assert.deepEqual(recordedLines(compared[i]!), recorded);
    });
  }
});
