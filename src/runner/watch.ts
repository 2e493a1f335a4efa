/**
 * @file The watching thread: reads the control pipe, knows where the program is even when the program
 * listens to nobody, enforces the limits, and takes the process down with its parent.
 */
import { Socket } from "node:net";
import { deserialize } from "node:v8";
import { workerData } from "node:worker_threads";
import {
  CONTROL_FD,
  type ControlRequest,
  isControlRequest,
  type LaunchRequest,
} from "../protocol/control.js";
import { FrameReader } from "../protocol/frames.js";
import { ATTEND_COMMAND, ATTEND_END, ATTEND_FLUSH, CELL_ATTEND, CELL_WAKE, positionOf } from "./cell.js";
import { encode, type Outgoing } from "./channel.js";
import { Countdown } from "./countdown.js";
import { die } from "./die.js";
import type { Command, Progress, WatchData } from "./threads.js";

/** How often a running program is asked to hand over what it recorded. */
const FLUSH_EVERY = 100;
const MEMORY_EVERY = 25;
/** How long a program may take to hand over its record before it is ended by force. */
const GRACE = 1000;

const { cell, port } = workerData as WatchData;
const pipe = new Socket({ fd: CONTROL_FD, readable: true, writable: true });
const timers: NodeJS.Timeout[] = [];
let ending = false;
let flushing = false;
let lastPosition = "";
let paused = false;
let countdown: Countdown | null = null;

function reply(message: Outgoing): void {
  pipe.write(encode(message));
}

function tell(command: Command): void {
  port.postMessage(command);
  Atomics.add(cell, CELL_WAKE, 1);
  Atomics.notify(cell, CELL_WAKE);
}

function end(cause: "timeout" | "memory" | "stopped"): void {
  if (ending) return;
  ending = true;
  if (cause !== "stopped") reply({ type: "limit", cause, position: positionOf(cell) });
  tell({ type: "end", cause });
  Atomics.or(cell, CELL_ATTEND, ATTEND_END);
  timers.push(setTimeout(die, GRACE));
}

function flush(): void {
  // Where a limit met the program has been said; what it still does until it is gone is no news.
  if (paused || ending) return;
  const position = positionOf(cell);
  const seen = `${position.site} ${position.loop} ${position.iteration}`;
  if (seen !== lastPosition) {
    lastPosition = seen;
    reply({ type: "position", position });
  }
  const ignored = (Atomics.or(cell, CELL_ATTEND, ATTEND_FLUSH) & ATTEND_FLUSH) !== 0;
  if (ignored && !flushing) {
    flushing = true;
    tell({ type: "flush" });
  }
}

function watch(launch: LaunchRequest): void {
  timers.push(setInterval(flush, FLUSH_EVERY));
  if (launch.timeout > 0) {
    countdown = new Countdown(launch.timeout * 1000, () => end("timeout"));
    if (!paused) countdown.start();
  }
  if (launch.memoryLimit > 0) {
    const limit = launch.memoryLimit * 1024 * 1024;
    timers.push(setInterval(() => process.memoryUsage.rss() > limit && end("memory"), MEMORY_EVERY));
  }
}

/** A person who looks at a program takes none of its time. */
function pause(begins: boolean): void {
  paused = begins;
  if (begins) countdown?.stop();
  else countdown?.start();
}

let launched: LaunchRequest | null = null;

port.on("message", (progress: Progress) => {
  if (progress === "warm") reply({ type: "ready" });
  else if (progress === "started" && launched !== null) watch(launched);
  else if (progress === "flushed") flushing = false;
  else if (progress === "paused" || progress === "resumed") pause(progress === "paused");
  else if (progress === "ended") {
    ending = true;
    countdown?.stop();
    for (const timer of timers.splice(0)) clearTimeout(timer);
  }
});

function obey(request: ControlRequest): void {
  switch (request.type) {
    case "launch":
      if (launched !== null) {
        reply({ type: "error", id: request.id, message: "This runner has a program already." });
        return;
      }
      launched = request.launch;
      tell({ type: "launch", launch: request.launch });
      reply({ type: "reply", id: request.id, result: null });
      return;
    case "where":
      reply({ type: "reply", id: request.id, result: positionOf(cell) });
      return;
    case "tensor":
    case "inspect":
      tell({ ...request });
      return;
    case "stop":
      reply({ type: "reply", id: request.id, result: positionOf(cell) });
      end("stopped");
      return;
    default: {
      const { id, version: _, ...command } = request;
      tell({ type: "debug", id, command });
      Atomics.or(cell, CELL_ATTEND, ATTEND_COMMAND);
    }
  }
}

function hear(chunk: Uint8Array): void {
  for (const payload of reader.push(chunk)) {
    const request: unknown = deserialize(payload);
    if (isControlRequest(request)) obey(request);
    else reply({ type: "error", id: idOf(request), message: "The runner does not know this request." });
  }
}

const reader = new FrameReader();
pipe.on("data", (chunk: Buffer) => {
  try {
    hear(chunk);
  } catch {
    // Bytes that are no frames: whoever sends them is no launcher.
    die();
  }
});
for (const gone of ["end", "close", "error"]) pipe.on(gone, die);

function idOf(request: unknown): number {
  const id = (request as { id?: unknown } | null)?.id;
  return typeof id === "number" ? id : -1;
}
