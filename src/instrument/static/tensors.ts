/**
 * @file What the text alone tells of the tensor that an expression makes. Whatever is not certain is null: an
 * expression that is not understood, a size that is computed, a name that may have been changed in between.
 */
import ts from "typescript";
import { calledName, type ProgramText, receiverOf } from "../fixes/text.js";
import { unwrapped } from "../shapes.js";
import { type Data, dataOf, flag, numberOf, type Options, optionsOf, sizesOf } from "./literals.js";
import type { Names } from "./names.js";
import { OPS, type Op } from "./ops.js";

/** Where a tensor was cut off from what requires grad. */
export interface Cut {
  readonly how: "detached" | "no_grad";
  /** The call that did it. */
  readonly at: ts.CallExpression;
}

export interface TensorFacts {
  /** The call that made it. */
  readonly made: ts.CallExpression | ts.NewExpression;
  readonly leaf: boolean;
  readonly requiresGrad: boolean | null;
  readonly floating: boolean | null;
  readonly shape: readonly number[] | null;
  /** A backward pass frees something that the next one over this operation would need. */
  readonly saves: boolean;
  /** What a backward pass walks on to. */
  readonly inputs: readonly TensorFacts[];
  readonly cut: Cut | null;
}

export class Tensors {
  private readonly known = new Map<ts.Node, TensorFacts | null>();

  constructor(
    private readonly text: ProgramText,
    private readonly names: Names,
    /** Names of tensors that something may be done to which changes what is known of them. */
    private readonly altered: (declaration: ts.VariableDeclaration, facts: TensorFacts) => boolean,
  ) {}

  of(expression: ts.Expression): TensorFacts | null {
    const node = unwrapped(expression);
    let facts = this.known.get(node);
    if (facts === undefined) {
      // An expression that refers to itself is not understood.
      this.known.set(node, null);
      facts = this.read(node);
      this.known.set(node, facts);
    }
    return facts;
  }

  private read(node: ts.Expression): TensorFacts | null {
    if (ts.isIdentifier(node)) return this.named(node);
    if (ts.isNewExpression(node)) return this.parameter(node);
    if (!ts.isCallExpression(node) || node.questionDotToken !== undefined) return null;
    const receiver = receiverOf(node);
    if (receiver === null) return null;
    const name = calledName(node);
    if (!this.text.isLibrary(receiver)) return this.method(node, receiver, name);
    const plain = ts.isIdentifier(unwrapped(receiver));
    if (plain && name === "no_grad") return this.unrecorded(node);
    const inputs = node.arguments;
    return (plain ? this.factory(node, name) : null) ?? this.operation(node, name, inputs);
  }

  private named(node: ts.Identifier): TensorFacts | null {
    const declaration = this.names.variable(node);
    const initializer = declaration?.initializer;
    if (!declaration || initializer === undefined) return null;
    const facts = this.of(initializer);
    return facts === null || this.altered(declaration, facts) ? null : facts;
  }

  private factory(made: ts.CallExpression, name: string): TensorFacts | null {
    const options = optionsOf(made);
    const shape = this.factoryShape(name, options);
    if (shape === undefined) return null;
    const data = name === "tensor" && options.args[0] !== undefined ? dataOf(options.args[0]) : null;
    // Options that are a name of their own would come after the arguments that a factory has.
    const surplus = !VARIADIC.has(name) && options.args.length > (ARGUMENTS[name] ?? 1);
    const computed = VARIADIC.has(name) && shape === null;
    const requiresGrad = surplus || computed ? null : flag(options, "requires_grad");
    return {
      made,
      leaf: true,
      requiresGrad,
      floating: surplus || computed ? null : this.factoryFloats(name, options, data),
      shape,
      saves: false,
      inputs: [],
      cut: null,
    };
  }

  /** undefined: no factory; null: one of a shape that is not known. */
  private factoryShape(name: string, options: Options): readonly number[] | null | undefined {
    const { args } = options;
    const [first, second, third] = args;
    if (name === "tensor") return first === undefined ? null : (dataOf(first)?.shape ?? null);
    if (VARIADIC.has(name)) return sizesOf(args, this.names);
    if (name === "full") return first === undefined ? null : sizesOf([first], this.names);
    if (LIKE.has(name)) return first === undefined ? null : (this.of(first)?.shape ?? null);
    if (name === "linspace" && first && second && third) return sizesOf([third], this.names);
    return name in ARGUMENTS ? null : undefined;
  }

  private factoryFloats(name: string, { given, args }: Options, data: Data | null): boolean | null {
    if (given === null) return null;
    const dtype = given.get("dtype");
    if (dtype !== undefined) return this.isFloating(dtype);
    if (name === "tensor") return data === null ? null : data.kind === "number";
    if (name === "randint" || name === "randperm") return false;
    if (name === "arange") {
      const values = args.map((each) => numberOf(each, this.names));
      return values.every((value) => value !== null && Number.isInteger(value)) ? false : null;
    }
    if (LIKE.has(name)) return args[0] === undefined ? null : (this.of(args[0])?.floating ?? null);
    return name === "full" ? null : true;
  }

  /** Whether `torch.float64` or another dtype of the library can have gradients. */
  private isFloating(dtype: ts.Expression): boolean | null {
    const node = unwrapped(dtype);
    if (!ts.isPropertyAccessExpression(node) || !this.text.isLibrary(node.expression)) return null;
    if (FLOATS.has(node.name.text)) return true;
    return INTEGERS.has(node.name.text) ? false : null;
  }

  private parameter(made: ts.NewExpression): TensorFacts | null {
    const [data, ...more] = made.arguments ?? [];
    const receiver = receiverOf(made);
    const isParameter =
      calledName(made) === "Parameter" && receiver !== null && this.text.isLibrary(receiver);
    if (!isParameter || data === undefined || more.length > 0) return null;
    const { shape = null, floating = null } = this.of(data) ?? {};
    const leaf = { made, leaf: true, requiresGrad: true, floating, shape };
    return floating === true ? { ...leaf, saves: false, inputs: [], cut: null } : null;
  }

  private method(made: ts.CallExpression, receiver: ts.Expression, name: string): TensorFacts | null {
    const self = this.of(receiver);
    if (self === null) return null;
    if (name === "detach" && made.arguments.length === 0) {
      const cut = self.requiresGrad === true ? { how: "detached" as const, at: made } : self.cut;
      return { ...self, made, leaf: true, requiresGrad: false, saves: false, inputs: [], cut };
    }
    if (name === "requires_grad_" && made.arguments.length === 0) {
      return self.leaf && self.floating === true ? { ...self, made, requiresGrad: true } : null;
    }
    return this.operation(made, name, [receiver, ...made.arguments]);
  }

  private operation(
    made: ts.CallExpression,
    name: string,
    operands: readonly ts.Expression[],
  ): TensorFacts | null {
    const op = Object.hasOwn(OPS, name) ? OPS[name]! : null;
    if (op === null) return null;
    const tensors = operands.slice(0, op.tensors).map((each) => this.of(each));
    const numbers = operands.slice(op.tensors).map((each) => numberOf(each, this.names));
    const [first] = tensors;
    // A number in the place of the second operand.
    const scalar = op.tensors === 2 && tensors[1] === null ? numberOf(operands[1] ?? made, this.names) : null;
    const all = scalar === null ? tensors : tensors.slice(0, 1);
    if (!first || all.length < (scalar === null ? op.tensors : 1)) return null;
    if (!all.every((each): each is TensorFacts => each !== null)) return null;
    if (numbers.includes(null) || all.some(({ floating }) => floating !== true)) return null;
    const shapes = all.map(({ shape }) => shape);
    const shape = op.shape(shapes, numbers as number[]);
    if (shape === undefined) return null;
    return this.result(made, op, all, shape, scalar !== null);
  }

  private result(
    made: ts.CallExpression,
    op: Op,
    all: readonly TensorFacts[],
    shape: readonly number[] | null,
    scalar: boolean,
  ): TensorFacts {
    const wants = all.map(({ requiresGrad }) => requiresGrad);
    const requiresGrad = wants.includes(true) ? true : wants.includes(null) ? null : false;
    const inputs = requiresGrad === true ? all.filter((each) => each.requiresGrad === true) : [];
    const saves = requiresGrad === true && op.saves && !(scalar && op.tensors === 2);
    const cut = requiresGrad === false ? (all.find((each) => each.cut !== null)?.cut ?? null) : null;
    return { made, leaf: requiresGrad === false, requiresGrad, floating: true, shape, saves, inputs, cut };
  }

  /** `torch.no_grad(() => expression)` */
  private unrecorded(made: ts.CallExpression): TensorFacts | null {
    const [callback] = made.arguments;
    const simple =
      callback &&
      ts.isArrowFunction(callback) &&
      callback.parameters.length === 0 &&
      !ts.isBlock(callback.body);
    if (!simple || callback.modifiers !== undefined) return null;
    const facts = this.of(callback.body as ts.Expression);
    // The name of a tensor that was there before is that very tensor.
    if (facts === null || facts.made !== unwrapped(callback.body as ts.Expression)) return null;
    if (facts.leaf) return facts.requiresGrad === true ? null : facts;
    const at = deepest(facts);
    if (!ts.isCallExpression(at) || facts.requiresGrad !== true) return null;
    const quiet = { leaf: true, requiresGrad: false, saves: false, inputs: [] };
    return { ...facts, ...quiet, cut: { how: "no_grad", at } };
  }
}

/** The first operation of a chain: where something that requires grad is used without recording. */
function deepest(facts: TensorFacts): ts.CallExpression | ts.NewExpression {
  const within = facts.inputs.find(
    (input) => !input.leaf && input.made.pos >= facts.made.pos && input.made.end <= facts.made.end,
  );
  return within === undefined ? facts.made : deepest(within);
}

const VARIADIC: ReadonlySet<string> = new Set(["zeros", "ones", "rand", "randn", "empty"]);
const LIKE: ReadonlySet<string> = new Set("zeros_like ones_like rand_like randn_like empty_like".split(" "));
/** Arguments of the other factories, before their options. */
const ARGUMENTS: Readonly<Record<string, number>> = {
  tensor: 1,
  full: 2,
  arange: 3,
  linspace: 3,
  randint: 3,
  randperm: 1,
  eye: 1,
  zeros_like: 1,
  ones_like: 1,
  rand_like: 1,
  randn_like: 1,
  empty_like: 1,
};
const FLOATS: ReadonlySet<string> = new Set(["float32", "float", "float64", "double"]);
const INTEGERS: ReadonlySet<string> = new Set("int64 long int32 int int16 short int8 uint8 bool".split(" "));
