/** @file Names with wildcards, as in file names. */

/** Whether the whole name matches; `*` stands for any letters, `?` for one. */
export function matchesName(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "su").test(name);
}
