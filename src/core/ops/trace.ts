/**
 * @file Reads a derivative formula by running it on symbols.
 *
 * A formula in the table is a straight-line expression over tensor methods and named helper functions.
 * Called with symbols it yields its own text and the names of the saved values it uses, so neither has to
 * be written down a second time.
 */

const TEXT = Symbol("text");
const LEVEL = Symbol("precedence");

interface Traced {
  readonly [TEXT]: string;
  readonly [LEVEL]: number;
}

/** Methods that read better as operators, with their precedence. */
const INFIX: { readonly [method: string]: readonly [string, number] } = {
  add: ["+", 1],
  sub: ["-", 1],
  mul: ["*", 2],
  div: ["/", 2],
  matmul: ["@", 2],
  mm: ["@", 2],
};
const ATOM = 9;
const PREFIX = 3;

function isTraced(value: unknown): value is Traced {
  return typeof value === "function" && TEXT in value;
}

function textOf(value: unknown): string {
  if (isTraced(value)) return value[TEXT];
  if (Array.isArray(value)) return `[${value.map(textOf).join(", ")}]`;
  return String(value);
}

function wrapped(value: unknown, level: number): string {
  const text = textOf(value);
  return isTraced(value) && value[LEVEL] < level ? `(${text})` : text;
}

/** `1 - s.weight` in a formula would be computed on symbols: it belongs into a helper. */
function refusePrimitive(): never {
  throw new Error("formulas of the derivative table compute with plain numbers inside helpers only");
}

function symbol(text: string, level = ATOM): unknown {
  const target = Object.assign(() => undefined, { [TEXT]: text, [LEVEL]: level });
  return new Proxy(target, {
    get: (t, key) => {
      if (key === TEXT) return text;
      if (key === LEVEL) return level;
      if (key === Symbol.toPrimitive) return refusePrimitive;
      if (typeof key === "symbol") return Reflect.get(t, key);
      return member(text, level, key);
    },
  });
}

function member(text: string, level: number, key: string): unknown {
  const call = (...args: unknown[]): unknown => {
    const infix = INFIX[key];
    if (infix !== undefined && args.length === 1) {
      const [sign, p] = infix;
      const left = level < p ? `(${text})` : text;
      return symbol(`${left} ${sign} ${wrapped(args[0], p + 1)}`, p);
    }
    const self = level < ATOM ? `(${text})` : text;
    if (key === "neg") return symbol(`-${self}`, PREFIX);
    return symbol(`${self}.${key}(${args.map(textOf).join(", ")})`);
  };
  return call;
}

let tracing = false;

/**
 * Names a helper function of the formulas, so that traces show the call and not its inside. Helpers take up to
 * eight arguments, passed on one by one: this stands in every backward step, and a rest array would cost more
 * than many a formula.
 */
export function helper<A extends unknown[], R>(name: string, fn: (...args: A) => R): (...args: A) => R {
  const direct = fn as unknown as (...args: unknown[]) => R;
  const wrapped = (
    a: unknown,
    b: unknown,
    c: unknown,
    d: unknown,
    e: unknown,
    f: unknown,
    g: unknown,
    h: unknown,
    i: unknown,
    j: unknown,
  ): R => {
    if (!tracing) return direct(a, b, c, d, e, f, g, h, i, j);
    const args = [a, b, c, d, e, f, g, h, i, j];
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    return symbol(`${name}(${args.map(textOf).join(", ")})`) as R;
  };
  return wrapped as unknown as (...args: A) => R;
}

export interface Trace {
  /** The formula as people write it, e.g. `grad * other`. */
  readonly text: string;
  /** Names of the saved values it reads, in order of first use. */
  readonly uses: readonly string[];
}

type AnyFormula = (grad: never, saved: never, grads: never) => unknown;

export function traceFormula(formula: AnyFormula): Trace {
  const uses: string[] = [];
  const saved = new Proxy(
    {},
    {
      get: (_, key) => {
        const name = String(key);
        if (!uses.includes(name)) uses.push(name);
        return symbol(name.replace(/_sizes$/, ".sizes()").replace(/_geometry$/, ".geometry()"));
      },
    },
  );
  const before = tracing;
  tracing = true;
  try {
    const run = formula as (grad: unknown, saved: unknown, grads: unknown) => unknown;
    return { text: textOf(run(symbol("grad"), saved, symbol("grads"))), uses };
  } finally {
    tracing = before;
  }
}
