/**
 * @file What people read, in the language of the editor. Apart from VS Code's own function, so that texts can be
 * made, and tested, where there is no editor. Every message is in l10n/bundle.l10n.json; {0}, {1} are arguments.
 */

export type Translate = (message: string, ...args: (string | number)[]) => string;

const plain: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder));

let translate = plain;

/** Called once, with `vscode.l10n.t`. */
export function speak(translation: Translate): void {
  translate = translation;
}

export const t: Translate = (message, ...args) => translate(message, ...args);
