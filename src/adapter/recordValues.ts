/** @file Evaluates expressions over what was recorded of a pass, as of a step. */
import type { WireTensor } from "../protocol/trace.js";
import { numelOf } from "../protocol/wire.js";
import type { Pass } from "../session/pass.js";
import { type Expression, ExpressionError, parseExpression } from "./expression.js";
import { isWhole, mapWire, rowOf } from "./wireMath.js";

/** A tensor of the record; `grad` where it stands for a tensor of the program. */
export class RecordTensor {
  constructor(
    readonly wire: WireTensor,
    readonly grad: WireTensor | null = null,
  ) {}
}

export type RecordValue =
  | number
  | string
  | boolean
  | null
  | undefined
  | RecordTensor
  | readonly RecordValue[]
  | ((...args: RecordValue[]) => RecordValue);

/** What a record knows by name as of a step. */
export function recordNames(pass: Pass, step: number): ReadonlyMap<string, RecordValue> {
  const names = new Map<string, RecordValue>();
  const { nodes } = pass.structure;
  const { values, steps, saved } = pass.record;
  const last = new Map<string, number>();
  nodes.forEach(({ label }, node) => {
    // Of several tensors that a variable held, the last one.
    if (label !== null && values[node]) last.set(label, node);
  });
  for (const [label, node] of last)
    names.set(label, new RecordTensor(values[node]!, gradAt(pass, node, step)));
  const current = steps[step];
  if (current === undefined) return names;
  const incoming = current.grad_in.map((grad) => grad && new RecordTensor(grad));
  for (const { name, value } of saved[current.node]!) names.set(name, savedValue(value));
  names.set("grad", incoming[0] ?? null);
  names.set("grads", incoming);
  const result = values[current.node];
  if (result) names.set("result", new RecordTensor(result, gradAt(pass, current.node, step)));
  return names;
}

function savedValue(value: WireTensor | string | null): RecordValue {
  if (typeof value !== "string") return value && new RecordTensor(value);
  const number = Number(value);
  return value.trim() !== "" && !Number.isNaN(number) ? number : value;
}

/** The `.grad` of a leaf when `step` steps had run. */
export function gradAt(pass: Pass, node: number, step: number): WireTensor | null {
  const ran = pass.stepOf(node);
  const accumulated = ran < 0 ? null : (pass.record.steps[ran]!.accumulated ?? null);
  if (accumulated === null) return pass.record.grads[node]?.tensor ?? null;
  return ran < step ? accumulated.after : accumulated.before;
}

/** @throws ExpressionError with what can't be told from a record */
export function evaluateRecord(text: string, names: ReadonlyMap<string, RecordValue>): RecordValue {
  return evaluate(parseExpression(text), names);
}

export function isTruthy(value: RecordValue): boolean {
  return value instanceof RecordTensor ? item(value) !== 0 : Boolean(value);
}

type Names = ReadonlyMap<string, RecordValue>;

function evaluate(expression: Expression, names: Names): RecordValue {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "name":
      if (!names.has(expression.name)) throw unknownName(expression.name);
      return names.get(expression.name);
    case "list":
      return expression.items.map((one) => evaluate(one, names));
    case "member":
      return member(evaluate(expression.object, names), expression.name, dotted(expression, names));
    case "element":
      return element(evaluate(expression.object, names), evaluate(expression.index, names));
    case "call": {
      const callee = evaluate(expression.callee, names);
      if (typeof callee !== "function") throw new ExpressionError("what is called here is no function");
      return callee(...expression.args.map((arg) => evaluate(arg, names)));
    }
    case "unary": {
      const value = evaluate(expression.operand, names);
      if (expression.operator === "!") return !isTruthy(value);
      return expression.operator === "-" ? elementwise(value, 0, (x) => -x) : value;
    }
    case "binary":
      return binary(expression.operator, expression.left, expression.right, names);
    case "choice":
      return evaluate(
        isTruthy(evaluate(expression.test, names)) ? expression.then : expression.otherwise,
        names,
      );
  }
}

function unknownName(name: string): ExpressionError {
  return new ExpressionError(
    `${name} is not recorded here: a record knows grad, result and saved tensors,`.concat(
      " and the variables of this backward pass",
    ),
  );
}

/** Labels may have dots: `this.weight`, `params.w`. */
function dotted(expression: Expression, names: Names): RecordValue | undefined {
  const path = pathOf(expression);
  return path === null ? undefined : names.get(path);
}

function pathOf(expression: Expression): string | null {
  if (expression.kind === "name") return expression.name;
  if (expression.kind !== "member") return null;
  const object = pathOf(expression.object);
  return object === null ? null : `${object}.${expression.name}`;
}

function binary(operator: string, left: Expression, right: Expression, names: Names): RecordValue {
  const a = evaluate(left, names);
  if (operator === "&&") return isTruthy(a) ? evaluate(right, names) : a;
  if (operator === "||") return isTruthy(a) ? a : evaluate(right, names);
  if (operator === "??") return a ?? evaluate(right, names);
  const b = evaluate(right, names);
  const compare = COMPARISONS[operator];
  if (compare) return compare(scalar(a), scalar(b));
  return elementwise(a, b, ARITHMETIC[operator]!);
}

type Scalar = number | string | boolean | null | undefined;

const COMPARISONS: Readonly<Record<string, (a: Scalar, b: Scalar) => boolean>> = {
  "<": (a, b) => a! < b!,
  "<=": (a, b) => a! <= b!,
  ">": (a, b) => a! > b!,
  ">=": (a, b) => a! >= b!,
  "===": (a, b) => a === b,
  "!==": (a, b) => a !== b,
  "==": (a, b) => a === b || (a == null && b == null),
  "!=": (a, b) => !(a === b || (a == null && b == null)),
};

const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
  "**": (a, b) => a ** b,
};

/** One number of a tensor of one element; other values as they are. */
function scalar(value: RecordValue): Scalar {
  if (value instanceof RecordTensor) return item(value);
  if (typeof value === "function" || Array.isArray(value)) {
    throw new ExpressionError("only numbers and tensors of one element can be compared");
  }
  return value as Scalar;
}

function item({ wire }: RecordTensor): number {
  if (wire.data.length !== 1) {
    throw new ExpressionError(`a tensor of shape [${wire.shape.join(", ")}] is no single number`);
  }
  return wire.data[0]!;
}

function elementwise(a: RecordValue, b: RecordValue, f: (a: number, b: number) => number): RecordValue {
  if (a instanceof RecordTensor && b instanceof RecordTensor && isSameShape(a.wire, b.wire)) {
    return new RecordTensor(mapWire(whole(a.wire), (x, i) => f(x, whole(b.wire).data[i]!)));
  }
  if (a instanceof RecordTensor && !(b instanceof RecordTensor && numelOf(b.wire.shape) > 1)) {
    const y = Number(scalar(b));
    return new RecordTensor(mapWire(whole(a.wire), (x) => f(x, y)));
  }
  if (b instanceof RecordTensor) {
    const x = Number(scalar(a));
    return new RecordTensor(mapWire(whole(b.wire), (y) => f(x, y)));
  }
  return f(Number(scalar(a)), Number(scalar(b)));
}

const isSameShape = (a: WireTensor, b: WireTensor): boolean => a.shape.join() === b.shape.join();

function whole(wire: WireTensor): WireTensor {
  if (!isWhole(wire)) throw new ExpressionError("only a part of this tensor was recorded");
  return wire;
}

function element(object: RecordValue, index: RecordValue): RecordValue {
  const at = Number(scalar(index));
  if (Array.isArray(object)) return (object as readonly RecordValue[]).at(at);
  if (!(object instanceof RecordTensor)) throw new ExpressionError("only tensors and lists have elements");
  const row = rowOf(object.wire, at);
  if (row === null) throw new ExpressionError(`there is no element ${at}, or it was not recorded`);
  return new RecordTensor(row);
}

function member(object: RecordValue, name: string, labelled: RecordValue | undefined): RecordValue {
  if (labelled !== undefined) return labelled;
  if (object === null || object === undefined) return undefined;
  if (Array.isArray(object) && name === "length") return object.length;
  if (object instanceof RecordTensor) {
    const property = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined;
    if (property) return property(object);
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (method) return (...args) => method(object, args);
  }
  throw new ExpressionError(`.${name} can't be told from a record; run the program to evaluate it`);
}

const orNaN = (value: number | null): number => value ?? Number.NaN;

const PROPERTIES: Readonly<Record<string, (tensor: RecordTensor) => RecordValue>> = {
  grad: ({ grad }) => grad && new RecordTensor(grad),
  shape: ({ wire }) => wire.shape,
  dtype: ({ wire }) => `torch.${wire.dtype}`,
  ndim: ({ wire }) => wire.shape.length,
};

const METHODS: Readonly<Record<string, (tensor: RecordTensor, args: readonly RecordValue[]) => RecordValue>> =
  {
    norm: ({ wire }) => orNaN(wire.norm),
    mean: ({ wire }) => (wire.nan + wire.inf > 0 ? Number.NaN : orNaN(wire.mean)),
    max: ({ wire }) => (wire.nan > 0 ? Number.NaN : Math.max(...extremes(wire))),
    min: ({ wire }) => (wire.nan > 0 ? Number.NaN : Math.min(...extremes(wire))),
    sum: ({ wire }) => Array.from(whole(wire).data).reduce((sum, x) => sum + x, 0),
    item: (tensor) => item(tensor),
    abs: ({ wire }) => new RecordTensor(mapWire(whole(wire), Math.abs)),
    isnan: ({ wire }) => new RecordTensor(mapWire(whole(wire), (x) => Number(Number.isNaN(x)))),
    isinf: ({ wire }) =>
      new RecordTensor(mapWire(whole(wire), (x) => Number(Math.abs(x) === Number.POSITIVE_INFINITY))),
    any: ({ wire }) => whole(wire).data.some((x) => x !== 0),
    all: ({ wire }) => whole(wire).data.every((x) => x !== 0),
    numel: ({ wire }) => numelOf(wire.shape),
    dim: ({ wire }) => wire.shape.length,
    size: ({ wire }, [dim]) => (dim === undefined ? wire.shape : wire.shape.at(Number(dim))),
  };

function extremes({ min, max, inf, data }: WireTensor): number[] {
  const all = [min, max].filter((value) => value !== null);
  return inf > 0 ? [...all, ...data] : all;
}
