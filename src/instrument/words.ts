/** @file Texts for people that stand beside quick fixes and findings of the text: their arguments apart, to be translated. */

/** Of the form that the protocol sends: `{0}` and `{1}` in the template stand for the arguments. */
export interface Words {
  readonly template: string;
  readonly args: readonly (string | number | Words)[];
}

export function say(template: string, ...args: readonly (string | number | Words)[]): Words {
  return { template, args };
}
