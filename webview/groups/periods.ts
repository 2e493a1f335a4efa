/** @file Stretches of a list that repeat themselves. */

export interface Period {
  readonly start: number;
  readonly length: number;
  /** How often it stands there in a row. */
  readonly count: number;
}

/** Repeats in a row; two may be chance. */
const FEWEST = 3;
const SHORTEST = 3;
const LONGEST = 256;

/**
 * The stretches of `list` that repeat with the one period that covers most of it, the shortest of equals; none where
 * no period covers half of it.
 */
export function periodsOf(list: readonly string[]): Period[] {
  const numbers = new Map<string, number>();
  const codes = Int32Array.from(list, (name) => {
    const code = numbers.get(name) ?? numbers.size;
    numbers.set(name, code);
    return code;
  });
  let best: Period[] = [];
  let most = list.length / 2 - 1;
  for (let length = SHORTEST; length <= Math.min(LONGEST, list.length / FEWEST); length++) {
    const found = repeatsOf(codes, length);
    const covered = found.reduce((sum, { count }) => sum + count * length, 0);
    if (covered > most) [best, most] = [found, covered];
  }
  return best;
}

function repeatsOf(codes: Int32Array, length: number): Period[] {
  const found: Period[] = [];
  let start = 0;
  for (let i = 0; i + length <= codes.length; i++) {
    if (i + length < codes.length && codes[i] === codes[i + length]) continue;
    // From `start` to here, everything is followed by its like.
    const count = Math.floor((i - start + length) / length);
    if (count >= FEWEST && varied(codes, start, length)) found.push({ start, length, count });
    start = i + 1;
  }
  return found;
}

/** A hundred of the same in a row are no repeated structure. */
function varied(codes: Int32Array, start: number, length: number): boolean {
  for (let i = 1; i < length; i++) if (codes[start + i] !== codes[start]) return true;
  return false;
}
