/** @file The modules of a run and the sites that instrumentation numbered in them. */
import type { SourceLocation } from "../protocol/export.js";
import type { SiteRecord } from "../protocol/trace.js";

export interface Site extends SiteRecord {
  readonly file: string;
}

export class Sources {
  readonly #sites = new Map<number, Site>();
  readonly #texts = new Map<string, string>();
  readonly #lines = new Map<string, readonly string[]>();

  add(file: string, text: string, first: number, sites: readonly SiteRecord[]): void {
    this.#texts.set(file, text);
    this.#lines.delete(file);
    sites.forEach((site, i) => {
      this.#sites.set(first + i, { ...site, file });
    });
  }

  has(id: number): boolean {
    return this.#sites.has(id);
  }

  site(id: number): Site | null {
    return this.#sites.get(id) ?? null;
  }

  /** null for what none of the user's calls made. */
  location(id: number): SourceLocation | null {
    const site = this.#sites.get(id);
    if (!site) return null;
    const { file, line, column, endLine, endColumn } = site;
    return { file, line, column, endLine, endColumn };
  }

  sitesOf(file: string): readonly SiteRecord[] {
    return [...this.#sites.values()].filter((site) => site.file === file);
  }

  files(): readonly string[] {
    return [...this.#texts.keys()];
  }

  text(file: string): string | null {
    return this.#texts.get(file) ?? null;
  }

  /** A line, counted from 1, as an editor has it: without its end, and without a byte order mark. */
  line(file: string, line: number): string | null {
    let lines = this.#lines.get(file);
    if (!lines) {
      const text = this.#texts.get(file);
      if (text === undefined) return null;
      lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
      this.#lines.set(file, lines);
    }
    return lines[line - 1] ?? null;
  }
}

/** Whether the position lies in the site's text, its end included as for a cursor behind the last letter. */
export function contains(site: SiteRecord, line: number, column: number): boolean {
  if (line < site.line || line > site.endLine) return false;
  if (line === site.line && column < site.column) return false;
  return line < site.endLine || column <= site.endColumn;
}

/** Orders sites of one file from the smallest text to the largest. */
export function bySize(a: SiteRecord, b: SiteRecord): number {
  return a.endLine - a.line - (b.endLine - b.line) || a.endColumn - a.column - (b.endColumn - b.column);
}
