/** @file Calls again and again until it is stopped. */

export class Ticker {
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly tick: () => void) {}

  get running(): boolean {
    return this.timer !== null;
  }

  /** @param rate ticks a second */
  start(rate: number): void {
    this.stop();
    this.timer = setInterval(() => this.tick(), 1000 / rate);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}
