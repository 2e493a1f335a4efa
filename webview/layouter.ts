/** @file Layouts for the page, from a worker. */
import workerScript from "worker:./layout/worker.js";
import { LayoutClient, type LayoutPort } from "./layout/client.js";

/** A webview may start no worker from a file of its own, but may from a Blob: the script travels in the bundle. */
function startWorker(): LayoutPort {
  const url = URL.createObjectURL(new Blob([workerScript], { type: "text/javascript" }));
  // Its handlers take the whole event, of which the client reads `data` and `message`.
  return new Worker(url) as LayoutPort;
}

export function openLayouter(): LayoutClient {
  return new LayoutClient(startWorker);
}
