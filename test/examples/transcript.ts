/** @file Transcripts as test/parity/transcripts.py writes them: a section a cell, warnings marked. */

export interface Cell {
  /** As the notebook numbers it, `In [12]`. */
  readonly number: string;
  /** How the cell stands to what the notebook printed. */
  readonly status: string;
}

export interface Transcript {
  readonly cells: readonly Cell[];
  readonly printed: string;
  /** Lines on the error stream, as `console.warn` writes Python's warnings. */
  readonly warned: readonly string[];
}

const WARNING = "! ";

export function readTranscript(text: string): Transcript {
  const [, ...sections] = text.split(/^=== /m);
  const cells: Cell[] = [];
  const warned: string[] = [];
  let printed = "";
  sections.forEach((section, i) => {
    const [, number, status, body] = /^(In \[\w+\]) · (.*)\n([\s\S]*)$/.exec(section)!;
    cells.push({ number: number!, status: status! });
    // An empty line stands before the next section's head.
    const content = i < sections.length - 1 ? body!.replace(/\n$/, "") : body!;
    for (const line of content.split(/(?<=\n)/)) {
      if (line.startsWith(WARNING)) warned.push(`UserWarning: ${line.slice(WARNING.length).trimEnd()}`);
      else printed += line;
    }
  });
  return { cells, printed, warned };
}
