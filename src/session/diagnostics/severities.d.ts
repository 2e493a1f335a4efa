/** @file Which problems a person wants to be told, and how loudly: the setting `gradwalk.diagnostics`. */
import type { Severity } from "../../protocol/export.js";

interface Coded {
  readonly code: string;
  readonly severity: Severity;
}
/**
 * Problems as the setting wants them: with another severity, or not at all. An error that ended the program is
 * told whatever the setting says: it happened.
 * @param setting a severity or "off" by code; what is neither counts as not set
 */
export declare function configured<P extends Coded>(problems: readonly P[], setting: unknown): P[];
