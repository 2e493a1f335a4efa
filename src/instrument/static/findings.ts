/**
 * @file What the text alone tells: findings that hold whatever the program computes, so that they can be told while
 * it is being typed. Where there is doubt there is silence; the run has the last word.
 */
import type { ProgramText } from "../fixes/text.js";
import { nonScalar, secondBackward, withoutGraph } from "./backward.js";
import { broadcasts } from "./broadcasts.js";
import type { Finding, MakeRule } from "./finding.js";
import { integers, writtenLeaf } from "./leaves.js";
import { retained, uncleared } from "./loops.js";
import { Program } from "./program.js";
import { nullGradients } from "./reads.js";
import { walkStraight } from "./straight.js";

const RULES: readonly MakeRule[] = [integers, writtenLeaf, withoutGraph, nonScalar, secondBackward];

/** Told of what comes before an error alone: behind one, it is mostly a consequence. */
const CALM: readonly MakeRule[] = [nullGradients, broadcasts, uncleared, retained];

/** Findings in the order of their lines; none for a text that cannot be parsed. */
export function findingsIn(text: ProgramText): Finding[] {
  const program = new Program(text);
  if (program.opaque || !text.isWellFormed) return [];
  const rules = RULES.map((make) => make(program));
  const calm = CALM.map((make) => make(program));
  const found: Finding[] = [];
  walkStraight(text.tree, program.names, (statement, stretch) => {
    for (const rule of rules) found.push(...rule(statement, stretch));
    if (found.some(({ throws }) => throws)) return;
    for (const rule of calm) found.push(...rule(statement, stretch));
  });
  return found.sort((a, b) => a.range.line - b.range.line || a.range.column - b.range.column);
}
