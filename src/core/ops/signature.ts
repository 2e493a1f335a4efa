/** @file What a function of the library takes: names, order, types and defaults, said once.
 *
 * `f(a, b, { key: v })` is bound here as Python binds `f(a, b, key=v)`, with PyTorch's complaints. The same
 * description gives the TypeScript type of the function and of the method.
 */
import { PyTypeError, pythonTypeName } from "../errors.js";
import { Tensor } from "../tensor.js";
import { isOptions } from "./check.js";

/** One parameter. `T` is what callers may give, `V` what the function's body gets. */
export interface Param<N extends string, T, V, O extends boolean> {
  readonly name: N;
  readonly optional: O;
  readonly read: (fn: string, position: number, value: unknown) => V;
  /** Takes all remaining positional arguments: `permute(2, 0, 1)`. */
  readonly rest?: true;
  readonly fallback?: V;
  /** Takes anything: what `body` makes of a wrong type is a wrong combination of arguments. */
  readonly unchecked?: true;
  /** PyTorch has a function of its own for each type of this argument. */
  readonly overloaded?: true;
  /** For the type checker only. */
  readonly given?: T;
}
type AnyParam = Param<string, unknown, unknown, boolean>;
type Params = readonly AnyParam[];

type Given<P> = P extends Param<string, infer T, unknown, boolean> ? T : never;
type Read<P> = P extends Param<string, unknown, infer V, boolean> ? V : never;
type Values<P extends Params> = { -readonly [I in keyof P]: Read<P[I]> };

type Optional<P extends Params> = Extract<P[number], { optional: true }>;
type Required<P extends Params> = Extract<P[number], { optional: false }>;
/** The parameters by name. */
export type Named<P extends Params> = {
  [X in Required<P> as X["name"]]: Given<X>;
} & { [X in Optional<P> as X["name"]]?: Given<X> | undefined };

/** Every way to give `P`: positionally, with the rest by name, or leaving out what has a default. */
export type Args<P extends Params> = P extends readonly [infer H extends AnyParam, ...infer R extends Params]
  ?
      | (H["rest"] extends true ? (number | Named<R>)[] : never)
      | [given: H["optional"] extends true ? Given<H> | undefined : Given<H>, ...Args<R>]
      | [named: Named<P>]
      | (Required<P> extends never ? [] : never)
  : [];

export interface Fn<P extends Params, R> {
  (...args: Args<P>): R;
  /** @internal */ readonly params: P;
}
type Tail<P extends Params> = P extends readonly [AnyParam, ...infer R extends Params] ? R : [];
/** The function as a method: without its first parameter. */
export type Method<F> = F extends Fn<infer P, infer R> ? (...args: Args<Tail<P>>) => R : never;
export type Methods<T> = { [K in keyof T]: Method<T[K]> };

function missing(fn: string, params: Params, from: number): PyTypeError {
  const names = params.slice(from).filter((p) => !p.optional);
  const list = names.map((p) => `"${p.name}"`).join(", ");
  return new PyTypeError(`${fn}() missing ${names.length} required positional arguments: ${list}`);
}

/** PyTorch names the wrong argument only where a function has one signature. */
export function noOverload(fn: string, params: Params, args: readonly unknown[]): PyTypeError {
  const given = args.flatMap((a) =>
    isOptions(a) ? Object.entries(a).map(([k, v]) => `${k}=${pythonTypeName(v)}`) : [pythonTypeName(a)],
  );
  const form = (type: string): string =>
    params.map((p) => `${p.overloaded === true ? type : "Tensor"} ${p.name}`).join(", ");
  return new PyTypeError(
    `${fn}() received an invalid combination of arguments - got (${given.join(", ")}), but expected one of:\n` +
      ` * (${form("Tensor")})\n * (${form("Number")})\n`,
  );
}

function bind(fn: string, params: Params, args: readonly unknown[]): unknown[] {
  if (!params.some((p) => p.overloaded === true)) return bindOne(fn, params, args);
  try {
    return bindOne(fn, params, args);
  } catch (error) {
    throw error instanceof PyTypeError ? noOverload(fn, params, args) : error;
  }
}

function bindOne(fn: string, params: Params, args: readonly unknown[]): unknown[] {
  const last = args.length > 0 ? args[args.length - 1] : undefined;
  const named = isOptions(last) ? (last as Readonly<Record<string, unknown>>) : null;
  const count = named === null ? args.length : args.length - 1;
  const values: unknown[] = [];
  for (let i = 0; i < params.length; i++) {
    const p = params[i]!;
    let value = i < count ? args[i] : named === null ? undefined : named[p.name];
    if (p.rest === true && i < count && !Array.isArray(value)) {
      value = args.slice(i, count);
      values.push(p.read(fn, i + 1, value));
      for (const q of params.slice(i + 1)) values.push(fromName(fn, params, q, named));
      return values;
    }
    if (value === undefined) {
      if (!p.optional) throw missing(fn, params, i);
      values.push(p.fallback);
    } else values.push(p.read(fn, i + 1, value));
  }
  if (count > params.length) {
    const s = params.length === 1 ? "" : "s";
    throw new PyTypeError(`${fn}() takes ${params.length} positional argument${s} but ${count} were given`);
  }
  if (named !== null) refuseUnknown(fn, params, named, count);
  return values;
}

function fromName(
  fn: string,
  params: Params,
  p: AnyParam,
  named: Readonly<Record<string, unknown>> | null,
): unknown {
  const value = named?.[p.name];
  const at = params.indexOf(p);
  if (value !== undefined) return p.read(fn, at + 1, value);
  if (!p.optional) throw missing(fn, params, at);
  return p.fallback;
}

function refuseUnknown(
  fn: string,
  params: Params,
  named: Readonly<Record<string, unknown>>,
  count: number,
): void {
  for (const key of Object.keys(named)) {
    const at = params.findIndex((p) => p.name === key);
    if (at < 0) throw new PyTypeError(`${fn}() got an unexpected keyword argument '${key}'`);
    if (at < count) throw new PyTypeError(`${fn}() got multiple values for argument '${key}'`);
  }
}

/** JavaScript's own complaint, about a value of a type that `body` did not expect. */
function isNative(error: unknown): boolean {
  const kind = (error as object | null)?.constructor;
  return kind === TypeError || kind === RangeError || kind === SyntaxError;
}

/** A function of the library: binds its arguments, then runs `body` on them in order. */
export function fn<const P extends Params, R>(
  name: string,
  params: P,
  body: (...values: Values<P>) => R,
): Fn<P, R> {
  const unchecked = params.some((p) => p.unchecked === true);
  const bound = (...args: readonly unknown[]): R => {
    const values = bind(name, params, args) as Values<P>;
    if (!unchecked) return body(...values);
    try {
      return body(...values);
    } catch (error) {
      throw isNative(error) ? noOverload(name, params, args) : error;
    }
  };
  return Object.assign(bound, { params }) as Fn<P, R>;
}

/** Hangs functions onto tensors: the first parameter becomes `this`. */
export function install<T extends Readonly<Record<string, unknown>>>(functions: T): void {
  for (const [name, run] of Object.entries(functions)) {
    const call = run as (...args: unknown[]) => unknown;
    Object.defineProperty(Tensor.prototype, name, {
      configurable: true,
      writable: true,
      value(this: Tensor, ...args: unknown[]) {
        return call(this, ...args);
      },
    });
  }
}
