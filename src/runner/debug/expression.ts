/** @file JavaScript expressions over names, run for a limited time. */
import { type Context, compileFunction, createContext, Script } from "node:vm";

/** Where an expression finds its names. */
export interface Names {
  /** Undefined for a name that is not known. Throws where the value of then is no longer held. */
  lookup(name: string): { readonly value: unknown } | undefined;
}

const TIME_LIMIT = 1000;
const IDENTIFIERS = /(?<![\p{ID_Continue}$.#])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu;
/** Words that are no names even where one of them is known under such a name. */
const RESERVED = new Set(
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield arguments eval".split(
    " ",
  ),
);

/** What went wrong, in one line. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

export class Expression {
  readonly text: string;
  private readonly names: readonly string[];
  private readonly compiled = new Map<string, (...values: unknown[]) => unknown>();

  constructor(text: string) {
    this.text = text;
    this.names = [...new Set(text.match(IDENTIFIERS))].filter((name) => !RESERVED.has(name));
  }

  /** @throws ExpressionError */
  evaluate(names: Names): unknown {
    if (this.text.trim() === "") throw new ExpressionError("There is no expression to evaluate.");
    try {
      const known = this.names.flatMap((name) => {
        const found = names.lookup(name);
        return found === undefined ? [] : [{ name, value: found.value }];
      });
      const self = /\bthis\b/.test(this.text) ? names.lookup("this")?.value : undefined;
      const call = this.compile(known.map(({ name }) => name));
      return limited(() =>
        call.apply(
          self,
          known.map(({ value }) => value),
        ),
      );
    } catch (error) {
      throw error instanceof ExpressionError ? error : new ExpressionError(oneLine(error));
    }
  }

  private compile(names: readonly string[]): (...values: unknown[]) => unknown {
    const key = names.join();
    let call = this.compiled.get(key);
    if (call === undefined) {
      call = compileFunction(`"use strict"; return (${this.text}\n);`, [...names]) as () => unknown;
      // What closes the parentheses itself, as \`1); f(2\`, is no expression; it can't close brackets, too.
      new Script(`(function () { [${this.text}\n] })`);
      this.compiled.set(key, call);
    }
    return call;
  }
}

let holder: { call: () => unknown; result: unknown } | null = null;
let context: Context | null = null;
let script: Script | null = null;

function limited(call: () => unknown): unknown {
  holder ??= { call, result: undefined };
  context ??= createContext({ holder });
  script ??= new Script("holder.result = holder.call()");
  holder.call = call;
  try {
    script.runInContext(context, { timeout: TIME_LIMIT });
    return holder.result;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new ExpressionError(`The expression was given up after ${TIME_LIMIT / 1000} second.`);
  } finally {
    holder.result = undefined;
  }
}

function oneLine(error: unknown): string {
  try {
    return String(error).split("\n", 1)[0]!;
  } catch {
    return "The expression threw a value that can't be shown.";
  }
}
