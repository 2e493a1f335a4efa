/** @file The program thread's ear: commands from the watching thread, heard when idle and when blocked. */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { CELL_WAKE, type Cell } from "./cell.js";
import type { Command, Progress, WatchData } from "./threads.js";

export class Mailbox {
  private readonly port: MessagePort;
  private readonly cell: Cell;
  private obey: (command: Command) => void = () => undefined;

  constructor(cell: Cell, script: string) {
    const { port1, port2 } = new MessageChannel();
    this.cell = cell;
    this.port = port1;
    const workerData: WatchData = { cell, port: port2 };
    const options = { workerData, transferList: [port2], execArgv: [], stdin: false };
    new Worker(script, options).unref();
  }

  /** `obey` is called in the event loop's turns, or by `poll` and `serve`. What arrives before this waits. */
  listen(obey: (command: Command) => void): void {
    this.obey = obey;
    this.port.on("message", obey);
  }

  tell(progress: Progress): void {
    this.port.postMessage(progress);
  }

  /** Whether waiting for commands keeps the process alive. */
  keepAlive(alive: boolean): void {
    if (alive) this.port.ref();
    else this.port.unref();
  }

  /** Obeys what has arrived, in the middle of whatever the program is doing. */
  poll(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.port);
      if (received === undefined) return;
      this.obey(received.message as Command);
    }
  }

  /** Blocks the thread and obeys, as long as `waiting` says so. */
  serve(waiting: () => boolean): void {
    while (waiting()) {
      const seen = Atomics.load(this.cell, CELL_WAKE);
      this.poll();
      if (waiting()) Atomics.wait(this.cell, CELL_WAKE, seen);
    }
  }
}
