/** @file How ops are described in the schema: the kinds of their arguments. */
import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/** How an argument takes part: a tensor, a tensor or plain number, a list of tensors, a plain value. */
export type ArgKind = "tensor" | "operand" | "tensors" | "attr";

export interface Arg<K extends ArgKind, V> {
  readonly kind: K;
  /** Exists for the type checker only. */
  readonly value?: V;
}

export const T: Arg<"tensor", Tensor> = { kind: "tensor" };
/** A tensor that may be absent. */
export const OPT: Arg<"tensor", Tensor | null> = { kind: "tensor" };
export const N: Arg<"operand", Tensor | number> = { kind: "operand" };
export const TS: Arg<"tensors", readonly Tensor[]> = { kind: "tensors" };
export const attr = <V>(): Arg<"attr", V> => ({ kind: "attr" });

export type Args = { readonly [name: string]: Arg<ArgKind, unknown> };

export interface OpSchema<A extends Args> {
  /** PyTorch's name of the function, e.g. `mul`. */
  readonly base: string;
  /** The number after `Backward`: PyTorch counts the overloads of a function. */
  readonly overload: number | string;
  readonly args: A;
}

export const op = <A extends Args>(base: string, overload: number | string, args: A): OpSchema<A> => ({
  base,
  overload,
  args,
});

export type Dims = readonly number[];
export const dims = attr<Dims>();
export const dim = attr<number>();
export const flag = attr<boolean>();
export const num = attr<number>();
export const bound = attr<number | null>();
export const size = attr<Shape>();
export const unary = { self: T };
