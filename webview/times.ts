/** @file What takes time, for the browser's performance panel and for the benchmark; only the last of each is kept. */

type Moment = "start" | "ready" | "drawn";

export function markTime(moment: Moment): void {
  const name = `gradwalk:${moment}`;
  performance.clearMarks(name);
  performance.mark(name);
}

/** Measures how long it takes until the work is done. */
export async function timed<T>(what: "layout", work: Promise<T>): Promise<T> {
  const start = performance.now();
  try {
    return await work;
  } finally {
    const name = `gradwalk:${what}`;
    performance.clearMeasures(name);
    performance.measure(name, { start });
  }
}
