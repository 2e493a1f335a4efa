/**
 * @file Which line of a text as it ran is which line of the text now. A comparison of the two texts, not a
 * record of edits: it is right after undo, after a reload and for files that changed outside the editor too.
 */

export interface LineMap {
  readonly identical: boolean;
  /** 1-based line now of a line then; null where it is gone. */
  toCurrent(line: number): number | null;
  /** 1-based line then of a line now; null for a new line. */
  toOriginal(line: number): number | null;
}

export function lineMap(original: string, current: string): LineMap {
  const before = stripMark(original);
  const after = stripMark(current);
  if (before === after) return { identical: true, toCurrent: (line) => line, toOriginal: (line) => line };
  const forward = matchLines(before.split(/\r?\n/), after.split(/\r?\n/));
  const backward = new Map<number, number>();
  forward.forEach((line, index) => {
    if (line >= 0) backward.set(line, index);
  });
  const found = (index: number | undefined) => (index === undefined || index < 0 ? null : index + 1);
  return {
    identical: false,
    toCurrent: (line) => found(forward[line - 1]),
    toOriginal: (line) => found(backward.get(line - 1)),
  };
}

/** An editor's text never holds the byte order mark that the file on the disk may start with. */
function stripMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** For each line of `a` its line in `b`, or -1. */
function matchLines(a: readonly string[], b: readonly string[]): Int32Array {
  const matches = new Int32Array(a.length).fill(-1);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    matches[start] = start;
    start += 1;
  }
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) matches[--endA] = --endB;
  matchUnique(a, b, { start, endA, endB }, matches);
  matchHunks(a, b, matches);
  return matches;
}

interface Window {
  readonly start: number;
  readonly endA: number;
  readonly endB: number;
}

/** Patience: lines that stand once in either window anchor it, as far as their order agrees. */
function matchUnique(a: readonly string[], b: readonly string[], window: Window, matches: Int32Array): void {
  const inA = uniqueLines(a, window.start, window.endA);
  const inB = uniqueLines(b, window.start, window.endB);
  const pairs: [number, number][] = [];
  for (const [text, lineA] of inA) {
    const lineB = inB.get(text);
    if (lineA >= 0 && lineB !== undefined && lineB >= 0) pairs.push([lineA, lineB]);
  }
  for (const [lineA, lineB] of longestIncreasing(pairs)) matches[lineA] = lineB;
  extendAnchors(a, b, window, matches);
}

/** Line number of each text, -1 for one that stands more than once; in order of lines. */
function uniqueLines(lines: readonly string[], start: number, end: number): Map<string, number> {
  const found = new Map<string, number>();
  for (let i = start; i < end; i++) {
    const text = lines[i]!;
    found.set(text, found.has(text) ? -1 : i);
  }
  return found;
}

/** The longest chain of pairs, sorted by the first, that rises in the second too. */
function longestIncreasing(pairs: [number, number][]): [number, number][] {
  pairs.sort((x, y) => x[0] - y[0]);
  const tails: number[] = [];
  const previous = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, lineB], i) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]!]![1] < lineB) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[i] = tails[low - 1]!;
    tails[low] = i;
  });
  const chain: [number, number][] = [];
  for (let i = tails.at(-1) ?? -1; i >= 0; i = previous[i]!) chain.push(pairs[i]!);
  return chain.reverse();
}

/** Equal lines next to an anchor belong to it, also when they stand more than once (blank lines, braces). */
function extendAnchors(a: readonly string[], b: readonly string[], window: Window, matches: Int32Array) {
  const taken = new Set(matches);
  const claim = (i: number, j: number) => {
    if (matches[i]! >= 0 || taken.has(j) || j < 0 || j >= b.length || a[i] !== b[j]) return;
    matches[i] = j;
    taken.add(j);
  };
  for (let i = window.start; i < window.endA; i++) {
    if (i > 0 && matches[i - 1]! >= 0) claim(i, matches[i - 1]! + 1);
  }
  for (let i = window.endA - 1; i >= window.start; i--) {
    if (i + 1 < a.length && matches[i + 1]! >= 0) claim(i, matches[i + 1]! - 1);
  }
}

/** Between matched lines: lines that were edited, told by what they still have in common. */
function matchHunks(a: readonly string[], b: readonly string[], matches: Int32Array): void {
  let i = 0;
  while (i < a.length) {
    if (matches[i]! >= 0) {
      i += 1;
      continue;
    }
    const startA = i;
    while (i < a.length && matches[i]! < 0) i += 1;
    const startB = startA === 0 ? 0 : matches[startA - 1]! + 1;
    const endB = i === a.length ? b.length : matches[i]!;
    if (i - startA === endB - startB) {
      for (let k = 0; k < i - startA; k++) matches[startA + k] = startB + k;
    } else {
      matchSimilar(a, b, [startA, i], [startB, endB], matches);
    }
  }
}

/** In order, each old line to the first new one that shares at least half of its text. */
function matchSimilar(
  a: readonly string[],
  b: readonly string[],
  [startA, endA]: readonly [number, number],
  [startB, endB]: readonly [number, number],
  matches: Int32Array,
): void {
  let next = startB;
  for (let i = startA; i < endA; i++) {
    for (let j = next; j < endB; j++) {
      if (!areSimilar(a[i]!.trim(), b[j]!.trim())) continue;
      matches[i] = j;
      next = j + 1;
      break;
    }
  }
}

function areSimilar(x: string, y: string): boolean {
  const length = Math.min(x.length, y.length);
  let prefix = 0;
  while (prefix < length && x[prefix] === y[prefix]) prefix += 1;
  let suffix = 0;
  while (suffix < length - prefix && x.at(-1 - suffix) === y.at(-1 - suffix)) suffix += 1;
  return prefix + suffix > 0 && 2 * (prefix + suffix) >= Math.max(x.length, y.length);
}
