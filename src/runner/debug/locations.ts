/** @file Where breakpoints can stand in a file, whether the program has loaded it or not. */
import { readFileSync } from "node:fs";
import { breakLocations } from "../../instrument/locations.js";
import type { Instrumented, InstrumentOptions } from "../../instrument/sites.js";
import type { BreakLocation } from "../../protocol/debug.js";
import type { Sources } from "../sources.js";

type Instrument = (text: string, options: InstrumentOptions) => Instrumented;

/**
 * @param sources those of the program; null where none runs yet
 * @param text in the place of a file that is not loaded; null: the file's
 */
export function locationsIn(
  file: string,
  text: string | null,
  sources: Sources | null,
  instrument: Instrument,
): BreakLocation[] {
  const loaded = sources?.source(file);
  const sites = loaded?.sites ?? sitesOf(file, text ?? read(file), instrument);
  return breakLocations(sites).map(({ line, column, endLine, endColumn }) => {
    return { line, column, endLine, endColumn };
  });
}

function sitesOf(file: string, text: string | null, instrument: Instrument): Instrumented["sites"] {
  if (text === null) return [];
  return instrument(text, { fileName: file, firstSite: 0, probes: true }).sites;
}

/** null for what can't be read: it has no places. */
function read(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
