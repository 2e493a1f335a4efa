/** @file Texts for people that a process sends with their arguments apart, so that an editor can translate them. */
/** `{0}` and `{1}` in the template stand for the arguments, which may be texts of the same kind. */
export interface Words {
  readonly template: string;
  readonly args: readonly (string | number | Words)[];
}

/** How a template and its arguments become a text in somebody's language. */
export type Translation = (template: string, ...args: (string | number)[]) => string;

/** The template's own language, which is English. */
export const plain: Translation = (template, ...args) =>
  template.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder));

export function say(template: string, ...args: readonly (string | number | Words)[]): Words {
  return { template, args };
}

export function told({ template, args }: Words, translate: Translation = plain): string {
  return translate(template, ...args.map((arg) => (typeof arg === "object" ? told(arg, translate) : arg)));
}
