/** @file Hooks at a stop: those to come with the user's function and line, and what each did once it ran. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Debugging, HOOKED } from "./programs.js";

const DONE = {
  SumBackward0: ["pre-hook (anonymous) = tensor(1.) → tensor(5.)", "hook look = changed nothing"],
  MulBackward0: [
    "tensor hook double = tensor([5., 5.]) → tensor([10., 10.])",
    "tensor hook (anonymous) = tensor([10., 10.]) → tensor([100., 100.])",
    "retain_grad = keeps the gradient in .grad",
  ],
};

describe("hooks", function () {
  this.timeout(60_000);
  const debugging = new Debugging();
  afterEach(() => debugging.dispose());

  it("are named with their lines before they run and tell what they changed afterwards, in a saved trace too", async () => {
    const client = await debugging.stopped(HOOKED);
    assert.deepEqual(await client.shows("Hooks"), [
      "pre-hook (anonymous) = will run, main.ts:12",
      "hook look = will run, main.ts:13",
    ]);
    await client.move("next");
    assert.deepEqual(await client.shows("Hooks"), [
      "tensor hook double = will run, main.ts:4",
      "tensor hook (anonymous) = will run, main.ts:8",
      "retain_grad = keeps the gradient in .grad",
    ]);
    await client.move("next");
    assert.deepEqual(await client.shows("Hooks"), ["post-accumulate hook clear = will run, main.ts:14"]);
    await client.move("next");
    await client.move("stepBack");
    assert.deepEqual(await client.shows("Hooks"), [
      "post-accumulate hook clear = tensor([300., 300.]) → None",
    ]);
    await client.move("stepBack");
    const { variables } = await client.scope("Hooks");
    assert.deepEqual(
      variables.map(({ name, value }) => `${name} = ${value}`),
      DONE.MulBackward0,
    );
    const inside = await client.variables(variables[0]!.variablesReference);
    assert.deepEqual(
      inside.map(({ name, value }) => `${name} = ${value}`),
      ["before = tensor([5., 5.])", "after = tensor([10., 10.])", "at = main.ts:4"],
    );
    await client.move("stepBack");
    assert.deepEqual(await client.shows("Hooks"), DONE.SumBackward0);

    const folder = debugging.folder({});
    const trace = join(folder, "run.json");
    writeFileSync(trace, JSON.stringify(client.adapter.session!.document(folder)));
    const reader = await debugging.client();
    await reader.launch({ trace });
    assert.deepEqual(await reader.shows("Hooks"), DONE.SumBackward0);
    await reader.move("next");
    assert.deepEqual(await reader.shows("Hooks"), DONE.MulBackward0);
  });
});
