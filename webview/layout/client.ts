/** @file Asks for layouts: in a worker where there is one, else in slices on the page's own thread. */
import { layout } from "./layout.js";
import { LayoutCancelled, type LayoutInput, LayoutInputError, type LayoutResult } from "./types.js";
import type { FromLayoutWorker, ToLayoutWorker } from "./worker-protocol.js";

/** The part of Worker that is used. */
export interface LayoutPort {
  postMessage(message: ToLayoutWorker): void;
  terminate(): void;
  onmessage: ((event: { data: FromLayoutWorker }) => void) | null;
  onerror: ((event: { message?: string; preventDefault?: () => void }) => void) | null;
}

interface Pending {
  readonly request: number;
  readonly input: LayoutInput;
  readonly onProgress: ((done: number) => void) | undefined;
  readonly resolve: (result: LayoutResult) => void;
  readonly reject: (error: Error) => void;
  readonly signal: { aborted: boolean };
}

/**
 * One request at a time, and the latest wins: a new one cancels the one under way, whose promise is rejected
 * with LayoutCancelled.
 */
export class LayoutClient {
  private port: LayoutPort | null = null;
  private pending: Pending | null = null;
  private requests = 0;

  /** @param makeWorker null, or throwing, where there are no workers (a strict policy, a test) */
  constructor(makeWorker: (() => LayoutPort) | null) {
    try {
      this.port = makeWorker?.() ?? null;
    } catch {
      this.port = null;
    }
    if (!this.port) return;
    this.port.onmessage = ({ data }) => this.receive(data);
    this.port.onerror = (event) => {
      event.preventDefault?.();
      this.loseWorker();
    };
  }

  /** Whether layouts run beside the page's thread. */
  get inWorker(): boolean {
    return this.port !== null;
  }

  /** @throws LayoutCancelled, LayoutInputError, or an Error where the layout failed (all as rejections) */
  layout(input: LayoutInput, onProgress?: (done: number) => void): Promise<LayoutResult> {
    this.cancel();
    return new Promise((resolve, reject) => {
      const pending = {
        request: ++this.requests,
        input,
        onProgress,
        resolve,
        reject,
        signal: { aborted: false },
      };
      this.pending = pending;
      this.send(pending);
    });
  }

  /** Gives up the request under way, if any. */
  cancel(): void {
    const { pending } = this;
    if (!pending) return;
    this.pending = null;
    pending.signal.aborted = true;
    this.port?.postMessage({ kind: "cancel", request: pending.request });
    pending.reject(new LayoutCancelled());
  }

  dispose(): void {
    this.cancel();
    this.port?.terminate();
    this.port = null;
  }

  private send(pending: Pending): void {
    if (this.port) {
      try {
        this.port.postMessage({ kind: "layout", request: pending.request, input: pending.input });
        return;
      } catch {
        this.port = null;
      }
    }
    void this.runHere(pending);
  }

  private async runHere(pending: Pending): Promise<void> {
    try {
      const result = await layout(pending.input, { signal: pending.signal, onProgress: pending.onProgress });
      this.settle(pending.request)?.resolve(result);
    } catch (error) {
      this.settle(pending.request)?.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The pending request if it still is this one; an answer to an older one is of no use any more. */
  private settle(request: number): Pending | null {
    if (this.pending?.request !== request) return null;
    const { pending } = this;
    this.pending = null;
    return pending;
  }

  private receive(message: FromLayoutWorker): void {
    switch (message.kind) {
      case "progress":
        if (this.pending?.request === message.request) this.pending.onProgress?.(message.done);
        return;
      case "result":
        this.settle(message.request)?.resolve(message.result);
        return;
      case "cancelled":
        this.settle(message.request)?.reject(new LayoutCancelled());
        return;
      case "error":
        this.settle(message.request)?.reject(
          message.badInput ? new LayoutInputError(message.message) : new Error(message.message),
        );
    }
  }

  /** The worker did not start or broke down: its request, and all later ones, run here. */
  private loseWorker(): void {
    this.port?.terminate();
    this.port = null;
    if (this.pending) void this.runHere(this.pending);
  }
}
