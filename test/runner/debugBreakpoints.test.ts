import assert from "node:assert/strict";
import type { Pause } from "../../src/protocol/debug.js";
import { Programs } from "../support/programs.js";
import { breakpointsIn, Stepped, type Stops } from "../support/stepping.js";

const LOOP = `import * as torch from "gradwalk";
import { layer } from "./layer.js";

const w = torch.tensor([1, 2], { requires_grad: true });
const b = torch.tensor([0.5], { requires_grad: true });

for (let i = 1; i <= 4; i++) {
  const h = w.mul(i).add(b);
  const out = layer(h);
  out.sum().backward();
}
console.log("end");
`;

const LAYER = `import * as torch from "gradwalk";
// Nothing stands on this line.
export function layer(x: torch.Tensor): torch.Tensor {
  return x.sin().exp();
}
`;

const FILES = { "main.ts": LOOP, "layer.ts": LAYER };
const named = { condition: null, hitCondition: null };

describe("breakpoints in a backward pass", function () {
  // Each starts processes of its own, several of them.
  this.timeout(60_000);
  const programs = new Programs();
  after(() => programs.dispose());

  /** Runs to the end; what was met at each pause. */
  async function pauses<T>(stepped: Stepped, see: (pause: Pause) => T | Promise<T>): Promise<T[]> {
    const seen: T[] = [];
    for (let pause = await stepped.next(); pause !== null; pause = await stepped.resume("continue")) {
      seen.push(await see(pause));
    }
    assert.equal((await stepped.finish()).reason, "exit");
    return seen;
  }

  async function nodesWith(stops: Stops): Promise<string[]> {
    const stepped = await Stepped.start(programs, FILES, stops);
    return pauses(stepped, ({ reason, hit }) => `${reason} ${hit} ${stepped.at.pass} ${stepped.node}`);
  }

  it("on a line stop at each node made there, with a column at that call alone", async () => {
    const line = await nodesWith({ source: [{ line: 8 }], exceptions: [] });
    assert.deepEqual(line.slice(0, 3), [
      "breakpoint 1 0 AddBackward0 h",
      "breakpoint 1 0 MulBackward0",
      "breakpoint 1 1 AddBackward0 h",
    ]);
    assert.equal(line.length, 8);
    const column = await nodesWith({
      source: [{ line: 8, column: LOOP.split("\n")[7]!.indexOf("mul") + 1 }],
    });
    assert.deepEqual(
      column,
      [0, 1, 2, 3].map((pass) => `breakpoint 1 ${pass} MulBackward0`),
    );
  });

  it("say where they stand: on the line, on a later one, not in this file, not loaded", async () => {
    const stepped = await Stepped.start(programs, FILES, { onEntry: true });
    await stepped.next();
    const at = (line: number, file = stepped.program) => ({ line, file });
    const source = [
      at(8),
      at(6),
      at(40),
      at(2, stepped.program.replace("main", "layer")),
      at(1, "/nowhere.ts"),
    ];
    const places = await stepped.ask({
      type: "debug.breakpoints",
      breakpoints: breakpointsIn(stepped.program, { source }),
    });
    assert.deepEqual(
      places.map(({ verified, line, message }) => [verified, line, message]),
      [
        [true, 8, null],
        [true, 8, null],
        [false, null, "No operation stands here or on a later line."],
        [true, 4, null],
        [false, null, "This file has not been loaded by the program."],
      ],
    );
    const pause = await stepped.resume("continue");
    assert.deepEqual([pause?.reason, pause?.hit, stepped.node], ["breakpoint", [4], "ExpBackward0 out"]);
    await stepped.finish();
  });

  it("are told of when a module is loaded late", async () => {
    const main = 'console.log(1);\nconst { run } = await import("./late.js");\nrun();';
    const late =
      'import * as torch from "gradwalk";\nexport const run = (): void => torch.ones(2, { requires_grad: true }).exp().sum().backward();';
    const stepped = await Stepped.start(programs, { "main.ts": main, "late.ts": late }, { onEntry: true });
    await stepped.next();
    const source = [{ line: 2, file: stepped.program.replace("main", "late") }];
    const [place] = await stepped.ask({
      type: "debug.breakpoints",
      breakpoints: breakpointsIn(stepped.program, { source }),
    });
    assert.equal(place?.verified, false);
    const pause = await stepped.resume("continue");
    assert.equal(pause?.reason, "breakpoint");
    const told = stepped.messages.find((message) => message.type === "breakpoint");
    assert.deepEqual([told?.place.id, told?.place.verified, told?.place.line], [1, true, 2]);
    await stepped.finish();
  });

  it("pause where their condition holds, and count such hits", async () => {
    const condition = "w.grad !== null && grad.norm() > 0";
    const source = [{ line: 8, column: 24, condition, hitCondition: ">= 2" }];
    const hits = await nodesWith({ source });
    assert.deepEqual(hits, ["breakpoint 1 2 AddBackward0 h", "breakpoint 1 3 AddBackward0 h"]);
    const modulo = await nodesWith({
      functions: [{ id: 1, name: "Mul*", condition: null, hitCondition: "% 2" }],
    });
    assert.deepEqual(modulo, [
      "function breakpoint 1 1 MulBackward0",
      "function breakpoint 1 3 MulBackward0",
    ]);
  });

  for (const [condition, reason] of [
    ["grad.norm( > 1", /SyntaxError/],
    ["nothing.here > 1", /ReferenceError: nothing is not defined/],
    ["grad.sin().add(w)", /Boolean value of Tensor with more than one value is ambiguous/],
    ["(() => { for (;;); })()", /given up after 1 second/],
  ] as const) {
    it(`tell once that the condition ${condition} can't be told, and count it as true`, async () => {
      const functions = [{ id: 1, name: "SinBackward0", condition, hitCondition: null }];
      const stepped = await Stepped.start(programs, FILES, { functions });
      assert.equal((await stepped.next())?.at?.pass, 0);
      assert.equal((await stepped.resume("continue"))?.at?.pass, 1);
      assert.equal(stepped.logs.length, 1);
      assert.match(stepped.logs[0]!, reason);
      stepped.run.dispose();
    });
  }

  it("print their log message instead of pausing", async () => {
    const logMessage = "h got {grad}, w is {w.tolist().join(';')}, {'a{b}c'} {missing}";
    const stepped = await Stepped.start(programs, FILES, { source: [{ line: 8, column: 24, logMessage }] });
    assert.deepEqual(await pauses(stepped, () => 1), []);
    assert.equal(stepped.logs.length, 4);
    assert.match(
      stepped.logs[0]!,
      /^h got tensor\(\[.*\]\), w is 1;2, a\{b\}c \{missing: ReferenceError: missing is not defined\}$/,
    );
    const [log] = stepped.messages.filter((message) => message.type === "log");
    assert.deepEqual([log?.file, log?.line, log?.important], [stepped.program, 8, false]);
  });

  it("stop at functions by the name of grad_fn or variable, with wildcards", async () => {
    const at = (name: string) => nodesWith({ functions: [{ id: 7, name, ...named }] });
    assert.deepEqual((await at("?inBackward*"))[0], "function breakpoint 7 0 SinBackward0");
    assert.deepEqual((await at("out")).length, 4);
    assert.deepEqual(await at("Sin"), []);
  });

  it("stop before a leaf's gradient changes", async () => {
    const data = [
      { id: 3, name: "b", condition: "b.grad !== null && b.grad.item() !== grad.item()", hitCondition: null },
    ];
    const stepped = await Stepped.start(programs, FILES, { data });
    const seen = await pauses(stepped, ({ reason, at }) => [reason, stepped.node, at?.pass]);
    assert.deepEqual(
      seen,
      [1, 2, 3].map((pass) => ["data breakpoint", "AccumulateGrad b", pass]),
    );
  });

  it("stop where a NaN or an infinity arises, and name the forward line where it began", async () => {
    const text = `import * as torch from "gradwalk";
const x = torch.tensor([0, 4], { requires_grad: true });
const root = x.sqrt();
const scaled = root.mul(0);
scaled.sum().backward();
const y = torch.tensor([-1], { requires_grad: true });
const bad = y.log();
const z = bad.mul(2);
z.sum().backward();
`;
    const exceptions = [{ filter: "nan", threshold: null }] as const;
    const stepped = await Stepped.start(programs, text, { exceptions });
    const seen = await pauses(stepped, ({ reason, exception }) => {
      return [reason, stepped.node, exception?.filter, exception?.origin?.line, exception?.message];
    });
    assert.deepEqual(seen[0], [
      "exception",
      "AccumulateGrad x",
      "nan",
      3,
      "The gradient that SqrtBackward0 sends on has NaN in 1 of 2 elements.",
    ]);
    const infinite = await Stepped.start(programs, text.replace("mul(0)", "mul(1)"), {
      exceptions: [{ filter: "inf", threshold: null }],
    });
    const pause = await infinite.next();
    assert.deepEqual([pause?.exception?.filter, pause?.exception?.origin?.line], ["inf", 3]);
    await infinite.finish();
  });

  it("stop where gradients explode or vanish", async () => {
    const text = `import * as torch from "gradwalk";
let x = torch.ones(1, { requires_grad: true });
for (let i = 0; i < 4; i++) x = x.mul(i < 2 ? 100 : 0.001);
x.backward();
`;
    const vanishing = await Stepped.start(programs, text, {
      exceptions: [{ filter: "vanishing", threshold: 1e-5 }],
    });
    const small = await vanishing.next();
    assert.deepEqual([small?.exception?.filter, small?.at?.step], ["vanishing", 2]);
    assert.equal(
      small?.exception?.message,
      "The gradient that MulBackward0 sends on has the norm 0.000001000, below 0.00001.",
    );
    await vanishing.finish();
    const exploding = await Stepped.start(programs, text.replace("0.001", "10"), {
      exceptions: [{ filter: "exploding", threshold: null }],
    });
    const large = await exploding.next();
    assert.deepEqual([large?.exception?.filter, large?.at?.step], ["exploding", 3]);
    await exploding.finish();
  });

  it("stop before a node whose saved tensor was changed in place, and at the error nobody catches", async () => {
    const text = `import * as torch from "gradwalk";
const x = torch.ones(2, { requires_grad: true });
const e = x.exp();
const s = e.sum();
e.add_(1);
s.backward();
`;
    const exceptions = [
      { filter: "version", threshold: null },
      { filter: "uncaught", threshold: null },
    ] as const;
    const clash = text.replace("const s = e.sum();\n", "").replace("s.backward", "e.sum().backward");
    const stepped = await Stepped.start(programs, clash, { exceptions });
    const pause = await stepped.next();
    assert.deepEqual([pause?.exception?.filter, pause?.exception?.origin?.line], ["version", 4]);
    assert.equal(stepped.node, "ExpBackward0 e");
    const dying = await stepped.resume("continue");
    assert.deepEqual([dying?.exception?.filter, dying?.at?.node], ["uncaught", pause?.at?.node]);
    assert.match(dying?.exception?.message ?? "", /RuntimeError: one of the variables needed/);
    assert.equal(stepped.stderr, "");
    assert.equal((await stepped.finish()).exit, 1);
  });
});
