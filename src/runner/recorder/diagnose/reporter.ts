/** @file Tells problems: on which line, with which other places, with which fixes of the text. */
import type { QuickFix } from "../../../instrument/fixes/gradients.js";
import { ProgramText } from "../../../instrument/fixes/text.js";
import type { Range, Site } from "../../../instrument/sites.js";
import { DIAGNOSTICS, type DiagnosticCode } from "../../../protocol/diagnostics.js";
import type { ExportProblem, Fix, Severity } from "../../../protocol/export.js";
import { say, told, type Words } from "../../../protocol/words.js";
import type { Sources } from "../../sources.js";

export type Related = ExportProblem["related"][number];

/** What is to be told of a problem, beside its place. */
export interface Finding {
  readonly code: DiagnosticCode;
  /** Another than the code's own. */
  readonly severity?: Severity;
  readonly message: Words;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
}

/** A range in one of the user's files. */
export interface Place extends Range {
  readonly file: string;
}

/** More problems than anybody reads. */
const MOST = 200;

export class Reporter {
  private readonly told = new Set<string>();
  private readonly texts = new Map<string, ProgramText>();

  constructor(
    readonly sources: Sources,
    private readonly emit: (problem: ExportProblem) => void,
  ) {}

  /** Tells a problem once for each code and place. */
  report({ code, severity, message, related = [], fixes = [] }: Finding, at: Place | null): void {
    if (at === null || this.told.size >= MOST) return;
    const { file, line, column, endLine, endColumn } = at;
    const key = `${code} ${file}:${line}:${column}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.emit({
      severity: severity ?? DIAGNOSTICS[code].severity,
      code,
      message: told(message),
      words: message,
      file,
      line,
      column,
      endLine,
      endColumn,
      related,
      ...(fixes.length > 0 && { fixes }),
    });
  }

  /** Where a site stands in the user's text. */
  place(site: number | null | undefined): Place | null {
    const found = site === null || site === undefined ? null : this.sources.site(site);
    if (found === null) return null;
    const { line, column, endLine, endColumn } = found.site;
    return { file: found.source.file, line, column, endLine, endColumn };
  }

  site(id: number | undefined): Site | null {
    return id === undefined ? null : (this.sources.site(id)?.site ?? null);
  }

  /** The name that a site binds, or null. */
  name(id: number | undefined): string | null {
    return this.site(id)?.name ?? null;
  }

  /** A related place, or none where the site is nobody's. */
  related(site: number | null | undefined, words: Words): Related[] {
    const place = this.place(site);
    return place === null ? [] : this.relatedAt(place, words);
  }

  relatedAt({ file, line, column }: Place, words: Words): Related[] {
    return [{ file, line, column, message: told(words), words }];
  }

  /** Parsed when the first problem in it wants to be looked at. */
  text(file: string): ProgramText | null {
    let text = this.texts.get(file);
    if (text === undefined) {
      const content = this.sources.text(file);
      if (content === null) return null;
      text = new ProgramText(file, content);
      this.texts.set(file, text);
    }
    return text;
  }

  /** Fixes that are computed from the text around a site. */
  fixes(
    at: number | Place | null | undefined,
    make: (text: ProgramText, range: Range) => readonly QuickFix[],
  ): Fix[] {
    const place = typeof at === "number" ? this.place(at) : at;
    const text = place ? this.text(place.file) : null;
    if (!place || text === null) return [];
    const { file } = place;
    return make(text, place)
      .filter(({ edits }) => edits.length > 0)
      .map(({ title, edits }) => ({
        title: told(title),
        words: title,
        edits: edits.map((edit) => ({ ...edit, file })),
      }));
  }
}

/** `w`, `w and b`, `w, b and c`. */
export function listed(names: readonly (string | Words)[]): string | Words {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : say("{0} and {1}", names.slice(0, -1).join(", "), last);
}

/** Of the call that started a pass. */
export function calledHere({ call }: { readonly call: string }): Words {
  return call === "grad" ? say("autograd.grad() was called here") : say("backward() was called here");
}
