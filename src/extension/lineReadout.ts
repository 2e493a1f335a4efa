/** @file One readout: its line at once, its words when somebody looks. */

/** What a readout says. */
export interface Told {
  readonly text: string;
  readonly tooltip: string;
  /** Where it is in the graph; null where its tensor takes part in none that is kept. */
  readonly pass: number | null;
  readonly node: number | null;
  /** Its gradient as of the step that a walk stands at, for the end of the line; null while nobody walks. */
  readonly gradient: string | null;
}

/** The passes of a call in a loop, of which one is told. */
export interface Loop {
  readonly passes: readonly number[];
  readonly at: number;
  /** Names it: `last of 30`, `iteration 12 of 30`. */
  readonly name: string;
}

export class LineReadout implements Told {
  readonly #tell: () => Told;
  #told: Told | null = null;

  /**
   * @param line 0-based line of the document as it is now
   * @param loop of a call that walked backward more than once
   */
  constructor(
    readonly line: number,
    tell: () => Told,
    readonly loop: Loop | null = null,
  ) {
    this.#tell = tell;
  }

  get #all(): Told {
    this.#told ??= this.#tell();
    return this.#told;
  }

  get text(): string {
    return this.#all.text;
  }

  get tooltip(): string {
    return this.#all.tooltip;
  }

  get pass(): number | null {
    return this.#all.pass;
  }

  get node(): number | null {
    return this.#all.node;
  }

  get gradient(): string | null {
    return this.#all.gradient;
  }
}

/** Of more readouts on a line, the rest is counted. */
const A_LINE = 4;

/**
 * The readouts in the order of their lines, of none more than a line can hold.
 * @param more the words for so many that are left out
 */
export function byLine(
  readouts: readonly LineReadout[],
  more: (rest: readonly LineReadout[]) => Told,
): LineReadout[] {
  const lines = new Map<number, LineReadout[]>();
  for (const readout of readouts) {
    const line = lines.get(readout.line);
    if (line) line.push(readout);
    else lines.set(readout.line, [readout]);
  }
  return [...lines]
    .sort(([a], [b]) => a - b)
    .flatMap(([line, all]) => {
      const rest = all.slice(A_LINE);
      if (rest.length === 0) return all;
      return [...all.slice(0, A_LINE), new LineReadout(line, () => more(rest))];
    });
}
