/** @file The user's files of this run: their texts, and the way from generated code back to them. */
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import type { Site } from "../instrument/sites.js";

/** A place in the user's text; 1-based. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Source {
  readonly file: string;
  readonly text: string;
  readonly first: number;
  readonly sites: readonly Site[];
  readonly map: string;
}

export class Sources {
  private readonly byFile = new Map<string, Source>();
  private readonly maps = new Map<string, TraceMap>();
  private readonly ordered: Source[] = [];
  private readonly places = new WeakMap<object, Place>();
  private sites = 0;

  /** Id of the next file's first site. */
  get nextSite(): number {
    return this.sites;
  }

  add(source: Source): void {
    this.byFile.set(source.file, source);
    this.ordered.push(source);
    this.sites = source.first + source.sites.length;
  }

  source(file: string): Source | null {
    return this.byFile.get(file) ?? null;
  }

  has(file: string): boolean {
    return this.byFile.has(file);
  }

  /** In the order of loading. */
  files(): readonly string[] {
    return this.ordered.map((source) => source.file);
  }

  /** One line of a file's text, or null where there is none. */
  line(file: string, line: number): string | null {
    return this.byFile.get(file)?.text.split(/\r\n|\r|\n/)[line - 1] ?? null;
  }

  text(file: string): string | null {
    return this.byFile.get(file)?.text ?? null;
  }

  site(id: number): { readonly source: Source; readonly site: Site } | null {
    if (id < 0) return null;
    for (let i = this.ordered.length - 1; i >= 0; i--) {
      const source = this.ordered[i]!;
      if (source.first > id) continue;
      const site = source.sites[id - source.first];
      return site === undefined ? null : { source, site };
    }
    return null;
  }

  /** Where a position of generated code (1-based) comes from; null where no text of the user's made it. */
  original(file: string, line: number, column: number): Place | null {
    const source = this.byFile.get(file);
    if (source === undefined) return null;
    let map = this.maps.get(file);
    if (map === undefined) {
      map = new TraceMap(source.map);
      this.maps.set(file, map);
    }
    const found = originalPositionFor(map, { line, column: column - 1 });
    return found.line === null ? null : { file, line: found.line, column: found.column + 1 };
  }

  /** Remembers where an error belongs, for errors whose stack doesn't say. */
  setPlace(error: object, place: Place): void {
    this.places.set(error, place);
  }

  placeOf(error: unknown): Place | null {
    return typeof error === "object" && error !== null ? (this.places.get(error) ?? null) : null;
  }
}
