/** @file Arbitrary small programs over the toy library: every form of expression and statement, errors included. */

import * as fc from "fast-check";

const names = ["a", "b", "c"] as const;
const name = fc.constantFrom(...names);
const digit = fc.nat(3);

interface Grammar {
  expression: string;
  statement: string;
  body: string;
}

/** The text of a whole module; `await` may stand anywhere in it. */
export const program: fc.Arbitrary<string> = fc
  .array(
    fc.letrec<Grammar>((tie) => {
      const e = tie("expression");
      const s = tie("statement");
      const pair = fc.tuple(e, e);
      return {
        expression: fc.oneof(
          { maxDepth: 4, withCrossShrink: true },
          digit.map((n) => `tensor(${n})`),
          name,
          pair.map(([x, y]) => `${x}.add(${y})`),
          pair.map(([x, y]) => `add(${x}, ${y})`),
          e.map((x) => `${x}.neg()`),
          e.map((x) => `${x}.neg?.()?.neg()`),
          e.map((x) => `(await ${x}.later())`),
          e.map((x) => `(await later(${x})).neg()`),
          e.map((x) => `use(...[${x}])`),
          e.map((x) => `use(${x}, ...[1, 2])`),
          e.map((x) => `new Box(${x}).inner`),
          e.map((x) => `new Box(${x}).twice`),
          e.map((x) => `((x) => x.neg())(${x})`),
          e.map((x) => `(function () { return arguments[0].neg(); })(${x}, 1)`),
          pair.map(([x, y]) => `(${x}, ${y})`),
          pair.map(([x, y]) => `(${x}.v > 1 ? ${x} : ${y})`),
          pair.map(([x, y]) => `(${x} ?? ${y})`),
          pair.map(([x, y]) => `[${x}, ${y}].map((x) => x.neg())[1]`),
          pair.map(([x, y]) => `{ p: ${x}, q: ${y} }.p`).map((each) => `(${each})`),
          fc.tuple(name, e).map(([n, x]) => `(${n} = ${x})`),
          fc.tuple(name, name, pair).map(([n, m, [x, y]]) => `([${n}, ${m}] = [${x}, ${y}])[0]`),
          fc.tuple(name, e).map(([n, x]) => `({ v: o.p, ...${n} } = ${x})`),
          e.map((x) => `tag\`x\${${x}}\``),
          e.map((x) => `[...gen(${x})][1]`),
          e.map((x) => `${x}.missing(1)`),
          e.map((x) => `nothing().p(${x})`),
          e.map((x) => `\`\${${x}}\`.at(0)`),
          e.map((x) => `eval("c").add(${x})`),
          name.map((n) => `${n}.T.neg()`),
          e.map((x) => `(await (async () => { try { return ${x}; } finally { tensor(0); } })())`),
        ),
        statement: fc.oneof(
          { maxDepth: 3, withCrossShrink: true },
          e.map((x) => `print(${x});`),
          fc.tuple(name, e).map(([n, x]) => `${n} = ${x};`),
          fc.tuple(name, e).map(([n, x]) => `{ const ${n} = ${x}; print(${n}); }`),
          pair.map(([x, y]) => `{ const { v, p = ${x} } = ${y}; print(v, p); }`),
          pair.map(([x, y]) => `{ const [p, q = ${x}] = [${y}]; print(p, q); }`),
          fc.tuple(e, s, s).map(([x, y, z]) => `if (${x}.v > 1) ${y} else ${z}`),
          fc.tuple(digit, s).map(([n, x]) => `for (let i = 0; i < ${n}; i++) ${x}`),
          fc.tuple(e, s).map(([x, y]) => `for (const a of [${x}, tensor(1)]) { ${y} if (a.v) break; }`),
          fc.tuple(e, s).map(([x, y]) => `for await (const b of gen(${x})) { ${y} }`),
          fc
            .tuple(e, s)
            .map(
              ([x, y]) =>
                `out: for (const k in { x: 1, y: 2 }) { for (;;) { if (${x}.v) continue out; ${y} break out; } }`,
            ),
          fc.tuple(e, s).map(([x, y]) => `{ let n = 2; do { ${y} } while (n-- > 0 && ${x}.v < 2); }`),
          fc.tuple(e, s).map(([x, y]) => `label: { if (${x}.v > 0) break label; ${y} }`),
          fc
            .tuple(s, s, s)
            .map(([x, y, z]) => `try { ${x} } catch (e) { print(e.message); ${y} } finally { ${z} }`),
          e.map((x) => `throw ${x};`),
          fc
            .tuple(e, s, s)
            .map(
              ([x, y, z]) =>
                `switch (${x}.v) { case 1: ${y} case 2: ${z} break; default: print("default"); }`,
            ),
          fc.tuple(e, tie("body")).map(([x, y]) => `(function f(p) { ${y} return p.neg(); })(${x});`),
          fc
            .tuple(e, tie("body"))
            .map(([x, y]) => `await (async (p) => { await null; ${y} print(p.neg()); })(${x});`),
          tie("body")
            .map((x) => `class K { static { ${x} } w = tensor(1).neg(); } print(new K().w);`)
            .map((each) => `{ ${each} }`),
        ),
        // No await: for places where one can't stand.
        body: fc
          .array(
            fc.constantFrom(
              "print(a.neg());",
              "a = b.add(c);",
              "for (const x of [1, 2]) { b = tensor(x); if (x) continue; }",
              "try { nothing().x; } catch (e) { print(e.message); }",
              "o.p = b;",
              "b.missing();",
            ),
            { maxLength: 3 },
          )
          .map((each) => each.join(" ")),
      };
    }).statement,
    { minLength: 2, maxLength: 6 },
  )
  .map(
    (statements) =>
      `${PRELUDE}\n${statements.map((each, i) => `try { ${each} } catch (e) { print(${i}, e?.message ?? e); }`).join("\n")}\nprint(a, b, c, o.p);\n`,
  );

const PRELUDE = `import { tensor, add, nothing } from "gradwalk";
let a: any = tensor(1), b: any = tensor(2), c: any = tensor(3);
const o: any = { set p(v: any) { print("set", v); this.q = v; }, get p() { return this.q; } };
const print = (...xs: any[]) => console.log(...xs.map((x) => x?.v ?? String(x)));
const later = async (x: any) => { await null; return x; };
const use = (...xs: any[]) => xs[0];
const tag = (_: any, x: any) => x.neg();
function* gen(x: any) { try { yield x; yield x.neg(); } finally { x.v && tensor(x.v); } }
class Box { inner; constructor(x: any) { this.inner = x; } get twice() { return this.inner.add(this.inner); } }`;
