/** @file Hit counts of breakpoints, as VS Code lets people write them. */

const FORM = /^\s*(>=|<=|==|=|>|<|%)?\s*(\d+)\s*$/;

const TESTS: Readonly<Record<string, (hits: number, bound: number) => boolean>> = {
  ">": (hits, bound) => hits > bound,
  ">=": (hits, bound) => hits >= bound,
  "<": (hits, bound) => hits < bound,
  "<=": (hits, bound) => hits <= bound,
  "=": (hits, bound) => hits === bound,
  "==": (hits, bound) => hits === bound,
  "%": (hits, bound) => bound > 0 && hits % bound === 0,
};

/** What to tell a person of a condition that makes no sense; null where it does. */
export function hitConditionFault(condition: string): string | null {
  return FORM.test(condition)
    ? null
    : `"${condition}" is no hit count: write a number, or > 5, >= 5, < 5, <= 5, == 5, % 5`;
}

/** @param hits how many times the place was reached, this time included */
export function hitsEnough(condition: string, hits: number): boolean {
  const [, operator = "==", bound] = FORM.exec(condition) ?? [];
  return bound === undefined || TESTS[operator]!(hits, Number(bound));
}
