/** @file A time limit that can be halted. */

export class Countdown {
  private left: number;
  private readonly over: () => void;
  private timer: NodeJS.Timeout | null = null;
  private started = 0;

  /** @param milliseconds of running time until `over` is called */
  constructor(milliseconds: number, over: () => void) {
    this.left = milliseconds;
    this.over = over;
  }

  start(): void {
    if (this.timer !== null) return;
    this.started = performance.now();
    this.timer = setTimeout(this.over, Math.max(this.left, 0));
  }

  stop(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.left -= performance.now() - this.started;
  }
}
