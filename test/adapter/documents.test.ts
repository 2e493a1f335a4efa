/** @file Programs that no file holds: texts that come with the launch, and the client's own documents. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Launcher } from "../../src/launcher/launcher.js";
import type { LaunchOptions, Run } from "../../src/launcher/types.js";
import { runnerBundle } from "../support/runner.js";
import { Debugging, FAN_IN } from "./programs.js";

describe("a program that no file holds", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("is stepped by the text that comes with the launch, which a client can ask for", async () => {
    const client = await debugging.client();
    const program = join(debugging.folder({}), "unsaved.ts");
    await client.launch({ program, sources: { [program]: FAN_IN } }, () =>
      client.get("setBreakpoints", { source: { path: program }, breakpoints: [{ line: 3 }] }),
    );
    assert.equal(await client.move("continue"), "MulBackward0 (a) 3 (breakpoint)");
    const [frame] = await client.frames();
    assert.equal(frame?.source?.path, program);
    const { content } = await client.get("source", { sourceReference: frame!.source!.sourceReference });
    assert.equal(content, FAN_IN);
  });

  it("wins over the file of its path, from the launch's folder", async () => {
    const client = await debugging.client();
    const cwd = debugging.folder({
      "main.ts": `throw new Error("the file ran");\n`,
      "scale.ts": "export {};\n",
    });
    const text = `import { scale } from "./scale.js";\n${FAN_IN}console.log(scale);\n`;
    const sources = { "main.ts": text, "scale.ts": "export const scale = 7;\n" };
    await client.launch({ program: "main.ts", cwd, sources });
    await client.get("continue", { threadId: 1 });
    await client.event("terminated");
    assert.equal(client.output(), "tensor([5., 7.])\n7\n");
  });

  it("is called what the client calls it", async () => {
    const folder = debugging.folder({});
    const path = join(folder, "Untitled-1.ts");
    const launcher = new Launcher({ runner: await runnerBundle() });
    const launched: Run[] = [];
    const client = await debugging.client({
      launcher: {
        launch(options: LaunchOptions) {
          const run = launcher.launch({ ...options, overlays: new Map([[path, FAN_IN]]) });
          launched.push(run);
          return run;
        },
        locations: (file, text) => launcher.locations(file, text),
      },
      documents: {
        has: (one) => one === path,
        pathOf: (name) => (name === "untitled:Untitled-1" ? path : null),
        nameOf: (one) => (one === path ? "untitled:Untitled-1" : null),
      },
    });
    try {
      const source = { path: "untitled:Untitled-1" };
      await client.launch({ program: path }, () =>
        client.get("setBreakpoints", { source, breakpoints: [{ line: 4 }] }),
      );
      assert.equal(await client.move("continue"), "PowBackward0 (b) 4 (breakpoint)");
      const [frame] = await client.frames();
      assert.deepEqual(frame?.source, { name: "Untitled-1.ts", path: "untitled:Untitled-1" });
      const { targets } = await client.get("gotoTargets", { source, line: 3 });
      assert.equal(targets.length, 1);
    } finally {
      launcher.dispose();
    }
    await launched[0]!.stop();
  });

  it("is refused where neither a file nor a text is there, and so is a folder that is none", async () => {
    const client = await debugging.client();
    await client.initialize();
    const folder = debugging.folder({ "main.ts": FAN_IN });
    const program = join(folder, "main.ts");
    const refusal = async (args: object) => (await client.ask("launch", args)).message ?? "";
    assert.match(
      await refusal({ program: "other.ts", sources: { "main.ts": FAN_IN } }),
      /no file .*other\.ts/,
    );
    assert.match(await refusal({ program, sources: { "main.ts": 3 } }), /"sources".*map names to texts/);
    assert.match(await refusal({ program, cwd: join(folder, "nowhere") }), /"cwd".*folder/);
  });
});
