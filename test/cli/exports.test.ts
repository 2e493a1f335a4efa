import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EMBEDDED_TRACE_ID } from "../../src/protocol/page.js";
import { checkExport } from "../session/exportChecker.js";
import { buildCommand, gradwalk, withFiles } from "./command.js";
import { PROGRAMS } from "./programs.js";

const GOLDEN = new URL("golden/", import.meta.url);

/** Rewrites the golden files instead of comparing with them. */
const UPDATE = process.env.UPDATE_GOLDEN === "1";

async function exported(name: string, format: string, program: string): Promise<string> {
  return withFiles({ [name]: program }, async (cwd) => {
    const { status, stderr } = await gradwalk(["run", name, `--${format}`, "out"], { cwd });
    assert.equal(status, 0, stderr);
    return readFile(join(cwd, "out"), "utf8");
  });
}

describe("the exports of gradwalk run", function () {
  this.timeout(60_000);
  before(buildCommand);

  describe("as JSON", () => {
    for (const [name, program] of Object.entries(PROGRAMS)) {
      it(`are those of golden/${name}.json`, async () => {
        const document = JSON.parse(await exported(`${name}.ts`, "json", program));
        checkExport(document);
        const text = `${JSON.stringify(document, null, 1)}\n`;
        const golden = new URL(`${name}.json`, GOLDEN);
        if (UPDATE) await writeFile(golden, text);
        assert.equal(text, await readFile(golden, "utf8"));
      });
    }

    it("hold the live graph where a program never calls backward", async () => {
      const document = JSON.parse(
        await exported(
          "p.ts",
          "json",
          `import * as torch from "gradwalk";
const w = torch.tensor([1, 2], { requires_grad: true });
const y = w.mul(3);
const z = y.exp();
`,
        ),
      );
      checkExport(document);
      assert.deepEqual(document.backwards, []);
      assert.equal(document.graphs.length, 1);
      const names = document.graphs[0].nodes.map((node: { name: string }) => node.name);
      for (const name of ["MulBackward0", "ExpBackward0"])
        assert.ok(names.includes(name), `${name} of ${names}`);
    });

    it("hold nothing but the program where it makes no tensor", async () => {
      const document = JSON.parse(await exported("p.ts", "json", ""));
      checkExport(document);
      assert.deepEqual(
        [document.graphs, document.backwards, document.bindings, document.problems],
        [[], [], [], []],
      );
    });

    it("name NaN and infinities", async () => {
      const program = `import * as torch from "gradwalk";
const x = torch.tensor([0, 1, NaN, Infinity], { requires_grad: true });
const y = torch.log(x);
y.sum().backward();
`;
      const document = JSON.parse(await exported("p.ts", "json", program));
      checkExport(document);
      const y = document.bindings.find((binding: { name: string }) => binding.name === "y");
      assert.deepEqual(y.value.data, ["-Infinity", 0, "NaN", "Infinity"]);
    });
  });

  describe("as HTML", () => {
    const HOSTILE = `import * as torch from "gradwalk";
// </script><script>alert(1)</script> <!--
export const separators = "\u2028\u2029";
const w = torch.tensor([1], { requires_grad: true });
w.mul(2).backward();
`;

    it("are one file that needs nothing from elsewhere", async () => {
      const html = await exported("p.ts", "html", HOSTILE);
      assert.doesNotMatch(html, /<link|<img|\ssrc=|@import|url\(\s*["']?https?:/i);
      const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
      assert.match(policy, /default-src &#39;none&#39;/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
    });

    it("hold the trace as data that no markup in it can leave", async () => {
      const html = await exported("p.ts", "html", HOSTILE);
      const block = new RegExp(
        `<script type="application/json"[^>]*id="${EMBEDDED_TRACE_ID}">([\\s\\S]*?)</script>`,
      );
      const document = JSON.parse(block.exec(html)![1]!);
      checkExport(document);
      assert.equal(document.text, HOSTILE);
      assert.equal(html.split("alert(1)").length - 1, 1);
      // Style aside: the data, the page's own script, and no element more.
      assert.equal(html.split("<script").length - 1, 2);
      assert.equal(html.split("</script").length - 1, 2);
    });
  });

  const TWO_LEAVES = `import * as torch from "gradwalk";
const w = torch.tensor([1, 2], { requires_grad: true });
const b = torch.tensor([0.5], { requires_grad: true });
const loss = w.mul(b).sum();
`;

  it("as DOT are a graph that Graphviz reads, data flowing down", async () => {
    const dot = await exported("p.ts", "dot", `${TWO_LEAVES}loss.backward();`);
    assert.match(dot, /^digraph \w+ \{\n[\s\S]*\n\}\n$/);
    for (const name of ["MulBackward0", "SumBackward0", "AccumulateGrad", "loss"])
      assert.ok(dot.includes(name), name);
    const ids = new Map(
      [...dot.matchAll(/^ {2}(n\d+) \[.*label="([^"]*)"/gm)].map(([, id, label]) => [label!, id!]),
    );
    const idOf = (part: string) => [...ids].find(([label]) => label.includes(part))![1];
    assert.ok(dot.includes(`  ${idOf("MulBackward0")} -> ${idOf("SumBackward0")}`));
  });

  it("as SVG are a picture with the names as text", async () => {
    const svg = await exported("p.ts", "svg", `${TWO_LEAVES}loss.backward();`);
    assert.match(svg, /^<\?xml[^>]*>\s*<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="[-\d. ]+"/);
    assert.match(svg, /<\/svg>\n$/);
    for (const name of ["MulBackward0", "SumBackward0", "loss"])
      assert.match(svg, new RegExp(`<text[^>]*>[^<]*${name}`));
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  });

  it("as pictures are there too where the program makes no graph", async () => {
    assert.match(await exported("p.ts", "svg", ""), /<svg[\s\S]*<\/svg>/);
    assert.match(await exported("p.ts", "dot", ""), /^digraph/);
  });
});

describe("gradwalk open", function () {
  this.timeout(60_000);
  before(buildCommand);

  it("makes the page that --html makes", async () => {
    await withFiles({ "p.ts": "export const n = 1;" }, async (cwd) => {
      await gradwalk(["run", "p.ts", "--json", "p.gradwalk.json", "--html", "direct.html"], { cwd });
      const { status, text } = await gradwalk(["open", "p.gradwalk.json"], { cwd });
      assert.equal(status, 0);
      assert.equal(text, "p.html\n");
      const nonce = /[0-9a-f]{32}/g;
      const [opened, direct] = await Promise.all(
        ["p.html", "direct.html"].map((name) => readFile(join(cwd, name), "utf8")),
      );
      assert.equal(opened!.replace(nonce, ""), direct!.replace(nonce, ""));
    });
  });

  it("refuses what is no trace, in one line and with 2", async () => {
    await withFiles({ "a.json": "{}", "b.json": '{"format":"gradwalk-trace","gra' }, async (cwd) => {
      for (const [file, message] of [
        ["a.json", /a\.json: This is no Gradwalk trace/],
        ["b.json", /b\.json: This trace is cut off/],
        ["c.json", /no file c\.json/],
      ] as const) {
        const { status, stderr } = await gradwalk(["open", file], { cwd });
        assert.equal(status, 2);
        assert.match(stderr, message);
        assert.equal(stderr.trimEnd().split("\n").length, 1);
      }
    });
  });
});
