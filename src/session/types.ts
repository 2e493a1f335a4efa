/** @file What the session answers: the one owner of a run's state on the editor's side. */
import type { ExportBinding, ExportProblem, Scope, SourceLocation } from "../protocol/export.js";

/** What the editor reads out for one binding, oldest source position first. */
export interface Readout extends ExportBinding {
  readonly file: string;
  readonly endLine: number;
  readonly endColumn: number;
  readonly scope: readonly Scope[];
}

/** Readout of one `backward()` or `autograd.grad()` call site. */
export interface BackwardReadout {
  readonly source: SourceLocation;
  readonly times: number;
  /** Of the last pass made there. */
  readonly pass: number;
  readonly rootName: string | null;
  readonly root: number | null;
  readonly steps: number;
  readonly leaves: number;
  /** Root values over all passes made there, for a spark line. */
  readonly roots: readonly (number | null)[];
  /** All passes made there, oldest first. */
  readonly passes: readonly number[];
}

/** Where a name is bound to tensors; what it held is asked for when somebody looks. */
export interface BindingPlace {
  readonly site: number;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A call in the text and what it made, in the latest pass that it took part in. */
export interface Expression {
  readonly location: SourceLocation;
  readonly text: string;
  readonly pass: number;
  /** The node of its result. */
  readonly node: number;
  /** Other nodes that the same call made on the way. */
  readonly others: readonly number[];
}

export interface Problem extends ExportProblem {
  readonly file: string;
}
