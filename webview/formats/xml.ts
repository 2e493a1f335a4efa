/** @file Text inside XML. */
import { escapeHtml } from "../../src/protocol/page.js";

/** XML has no way to write most control characters, not even escaped, and none for half of a surrogate pair. */
const FORBIDDEN = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

export function xmlText(text: string): string {
  return escapeHtml(text.replace(FORBIDDEN, "\ufffd"));
}
