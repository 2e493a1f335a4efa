/** @file Cancelled requests: answered at once, and what stands behind them is not done in vain. */
import assert from "node:assert/strict";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Client } from "./client.js";
import { Debugging, FAN_IN } from "./programs.js";

const LARGE = `import * as torch from "gradwalk";
const x = torch.zeros([400_000], { requires_grad: true });
const y = x.mul(torch.arange(400_000));
y.sum().backward();
`;

/** Asks, and cancels before the answer has come. */
async function cancelled(client: Client, command: string, args: object): Promise<DebugProtocol.Response> {
  const answer = client.ask(command, args);
  const { seq } = client.messages.findLast((one) => one.type === "request")!;
  await client.get("cancel", { requestId: seq });
  return answer;
}

describe("a request that is cancelled", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("fetches no more of a large tensor", async () => {
    const client = await debugging.stopped(LARGE);
    await client.move("next");
    const [run] = client.runs;
    const fetch = run!.tensor.bind(run);
    let fetched = 0;
    run!.tensor = (reference, offset, count) => {
      fetched++;
      return fetch(reference, offset, count);
    };
    const { variables } = await client.scope("Tensors");
    const { variablesReference } = variables.find(({ name }) => name === "y")!;
    const all = { variablesReference, filter: "indexed", start: 0, count: 400_000 };
    const { success, message } = await cancelled(client, "variables", all);
    assert.deepEqual([success, message], [false, "cancelled"]);
    const some = await client.variables(variablesReference, { filter: "indexed", start: 300_000, count: 2 });
    assert.deepEqual(
      some.map(({ name, value }) => `${name} = ${value}`),
      ["300000 = 0", "300001 = 0"],
    );
    assert.equal(fetched, 2, "one part of all, and the part that was asked for afterwards");
  });

  it("does not begin an expression that waited for another one", async () => {
    const client = await debugging.stopped(FAN_IN);
    const [run] = client.runs;
    const ask = run!.debug.bind(run);
    const begun: string[] = [];
    run!.debug = ((command: Parameters<typeof ask>[0]) => {
      if (command.type === "debug.evaluate") begun.push(command.expression);
      return ask(command);
    }) as typeof ask;
    const first = client.ask("evaluate", { expression: "x.sum().item()" });
    const second = await cancelled(client, "evaluate", { expression: "x.norm()" });
    assert.deepEqual([second.success, second.message], [false, "cancelled"]);
    assert.equal((await first).body.result, "3");
    assert.deepEqual(begun, ["x.sum().item()"]);
    assert.equal((await client.get("evaluate", { expression: "x.numel()" })).result, "2");
  });

  it("is answered as usual where it was answered already", async () => {
    const client = await debugging.stopped(FAN_IN);
    await client.frames();
    const { seq } = client.messages.findLast((one) => one.type === "request")!;
    await client.get("cancel", { requestId: seq });
    await client.get("cancel", { requestId: 999 });
    assert.equal(await client.move("next"), "AddBackward0 5 (step)");
  });
});
