/** @file What the text of a file alone tells, in the form of what a run tells. */
import { ProgramText } from "../instrument/fixes/text.js";
import type { Finding } from "../instrument/static/finding.js";
import { findingsIn } from "../instrument/static/findings.js";
import { DIAGNOSTICS, isDiagnosticCode } from "../protocol/diagnostics.js";
import type { ExportProblem } from "../protocol/export.js";
import { told } from "../protocol/words.js";

export function inspect(file: string, text: string): ExportProblem[] {
  return findingsIn(new ProgramText(file, text)).flatMap((finding) => problemOf(finding, file));
}

function problemOf(
  { code, severity, throws, words, range, related, fixes }: Finding,
  file: string,
): ExportProblem[] {
  if (!isDiagnosticCode(code)) return [];
  const { line, column, endLine, endColumn } = range;
  return [
    {
      severity: throws ? "error" : (severity ?? DIAGNOSTICS[code].severity),
      code,
      message: told(words),
      words,
      file,
      line,
      column,
      endLine,
      endColumn,
      related: related.map((place) => ({ ...place, file, message: told(place.words) })),
      fixes: fixes
        .filter(({ edits }) => edits.length > 0)
        .map(({ title, edits }) => ({
          title: told(title),
          words: title,
          edits: edits.map((edit) => ({ ...edit, file })),
        })),
    },
  ];
}
