/** @file What makes bad values from good ones, operation by operation, and the usual remedy. */
import type { Tensor } from "../../../core/index.js";
import { onOperand } from "../../../instrument/fixes/calls.js";
import type { QuickFix } from "../../../instrument/fixes/gradients.js";
import type { ProgramText } from "../../../instrument/fixes/text.js";
import type { Range } from "../../../instrument/sites.js";
import { say, type Words } from "../../../protocol/words.js";
import { visitElements } from "../wire.js";

export interface Cause {
  /** "the logarithm of 0 is -inf" */
  readonly what: Words;
  readonly remedy: Words;
  /** The operand that is to blame, by its place among the operation's inputs. */
  readonly operand: number;
  /** Element of that operand, in row-major order; null where no single one is to blame. */
  readonly element: number | null;
  readonly fix?: (text: ProgramText, call: Range) => QuickFix[];
}

type Find = (inputs: readonly (Tensor | null)[], numbers: NumbersOf) => Cause | null;

/** The plain numbers that an operation was called with, by the name of the argument: the exponent of `pow`. */
export type NumbersOf = (name: string) => number | null;

const above0 = (operand: number) => (text: ProgramText, call: Range) =>
  onOperand(text, call, operand, "clamp({ min: 1e-12 })", say("Stay above 0: .clamp({ min: 1e-12 })"));
const hairAdded = (operand: number) => (text: ProgramText, call: Range) =>
  onOperand(text, call, operand, "add(1e-12)", say("Stay away from 0: .add(1e-12)"));
const inside1 = (text: ProgramText, call: Range) =>
  onOperand(text, call, 0, "clamp(-0.999999, 0.999999)", say("Stay inside: .clamp(-0.999999, 0.999999)"));

function firstIndex(tensor: Tensor | null | undefined, test: (value: number) => boolean): number {
  let found = -1;
  if (tensor === null || tensor === undefined) return found;
  visitElements(tensor, (value, i) => {
    if (found < 0 && test(value)) found = i;
  });
  return found;
}

/** One operand with an element of a kind. */
function element(
  operand: number,
  test: (value: number) => boolean,
  what: Words,
  remedy: Words,
  fix?: Cause["fix"],
): Find {
  return (inputs) => {
    const at = firstIndex(inputs[operand], test);
    return at < 0 ? null : { what, remedy, operand, element: at, ...(fix && { fix }) };
  };
}

const isZero = (value: number) => value === 0;
const isNegative = (value: number) => value < 0;

const logOf = (name: string | Words) => [
  element(
    0,
    isZero,
    say("{0} of 0 is -inf", name),
    say("keep its argument above 0, e.g. with .clamp({ min: 1e-12 }), or use a loss that takes logits"),
    above0(0),
  ),
  element(
    0,
    isNegative,
    say("{0} of a negative number is NaN", name),
    say("keep its argument above 0, e.g. with .clamp({ min: 1e-12 })"),
    above0(0),
  ),
];
const overflow = element(
  0,
  (value) => value > 80,
  say("exp overflows float32 above 88.7"),
  say("subtract the maximum first, as softmax, log_softmax and logsumexp do, or clamp its argument"),
  (text, call) =>
    onOperand(text, call, 0, "clamp({ max: 80 })", say("Stay below the overflow: .clamp({ max: 80 })")),
);
const outside1 = (name: string) =>
  element(
    0,
    (value) => Math.abs(value) > 1,
    say("{0} is defined from -1 to 1", name),
    say("clamp its argument"),
    inside1,
  );

/** By the name of the node without `Backward0`, on the way forward. */
const FORWARD: Readonly<Record<string, readonly Find[]>> = {
  Log: logOf(say("the logarithm")),
  Log2: logOf("log2"),
  Log10: logOf("log10"),
  Log1P: [
    element(
      0,
      (value) => value <= -1,
      say("log1p of -1 or less is -inf or NaN"),
      say("keep its argument above -1"),
    ),
  ],
  Div: [
    element(
      1,
      isZero,
      say("division by 0"),
      say("add a hair to the divisor, e.g. .add(1e-12), or leave such elements out"),
      hairAdded(1),
    ),
  ],
  Reciprocal: [element(0, isZero, say("1/0 is infinite"), say("add a hair, e.g. .add(1e-12)"), hairAdded(0))],
  Rsqrt: [
    element(0, isZero, say("1/√0 is infinite"), say("add a hair, e.g. .add(1e-12)"), hairAdded(0)),
    element(
      0,
      isNegative,
      say("the square root of a negative number is NaN"),
      say("keep its argument above 0"),
      above0(0),
    ),
  ],
  Sqrt: [
    element(
      0,
      isNegative,
      say("the square root of a negative number is NaN"),
      say("keep its argument above 0"),
      above0(0),
    ),
  ],
  Exp: [overflow],
  Expm1: [overflow],
  Sinh: [overflow],
  Cosh: [overflow],
  Acos: [outside1("acos")],
  Asin: [outside1("asin")],
  Acosh: [element(0, (value) => value < 1, say("acosh is defined from 1 up"), say("clamp its argument"))],
  Atanh: [outside1("atanh")],
  Pow: [power],
  Std: [oneElement("std")],
  Var: [oneElement("var")],
  Mul: [zeroTimesInfinity],
};

/** On the way back, where the values themselves were good. */
const BACKWARD: Readonly<Record<string, readonly Find[]>> = {
  Sqrt: [
    element(
      0,
      isZero,
      say("the square root has an infinite slope at 0"),
      say("add a hair before it, e.g. .add(1e-12)"),
      hairAdded(0),
    ),
  ],
  Pow: [
    element(
      0,
      isZero,
      say("this power has an infinite slope at 0"),
      say("add a hair before it, e.g. .add(1e-12)"),
      hairAdded(0),
    ),
  ],
  Log: [
    element(
      0,
      isZero,
      say("the logarithm has an infinite slope at 0"),
      say("keep its argument above 0"),
      above0(0),
    ),
  ],
  Div: [
    element(
      1,
      isZero,
      say("division by 0"),
      say("add a hair to the divisor, e.g. .add(1e-12)"),
      hairAdded(1),
    ),
  ],
  Acos: [
    element(
      0,
      (value) => Math.abs(value) === 1,
      say("acos has an infinite slope at ±1"),
      say("clamp its argument"),
      inside1,
    ),
  ],
  Asin: [
    element(
      0,
      (value) => Math.abs(value) === 1,
      say("asin has an infinite slope at ±1"),
      say("clamp its argument"),
      inside1,
    ),
  ],
  Norm: [
    element(
      0,
      isZero,
      say("a norm has no slope at 0"),
      say("add a hair before it, e.g. .add(1e-12)"),
      hairAdded(0),
    ),
  ],
};

function power(inputs: readonly (Tensor | null)[], numbers: NumbersOf): Cause | null {
  const exponent = numbers("exponent");
  if (exponent === null) return null;
  if (exponent < 0) {
    const at = firstIndex(inputs[0], isZero);
    if (at >= 0)
      return {
        what: say("0 to the power of {0} is infinite", exponent),
        remedy: say("add a hair, e.g. .add(1e-12)"),
        operand: 0,
        element: at,
        fix: hairAdded(0),
      };
  }
  if (!Number.isInteger(exponent)) {
    const at = firstIndex(inputs[0], isNegative);
    if (at >= 0)
      return {
        what: say("a negative number to the power of {0} is NaN", exponent),
        remedy: say("keep its base above 0"),
        operand: 0,
        element: at,
        fix: above0(0),
      };
  }
  const at = firstIndex(inputs[0], (value) => !Number.isFinite(Math.fround(value ** exponent)));
  if (at < 0) return null;
  return {
    what: say("the power overflows"),
    remedy: say("keep values small: normalise, or lower the learning rate"),
    operand: 0,
    element: at,
  };
}

/** The spread of a single element divides by n − 1 = 0. */
function oneElement(name: string): Find {
  return (inputs) =>
    inputs[0]?._numel === 1
      ? {
          what: say("{0} of a single element divides by n − 1 = 0", name),
          remedy: say("use {0} with { correction: 0 }, or more elements", name),
          operand: 0,
          element: null,
        }
      : null;
}

function zeroTimesInfinity(inputs: readonly (Tensor | null)[]): Cause | null {
  for (const [operand, input] of inputs.entries()) {
    const at = firstIndex(input, (value) => Math.abs(value) > 1e19);
    if (at >= 0)
      return {
        what: say("the product overflows"),
        remedy: say("keep values small: normalise, or lower the learning rate"),
        operand,
        element: at,
      };
  }
  return null;
}

/** The likely cause, or null where the operation has no cause of its own that is known here. */
export function causeOf(
  name: string,
  way: "forward" | "backward",
  inputs: readonly (Tensor | null)[],
  numbers: NumbersOf,
): Cause | null {
  const finders = (way === "forward" ? FORWARD : BACKWARD)[name] ?? [];
  for (const find of finders) {
    const cause = find(inputs, numbers);
    if (cause !== null) return cause;
  }
  return null;
}
