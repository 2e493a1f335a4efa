/** @file What the command line says about itself, and about calls that it can't make sense of. */

/** The call is wrong; the message says in one line what is wrong and what would be right. Exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const HELP = `gradwalk runs a TypeScript program on PyTorch-like tensors and shows its gradients.

  gradwalk run FILE.ts [options] [-- ARG …]   run a program, then list its leaves and gradients
  gradwalk step FILE.ts [-- ARG …]            walk its backward passes node by node, forward and back
  gradwalk check FILE.ts [-- ARG …]           compare every leaf's gradient with finite differences
  gradwalk dap [--port N]                     serve the debug adapter on the standard streams, or on a port
  gradwalk open TRACE.json [--html OUT]       turn an exported trace into an interactive HTML page
  gradwalk --version
  gradwalk --help

Options of run (OUT is a file, or - for the standard output); check takes --timeout too:
  --json OUT     write the run as a gradwalk-trace document
  --html OUT     write it as one self-contained page with the interactive graph
  --svg OUT      write a picture of the last backward pass's graph
  --dot OUT      write that graph for Graphviz
  --timeout S    stop the program after S seconds
  --quiet        leave out the list at the end; it is left out too where an export is written

Keys of step: n, space or → next node; b or ← back; c continue to the next pass; r back to the start;
a number and Enter go to that step; q quit. Where the output is no terminal, the whole walk is printed.

Exit status: 0 the program ran, 1 it threw, or a gradient that was checked is wrong, 2 the call was wrong,
124 it was stopped by --timeout, 130 it was interrupted; a program that calls process.exit decides itself.
`;

/** The nearest of the known words, for "did you mean". */
export function nearest(word: string, known: readonly string[]): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.ceil(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = edits(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Levenshtein's distance, row by row. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
