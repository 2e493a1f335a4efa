/** @file Hit conditions, as VS Code has them: `5`, `> 5`, `>= 5`, `< 5`, `<= 5`, `== 5`, `% 5`. */

const FORM = /^\s*(>=?|<=?|={1,3}|%)?\s*(\d+)\s*$/;

export type HitTest = (count: number) => boolean;

/** Null where the text is no hit condition. */
export function hitTest(text: string): HitTest | null {
  const match = FORM.exec(text);
  if (match === null) return null;
  const number = Number(match[2]);
  switch (match[1]) {
    case ">":
      return (count) => count > number;
    case ">=":
      return (count) => count >= number;
    case "<":
      return (count) => count < number;
    case "<=":
      return (count) => count <= number;
    case "%":
      return number === 0 ? null : (count) => count % number === 0;
    default:
      return (count) => count === number;
  }
}
