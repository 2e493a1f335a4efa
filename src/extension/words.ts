/**
 * @file What people read, in the language of the editor. Apart from VS Code's own function, so that texts can be
 * made, and tested, where there is no editor. Every message is in l10n/bundle.l10n.json; {0}, {1} are arguments.
 */

import { plain, type Translation, told, type Words } from "../protocol/words.js";

let translate: Translation = plain;

/** Called once, with `vscode.l10n.t`. */
export function speak(translation: Translation): void {
  translate = translation;
}

export const t: Translation = (message, ...args) => translate(message, ...args);

/** What the runner tells with its arguments apart; null where it gave a text alone. */
export const inWords = (words: Words | undefined): string | null =>
  words === undefined ? null : told(words, translate);
