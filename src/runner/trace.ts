/** @file The trace on its way out: events gather and leave in batches. */
import type { TraceEvent } from "../protocol/trace.js";
import { sendTrace } from "./channel.js";

export class TraceQueue {
  private events: TraceEvent[] = [];

  push(event: TraceEvent): void {
    this.events.push(event);
  }

  flush(): void {
    if (this.events.length === 0) return;
    const batch = this.events;
    this.events = [];
    sendTrace(batch);
  }
}
