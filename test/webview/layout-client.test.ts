import assert from "node:assert/strict";
import { LayoutClient, type LayoutPort } from "../../webview/layout/client.js";
import { layoutNow } from "../../webview/layout/layout.js";
import { LayoutCancelled, LayoutInputError } from "../../webview/layout/types.js";
import { serveLayouts } from "../../webview/layout/worker-host.js";
import type { FromLayoutWorker, ToLayoutWorker } from "../../webview/layout/worker-protocol.js";
import { extremes, kinds, linearRegression } from "./layout/corpus.js";

/** The worker's own code behind a port that copies messages and delivers them later, as a real one does. */
class LoopbackPort implements LayoutPort {
  onmessage: LayoutPort["onmessage"] = null;
  onerror: LayoutPort["onerror"] = null;
  readonly sent: ToLayoutWorker[] = [];
  readonly received: FromLayoutWorker[] = [];
  terminated = false;
  private readonly serve = serveLayouts((message) => {
    const data = structuredClone(message);
    setTimeout(() => {
      if (this.terminated) return;
      this.received.push(data);
      this.onmessage?.({ data });
    }, 0);
  });

  postMessage(message: ToLayoutWorker): void {
    this.sent.push(message);
    const copy = structuredClone(message);
    setTimeout(() => this.serve(copy), 0);
  }

  terminate(): void {
    this.terminated = true;
  }
}

const small = linearRegression().input();
const large = kinds
  .find(({ name }) => name === "lstm")!
  .make(3_000)
  .input();

for (const where of ["in a worker", "without a worker"]) {
  const makePort = where === "in a worker" ? () => new LoopbackPort() : null;

  describe(`layout client ${where}`, () => {
    it("says where it works", () => {
      assert.equal(new LayoutClient(makePort).inWorker, makePort !== null);
    });

    it("answers with the drawing", async () => {
      assert.deepEqual(await new LayoutClient(makePort).layout(small), layoutNow(small));
    });

    it("carries former positions across", async () => {
      const previous = new Map([[small.nodes[0]!.id, { x: 1_000, y: 2_000 }]]);
      const input = { ...small, options: { ...small.options, previous } };
      const { x, y } = (await new LayoutClient(makePort).layout(input)).nodes[0]!;
      assert.deepEqual({ x, y }, { x: 1_000, y: 2_000 });
    });

    it("lets the latest of many requests win and rejects the others as cancelled", async () => {
      const client = new LayoutClient(makePort);
      const outcomes = await Promise.allSettled([
        client.layout(large),
        client.layout(large),
        client.layout(small),
      ]);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ["rejected", "rejected", "fulfilled"],
      );
      for (const outcome of outcomes.slice(0, 2))
        assert.ok(outcome.status === "rejected" && outcome.reason instanceof LayoutCancelled);
    });

    it("rejects a cancelled request at once and works on", async () => {
      const client = new LayoutClient(makePort);
      const cancelled = assert.rejects(client.layout(large), LayoutCancelled);
      client.cancel();
      await cancelled;
      assert.equal((await client.layout(small)).nodes.length, small.nodes.length);
    });

    it("tells bad input from a failure", async () => {
      const { nodes, options } = extremes.one().input();
      const input = { nodes, edges: [{ id: "e", from: "nobody", to: "nobody" }], options };
      await assert.rejects(new LayoutClient(makePort).layout(input), LayoutInputError);
    });

    it("reports progress of a large graph", async () => {
      const seen: number[] = [];
      await new LayoutClient(makePort).layout(large, (done) => seen.push(done));
      assert.ok(seen.every((done) => done >= 0 && done <= 1));
    });

    it("rejects what is under way when it is disposed", async () => {
      const client = new LayoutClient(makePort);
      const running = assert.rejects(client.layout(large), LayoutCancelled);
      client.dispose();
      await running;
    });
  });
}

describe("layout client with a broken worker", () => {
  it("works on its own thread where workers cannot be made", async () => {
    const client = new LayoutClient(() => {
      throw new Error("blocked by the policy");
    });
    assert.equal(client.inWorker, false);
    assert.deepEqual(await client.layout(small), layoutNow(small));
  });

  it("finishes the request itself when the worker breaks down", async () => {
    const port = new LoopbackPort();
    const client = new LayoutClient(() => port);
    const running = client.layout(small);
    port.onerror?.({ message: "could not be loaded" });
    assert.deepEqual(await running, layoutNow(small));
    assert.equal(port.terminated, true);
  });

  it("tells the worker to stop what nobody waits for", () => {
    const port = new LoopbackPort();
    const client = new LayoutClient(() => port);
    client.layout(large).catch(() => {});
    client.layout(small).catch(() => {});
    assert.deepEqual(
      port.sent.map(({ kind, request }) => [kind, request]),
      [
        ["layout", 1],
        ["cancel", 1],
        ["layout", 2],
      ],
    );
    client.dispose();
  });
});
