/** @file Evaluates expressions: by the process, where it is there to be asked, else over the record. */
import type { DebugCommand, DebugResults, Evaluated } from "../protocol/debug.js";
import type { Pass } from "../session/pass.js";
import { RequestErrors } from "./errors.js";
import { ExpressionError } from "./expression.js";
import { evaluateRecord, isTruthy, RecordTensor, type RecordValue, recordNames } from "./recordValues.js";
import { tensorPrint, tensorType } from "./tensors.js";
import type { Place } from "./walk.js";

export type Ask = <T extends DebugCommand["type"]>(
  command: Extract<DebugCommand, { readonly type: T }>,
) => Promise<DebugResults[T]>;

export class Evaluator {
  /** null where only the record can answer. */
  readonly #ask: Ask | null;
  readonly #passAt: (index: number) => Pass | null;

  constructor(ask: Ask | null, passAt: (index: number) => Pass | null) {
    this.#ask = ask;
    this.#passAt = passAt;
  }

  /**
   * @param at null: with the program's variables only
   * @throws RequestError with what is wrong with the expression
   */
  async evaluate(expression: string, at: Place | null): Promise<Evaluated> {
    try {
      if (this.#ask !== null) return await this.#ask({ type: "debug.evaluate", expression, at });
      return shown(this.#onRecord(expression, at));
    } catch (error) {
      throw RequestErrors.notEvaluated((error as Error).message);
    }
  }

  /** Whether a condition holds; one that fails does: who asked to stop shall rather stop too often. */
  async holds(condition: string, at: Place): Promise<boolean> {
    try {
      if (this.#ask === null) return isTruthy(this.#onRecord(condition, at));
      const told = await this.#ask({ type: "debug.evaluate", expression: condition, at });
      return told.tensor === null ? !FALSY.test(told.text) : told.tensor.data[0] !== 0;
    } catch {
      return true;
    }
  }

  #onRecord(expression: string, at: Place | null): RecordValue {
    const pass = at && this.#passAt(at.pass);
    if (!pass || !at) throw new ExpressionError("Outside of a backward pass a record knows no values.");
    return evaluateRecord(expression, recordNames(pass, at.step));
  }

  /** What may stand at a column, 1-based, of an expression. */
  async complete(
    text: string,
    column: number,
    at: Place | null,
  ): Promise<readonly { readonly label: string; readonly type: string }[]> {
    if (this.#ask !== null) return this.#ask({ type: "debug.complete", text, column });
    const pass = at && this.#passAt(at.pass);
    if (!pass || !at) return [];
    const begun = /[\p{ID_Continue}$.]*$/u.exec(text.slice(0, column - 1))![0];
    return [...recordNames(pass, at.step)]
      .filter(([name]) => name.startsWith(begun))
      .map(([label, value]) => ({ label, type: value instanceof RecordTensor ? "variable" : "value" }));
  }
}

const FALSY = /^(?:false|-?0n?|NaN|null|undefined|''|"")$/;

function shown(value: RecordValue): Evaluated {
  if (value instanceof RecordTensor) {
    return { text: tensorPrint(value.wire), type: tensorType(value.wire), tensor: value.wire };
  }
  return { text: inWords(value), type: Array.isArray(value) ? "Array" : typeof value, tensor: null };
}

function inWords(value: RecordValue): string {
  if (Array.isArray(value)) return `[${(value as readonly RecordValue[]).map(inWords).join(", ")}]`;
  if (value instanceof RecordTensor) return tensorPrint(value.wire);
  if (typeof value === "string") return `'${value}'`;
  return typeof value === "function" ? "[Function]" : String(value);
}
