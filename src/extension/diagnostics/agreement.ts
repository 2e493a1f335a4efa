/**
 * @file What a run told and what the text tells, without telling anything twice. Where both speak of the same text
 * the run is right; where the text has gone on since, the text knows what has come and what is gone.
 */
import { lineMap } from "../lineMap.js";

interface Coded {
  readonly code: string;
  /** 1-based, of the text that it was found in. */
  readonly line: number;
}

export const keyOf = ({ code, line }: Coded): string => `${code} ${line}`;

/** Problems of one file. */
export interface Sides<P extends Coded> {
  /** Of the latest run. */
  readonly run: readonly P[];
  /** What it ran; null where it had no such file. */
  readonly ran: string | null;
  /** It came to its end without an error, so what it did not tell was not there. */
  readonly complete: boolean;
  /** What the text alone tells. */
  readonly found: readonly P[];
  readonly text: string;
  /** What the text that ran told (`keyOf`); null where nobody asked it. */
  readonly foundThen: ReadonlySet<string> | null;
}

export function agreed<P extends Coded>(sides: Sides<P>): { run: readonly P[]; found: readonly P[] } {
  const { run, ran, complete, found, text, foundThen } = sides;
  if (ran === null) return { run, found };
  const map = lineMap(ran, text);
  const now = new Set(found.map(keyOf));
  const isNow = ({ code, line }: Coded) => now.has(`${code} ${map.toCurrent(line)}`);
  const mended = (problem: P) => ran !== text && foundThen?.has(keyOf(problem)) === true && !isNow(problem);
  const kept = run.filter((problem) => !mended(problem));
  const told = new Set(kept.map(({ code, line }) => `${code} ${map.toCurrent(line)}`));
  const refuted = ({ code, line }: Coded) =>
    complete && foundThen?.has(`${code} ${map.toOriginal(line)}`) === true;
  return { run: kept, found: found.filter((each) => !told.has(keyOf(each)) && !refuted(each)) };
}
