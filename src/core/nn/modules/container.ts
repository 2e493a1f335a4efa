/** @file Modules that hold modules: `Sequential`, `ModuleList`, `ModuleDict`, `ParameterList`, `ParameterDict`. */
import { IndexError, KeyError, PyTypeError, pythonTypeName } from "../../errors.js";
import { formatSize } from "../../print/python.js";
import { Tensor } from "../../tensor.js";
import { Parameter } from "../parameter.js";
import { Module } from "./module.js";
import { indent } from "./print.js";
import { ownModules } from "./tree.js";

/** A property that takes a module or parameter under a number or a name. */
function put(owner: object, name: string | number, value: unknown): void {
  (owner as Record<string | number, unknown>)[name] = value;
}

function checkModule(value: unknown): void {
  if (!(value instanceof Module)) throw new PyTypeError(`${pythonTypeName(value)} is not a Module subclass`);
}

/** Position from either end, checked. */
function position(index: number, length: number): number {
  const at = index < 0 ? index + length : index;
  if (!Number.isInteger(index)) throw new PyTypeError("list indices must be integers");
  if (at < 0 || at >= length) throw new IndexError(`index ${index} is out of range`);
  return at;
}

/** Modules under the names `0`, `1`, … */
abstract class Indexed<M extends Module> extends Module {
  readonly [index: number]: M;

  get length(): number {
    return this.named().length;
  }

  protected named(): [string, M][] {
    return [...ownModules(this)] as [string, M][];
  }

  /** The module at a position; negative ones count from the end. */
  at(index: number): M {
    const modules = this.named();
    return modules[position(index, modules.length)]![1];
  }

  append(module: M): this {
    checkModule(module);
    put(this, this.length, module);
    return this;
  }

  extend(modules: Iterable<M>): this {
    for (const module of [...modules]) this.append(module);
    return this;
  }

  /** Puts a module before position `index`; those behind it move up. */
  insert(index: number, module: M): this {
    checkModule(module);
    const n = this.length;
    const at = index < 0 ? Math.max(index + n, 0) : Math.min(index, n);
    for (let i = n; i > at; i--) put(this, i, this[i - 1]);
    put(this, at, module);
    return this;
  }

  *[Symbol.iterator](): IterableIterator<M> {
    for (const [, module] of this.named()) yield module;
  }
}

/** The last module's output type is not followed: tensors in, whatever comes out. */
type Step = { call(input: unknown): unknown };

/** Calls its modules one after the other, each on the output of the one before. */
export class Sequential extends Indexed<Module> {
  constructor(...modules: readonly Module[] | readonly [Readonly<Record<string, Module>>]) {
    super();
    const [first] = modules;
    if (modules.length === 1 && first !== undefined && !(first instanceof Module) && isRecord(first)) {
      for (const [name, module] of Object.entries(first)) this.add_module(name, module as Module);
      return;
    }
    modules.forEach((module, i) => {
      checkModule(module);
      put(this, i, module);
    });
  }

  override forward(input: Tensor): Tensor {
    let x: unknown = input;
    for (const module of this) x = (module as unknown as Step).call(x);
    return x as Tensor;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** A list of modules whose parameters are found; how they are called is the owner's business. */
export class ModuleList<M extends Module = Module> extends Indexed<M> {
  constructor(modules: Iterable<M> = []) {
    super();
    this.extend(modules);
  }

  override toString(): string {
    const blocks: { text: string; from: number; to: number }[] = [];
    this.named().forEach(([, module], i) => {
      const text = module.toString();
      const last = blocks.at(-1);
      if (last?.text === text) last.to = i;
      else blocks.push({ text, from: i, to: i });
    });
    if (blocks.length === 0) return `${this._get_name()}()`;
    const lines = blocks.map(({ text, from, to }) =>
      indent(from === to ? `(${from}): ${text}` : `(${from}-${to}): ${to - from + 1} x ${text}`),
    );
    return `${this._get_name()}(\n  ${lines.join("\n  ")}\n)`;
  }
}

/** Modules by name, in order of insertion. */
export class ModuleDict<M extends Module = Module> extends Module {
  constructor(modules: Readonly<Record<string, M>> | Iterable<readonly [string, M]> = {}) {
    super();
    this.update(modules);
  }

  get(name: string): M {
    const found = this.items().find(([key]) => key === name);
    if (found === undefined) throw new KeyError(`'${name}'`);
    return found[1];
  }

  set(name: string, module: M): this {
    checkModule(module);
    if (!this.has(name)) this.add_module(name, module);
    else put(this, name, module);
    return this;
  }

  has(name: string): boolean {
    return this.keys().includes(name);
  }

  /** Takes a module out and answers it. */
  pop(name: string): M {
    const module = this.get(name);
    delete (this as unknown as Record<string, unknown>)[name];
    return module;
  }

  update(modules: Readonly<Record<string, M>> | Iterable<readonly [string, M]>): void {
    const entries = Symbol.iterator in modules ? modules : Object.entries(modules);
    for (const [name, module] of entries as Iterable<readonly [string, M]>) this.set(name, module);
  }

  get length(): number {
    return this.items().length;
  }

  items(): [string, M][] {
    return [...ownModules(this)] as [string, M][];
  }

  keys(): string[] {
    return this.items().map(([name]) => name);
  }

  values(): M[] {
    return this.items().map(([, module]) => module);
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys()[Symbol.iterator]();
  }
}

function asParameter(value: Tensor): Tensor {
  return value instanceof Tensor && !(value instanceof Parameter) ? new Parameter(value) : value;
}

function described(name: string, value: Tensor): string {
  const kind = value instanceof Parameter ? "Parameter" : "Tensor";
  const size = value._shape.length === 0 ? formatSize([]) : value._shape.join("x");
  return `  (${name}): ${kind} containing: [${value.dtype} of size ${size}]`;
}

/** Parameters under the names `0`, `1`, …; plain tensors become parameters. */
export class ParameterList extends Module {
  readonly [index: number]: Parameter;

  constructor(values: Iterable<Tensor> = []) {
    super();
    this.extend(values);
  }

  get length(): number {
    return Object.keys(this).filter((key) => /^\d+$/.test(key)).length;
  }

  at(index: number): Parameter {
    return this[position(index, this.length)]!;
  }

  append(value: Tensor): this {
    put(this, this.length, asParameter(value));
    return this;
  }

  extend(values: Iterable<Tensor>): this {
    for (const value of [...values]) this.append(value);
    return this;
  }

  *[Symbol.iterator](): IterableIterator<Parameter> {
    for (let i = 0; i < this.length; i++) yield this[i]!;
  }

  override extra_repr(): string {
    return [...this].map((p, i) => described(String(i), p)).join("\n");
  }

  override toString(): string {
    return `${this._get_name()}(${this.extra_repr()})`;
  }
}

/** Parameters by name; plain tensors become parameters. */
export class ParameterDict extends Module {
  constructor(values: Readonly<Record<string, Tensor>> = {}) {
    super();
    for (const [name, value] of Object.entries(values)) this.set(name, value);
  }

  get(name: string): Parameter {
    const found = this.items().find(([key]) => key === name);
    if (found === undefined) throw new KeyError(`'${name}'`);
    return found[1];
  }

  set(name: string, value: Tensor): this {
    if (this.keys().includes(name)) put(this, name, asParameter(value));
    else this.register_parameter(name, asParameter(value) as Parameter);
    return this;
  }

  get length(): number {
    return this.items().length;
  }

  items(): [string, Parameter][] {
    return this.named_parameters({ recurse: false });
  }

  keys(): string[] {
    return this.items().map(([name]) => name);
  }

  values(): Parameter[] {
    return this.items().map(([, p]) => p);
  }

  override extra_repr(): string {
    return this.items()
      .map(([name, p]) => described(name, p))
      .join("\n");
  }

  override toString(): string {
    return `${this._get_name()}(${this.extra_repr()})`;
  }
}
