/** @file Keys for the leaves of a pass, where several may have one name. */

/**
 * A key for each leaf, from their names in the order in which the leaves were made. Only where several leaves have
 * the same name do they differ from it: `w`, `w #2`. So a leaf keeps its key from pass to pass, also where every
 * pass has a new tensor under the same name.
 */
export function leafKeys(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}
