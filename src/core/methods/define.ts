/** @file How methods get onto `Tensor.prototype`. */
import { Tensor } from "../tensor.js";

type Method = (this: Tensor, ...args: never[]) => unknown;

/** Adds methods as a class body would: writable, configurable, not enumerable. */
export function defineMethods(methods: { readonly [name: string]: Method }): void {
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
  }
}

type Accessors = {
  readonly [name: string]: { get(this: Tensor): unknown; set?(this: Tensor, value: never): void };
};

export function defineAccessors(accessors: Accessors): void {
  for (const [name, accessor] of Object.entries(accessors)) {
    Object.defineProperty(Tensor.prototype, name, { ...accessor, configurable: true });
  }
}
