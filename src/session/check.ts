/**
 * @file Shape checks for data that comes from outside: batches from a runner, documents from a file.
 * A check answers null, or the rest of a sentence that starts with the value's path
 * (`.nodes[3].shape is not a list of sizes`).
 */

export type Check = (value: unknown) => string | null;

export function is(test: (value: unknown) => boolean, what: string): Check {
  const failure = ` is not ${what}`;
  return (value) => (test(value) ? null : failure);
}

export const text = is((v) => typeof v === "string", "a text");
export const flag = is((v) => typeof v === "boolean", "true or false");
export const number = is((v) => typeof v === "number", "a number");
export const count = is((v) => Number.isSafeInteger(v) && (v as number) >= 0, "a count");
export const integer = is((v) => Number.isSafeInteger(v), "a whole number");
/** Lines and columns. */
export const ordinal = is((v) => Number.isSafeInteger(v) && (v as number) >= 1, "a whole number from 1");

export function oneOf(...choices: readonly string[]): Check {
  const known = new Set<unknown>(choices);
  return is((v) => known.has(v), `one of ${choices.map((c) => JSON.stringify(c)).join(", ")}`);
}

export function nullable(check: Check): Check {
  return (value) => (value === null ? null : check(value));
}

/** For fields that may be left out. */
export function optional(check: Check): Check {
  return (value) => (value === undefined ? null : check(value));
}

export function either(first: Check, second: Check): Check {
  return (value) => (first(value) === null ? null : second(value));
}

export function list(item: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return " is not a list";
    for (let i = 0; i < value.length; i++) {
      const failure = item(value[i]);
      if (failure !== null) return `[${i}]${failure}`;
    }
    return null;
  };
}

/** An object with these fields; further ones are let through, since versions may add them. */
export function fields(shape: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(shape);
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return " is not an object";
    for (const [name, check] of checks) {
      const failure = check((value as Readonly<Record<string, unknown>>)[name]);
      if (failure !== null) return `.${name}${failure}`;
    }
    return null;
  };
}

/** An object used as a table from any key to values of one kind. */
export function table(item: Check): Check {
  return (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return " is not an object";
    for (const [key, entry] of Object.entries(value)) {
      const failure = item(entry);
      if (failure !== null) return `[${JSON.stringify(key)}]${failure}`;
    }
    return null;
  };
}
