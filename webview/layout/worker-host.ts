/** @file Answers layout requests that arrive as messages; runs wherever there is a port. */
import { layout } from "./layout.js";
import { LayoutCancelled, LayoutInputError } from "./types.js";
import type { FromLayoutWorker, ToLayoutWorker } from "./worker-protocol.js";

/** Milliseconds between two looks at the queue, in which a cancellation may wait. */
const slice = 40;

/** @returns the function to be given each message */
export function serveLayouts(reply: (message: FromLayoutWorker) => void): (message: ToLayoutWorker) => void {
  const running = new Map<number, { aborted: boolean }>();
  const run = async ({ request, input }: Extract<ToLayoutWorker, { kind: "layout" }>) => {
    const signal = { aborted: false };
    running.set(request, signal);
    const onProgress = (done: number) => reply({ kind: "progress", request, done });
    try {
      reply({ kind: "result", request, result: await layout(input, { signal, onProgress, slice }) });
    } catch (error) {
      if (error instanceof LayoutCancelled) reply({ kind: "cancelled", request });
      else {
        const message = error instanceof Error ? error.message : String(error);
        reply({ kind: "error", request, message, badInput: error instanceof LayoutInputError });
      }
    } finally {
      running.delete(request);
    }
  };
  return (message) => {
    if (message.kind === "layout") void run(message);
    else {
      const signal = running.get(message.request);
      if (signal) signal.aborted = true;
    }
  };
}
