/** @file Whole sessions, as golden transcripts: UPDATE_GOLDEN=1 rewrites them. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Client } from "./client.js";
import { Debugging, FAN_IN, HOOKED, LOOP, NESTED } from "./programs.js";
import { Transcript } from "./transcript.js";

const UPDATE = process.env.UPDATE_GOLDEN === "1";

/** Everything that an editor asks for at a stop. */
async function look(client: Client): Promise<void> {
  const [frame] = await client.frames();
  const { scopes } = await client.get("scopes", { frameId: frame!.id });
  for (const { variablesReference, expensive } of scopes) {
    if (!expensive) await client.variables(variablesReference);
  }
}

interface Session {
  readonly program: string;
  readonly talk: (client: Client, program: string) => Promise<void>;
}

const SESSIONS: Readonly<Record<string, Session>> = {
  "fan-in": {
    program: FAN_IN,
    async talk(client, program) {
      await client.launch({ program });
      await look(client);
      for (let i = 0; i < 4; i++) {
        await client.move("next");
        await look(client);
      }
      await client.move("stepBack");
      await client.move("reverseContinue");
      await client.get("continue", { threadId: 1 });
      await client.event("terminated");
      await client.get("disconnect", {});
    },
  },
  breakpoints: {
    program: LOOP,
    async talk(client, program) {
      const source = { path: program };
      await client.launch({ program, stopOnBackward: false }, () =>
        client.get("setBreakpoints", { source, breakpoints: [{ line: 4, condition: "grad.norm() > 5" }] }),
      );
      await client.get("evaluate", { expression: "grad", context: "hover" });
      const { dataId } = await client.get("dataBreakpointInfo", { name: "w.grad" });
      await client.get("setDataBreakpoints", { breakpoints: [{ dataId }] });
      await client.move("continue");
      await client.move("reverseContinue");
      await client.move("stepOut");
      const { targets } = await client.get("gotoTargets", { source, line: 8 });
      await client.move("goto", { threadId: 1, targetId: targets[0].id });
      await client.get("terminate", {});
      await client.event("terminated");
      await client.get("disconnect", {});
    },
  },
  nested: {
    program: NESTED,
    async talk(client, program) {
      await client.launch({ program });
      for (let i = 0; i < 4; i++) {
        await client.move("stepIn");
        await look(client);
      }
      await client.move("stepBack");
      await client.move("stepIn");
      await client.move("stepOut");
      await client.get("disconnect", {});
    },
  },
  hooks: {
    program: HOOKED,
    async talk(client, program) {
      await client.launch({ program });
      await client.scope("Hooks");
      for (let i = 0; i < 3; i++) {
        await client.move("next");
        await client.scope("Hooks");
      }
      for (let i = 0; i < 3; i++) {
        await client.move("stepBack");
        const { variables } = await client.scope("Hooks");
        for (const { variablesReference } of variables) {
          if (variablesReference > 0) await client.variables(variablesReference);
        }
      }
      await client.get("disconnect", {});
    },
  },
  edits: {
    program: FAN_IN,
    async talk(client, program) {
      await client.launch({ program });
      const { reference } = await client.scope("Incoming gradients");
      await client.ask("setVariable", { variablesReference: reference, name: "grad", value: "[1, 2]" });
      await client.get("setVariable", { variablesReference: reference, name: "grad", value: "2" });
      await client.event("invalidated");
      await look(client);
      for (let i = 0; i < 5; i++) await client.move("next");
      await look(client);
      await client.ask("setExpression", { expression: "x.grad", value: "[0, 0]" });
      await client.get("next", { threadId: 1 });
      await client.event("terminated");
      await client.get("disconnect", {});
    },
  },
};

describe("a session over DAP", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  for (const [name, { program: text, talk }] of Object.entries(SESSIONS)) {
    it(`is that of golden/${name}.txt`, async () => {
      const client = await debugging.client();
      const program = debugging.program(text);
      await talk(client, program);
      const said = new Transcript(dirname(program)).text(client.messages);
      const golden = new URL(`golden/${name}.txt`, import.meta.url);
      if (UPDATE) await writeFile(golden, said);
      assert.equal(said, await readFile(golden, "utf8"));
    });
  }
});
