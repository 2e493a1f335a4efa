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
}

export interface Problem extends ExportProblem {
  readonly file: string;
}
