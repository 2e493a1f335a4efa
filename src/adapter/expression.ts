/**
 * @file Expressions over a record, where no process is there to evaluate them: JavaScript's operators, names,
 * properties, elements and calls, and nothing that could change or run anything.
 */

export type Expression =
  | { readonly kind: "literal"; readonly value: number | string | boolean | null | undefined }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "member"; readonly object: Expression; readonly name: string }
  | { readonly kind: "element"; readonly object: Expression; readonly index: Expression }
  | { readonly kind: "call"; readonly callee: Expression; readonly args: readonly Expression[] }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "choice";
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    };

/** The text is no expression; the message says where it stops making sense. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)|(?<name>[\p{ID_Start}$_][\p{ID_Continue}$]*)|(?<string>"[^"\\]*"|'[^'\\]*')|(?<sign>\*\*|===|!==|==|!=|<=|>=|&&|\|\||\?\?|\?\.|[-+*/%<>!?:.,()[\]]))/uy;

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ["??"],
  ["||"],
  ["&&"],
  ["===", "!==", "==", "!="],
  ["<", ">", "<=", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

const CONSTANTS: ReadonlyMap<string, number | boolean | null | undefined> = new Map<
  string,
  number | boolean | null | undefined
>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
]);

interface Token {
  readonly kind: "number" | "name" | "string" | "sign" | "end";
  readonly text: string;
  readonly at: number;
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw new ExpressionError(`"${text.slice(at).trim().slice(0, 10)}" can't stand here`);
    for (const kind of ["number", "name", "string", "sign"] as const) {
      const token = groups[kind];
      if (token !== undefined) found.push({ kind, text: token, at });
    }
  }
  found.push({ kind: "end", text: "", at: end });
  return found;
}

/** @throws ExpressionError */
export function parseExpression(text: string): Expression {
  const parser = new Parser(tokens(text));
  return parser.whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(all: readonly Token[]) {
    this.#tokens = all;
  }

  whole(): Expression {
    const expression = this.#choice();
    if (this.#peek().kind !== "end") throw this.#fault();
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#next]!;
  }

  #fault(): ExpressionError {
    const { kind, text } = this.#peek();
    return new ExpressionError(kind === "end" ? "the expression is cut off" : `"${text}" can't stand here`);
  }

  #takes(...signs: readonly string[]): string | null {
    const { kind, text } = this.#peek();
    if (kind !== "sign" || !signs.includes(text)) return null;
    this.#next++;
    return text;
  }

  #expect(sign: string): void {
    if (this.#takes(sign) === null) throw this.#fault();
  }

  #choice(): Expression {
    const test = this.#binary(0);
    if (this.#takes("?") === null) return test;
    const then = this.#choice();
    this.#expect(":");
    return { kind: "choice", test, then, otherwise: this.#choice() };
  }

  #binary(level: number): Expression {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#takes(...operators);
      if (operator === null) return left;
      left = { kind: "binary", operator, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Expression {
    const operator = this.#takes("-", "+", "!");
    if (operator !== null) return { kind: "unary", operator, operand: this.#unary() };
    const base = this.#postfix();
    // As in JavaScript: to the right first, and the exponent may carry a sign.
    if (this.#takes("**") === null) return base;
    return { kind: "binary", operator: "**", left: base, right: this.#unary() };
  }

  #postfix(): Expression {
    let object = this.#primary();
    for (;;) {
      if (this.#takes(".", "?.") !== null) {
        const { kind, text } = this.#peek();
        if (kind !== "name") throw this.#fault();
        this.#next++;
        object = { kind: "member", object, name: text };
      } else if (this.#takes("[") !== null) {
        const index = this.#choice();
        this.#expect("]");
        object = { kind: "element", object, index };
      } else if (this.#takes("(") !== null) {
        object = { kind: "call", callee: object, args: this.#list(")") };
      } else {
        return object;
      }
    }
  }

  #list(end: string): Expression[] {
    const items: Expression[] = [];
    while (this.#takes(end) === null) {
      if (items.length > 0) this.#expect(",");
      items.push(this.#choice());
    }
    return items;
  }

  #primary(): Expression {
    const { kind, text } = this.#peek();
    if (this.#takes("(") !== null) {
      const inner = this.#choice();
      this.#expect(")");
      return inner;
    }
    if (this.#takes("[") !== null) return { kind: "list", items: this.#list("]") };
    if (kind === "end" || kind === "sign") throw this.#fault();
    this.#next++;
    if (kind === "number") return { kind: "literal", value: Number(text) };
    if (kind === "string") return { kind: "literal", value: text.slice(1, -1) };
    return CONSTANTS.has(text)
      ? { kind: "literal", value: CONSTANTS.get(text) }
      : { kind: "name", name: text };
  }
}
