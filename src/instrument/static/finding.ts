/** @file What a rule finds in a text: the form in which the runner's detectors tell things, too. */
import type ts from "typescript";
import type { QuickFix } from "../fixes/gradients.js";
import { calledName, type ProgramText } from "../fixes/text.js";
import { unwrapped } from "../shapes.js";
import type { Range } from "../sites.js";
import type { Words } from "../words.js";
import type { Program } from "./program.js";
import type { Stretch } from "./straight.js";

/** Another place that has to do with it; 1-based. */
export interface RelatedPlace {
  readonly line: number;
  readonly column: number;
  readonly words: Words;
}

export interface Finding {
  /** One of the diagnostics' codes. */
  readonly code: string;
  /** Another severity than the code's own. */
  readonly severity?: "information";
  readonly words: Words;
  readonly range: Range;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly QuickFix[];
  /** The program ends here with an error. */
  readonly throws?: true;
}

/** Looks at one statement of the straight part of a program. */
export type Rule = (statement: ts.Statement, stretch: Stretch) => readonly Finding[];

/** A rule for one program, which may remember statements that it has seen. */
export type MakeRule = (program: Program) => Rule;

/** From the name of what is called to the end of the call: where an error that it throws is told. */
export function calledRange(text: ProgramText, call: ts.CallExpression | ts.NewExpression): Range {
  const start = unwrapped(call.expression).end - calledName(call).length;
  return text.spanOf(start, call.end);
}

export function relatedTo(text: ProgramText, node: ts.Node, words: Words): RelatedPlace {
  const { line, column } = text.rangeOf(node);
  return { line, column, words };
}
