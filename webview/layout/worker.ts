/** @file Entry of the layout worker's bundle. */
import { serveLayouts } from "./worker-host.js";
import type { ToLayoutWorker } from "./worker-protocol.js";

const serve = serveLayouts((message) => postMessage(message));
addEventListener("message", (event: MessageEvent<ToLayoutWorker>) => serve(event.data));
