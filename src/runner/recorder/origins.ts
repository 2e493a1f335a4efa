/** @file Where tensors without a `grad_fn` come from, and what became of their gradients. */
import type { Tensor } from "../../core/index.js";
import type { WhyNoGrad } from "../../protocol/export.js";
import type { ScopeNode } from "./scopes.js";

export interface Origin {
  /** Place in the order of creation; infinite where nobody saw it being made. */
  readonly order: number;
  /** Site id of the call that made it, or -1. */
  readonly site: number;
  readonly scope: ScopeNode | null;
  /** Why it takes no part in autograd though its inputs did. */
  readonly cut: "detached" | "no_grad_mode" | null;
  /** Site of the call that cut it, or something that it was computed from, off; -1 where none is known. */
  readonly cutSite: number;
  /** Site of its first binding, or -1. */
  label: number;
  /** Backward passes that had run when it was made, or its gradient was last cleared. */
  passes: number;
  /** Accumulations into `.grad` since it was last cleared. */
  updates: number;
  /** Site of the backward call that last accumulated into `.grad`, or -1. */
  accumulatedBy: number;
  /** Site that changed the value since, or -1. */
  updatedBy: number;
}

const UNKNOWN = { site: -1, scope: null, cut: null, cutSite: -1 } as const;

export class Origins {
  private readonly known = new WeakMap<Tensor, Origin>();
  private clock = 0;
  passes = 0;

  /** The next place in the order of creation. */
  tick(): number {
    return this.clock++;
  }

  add(tensor: Tensor, from: Pick<Origin, "site" | "scope" | "cut" | "cutSite">, order = this.tick()): Origin {
    const origin: Origin = {
      order,
      site: from.site,
      scope: from.scope,
      cut: from.cut,
      cutSite: from.cutSite,
      label: -1,
      passes: this.passes,
      updates: 0,
      accumulatedBy: -1,
      updatedBy: -1,
    };
    this.known.set(tensor, origin);
    return origin;
  }

  get(tensor: Tensor): Origin | undefined {
    return this.known.get(tensor);
  }

  of(tensor: Tensor, order = Number.POSITIVE_INFINITY): Origin {
    return this.known.get(tensor) ?? this.add(tensor, UNKNOWN, order);
  }

  /** The input that was cut off, which an op's result inherits where nothing was recorded. */
  cutOf(inputs: readonly (Tensor | null)[]): Origin | null {
    for (const input of inputs) {
      const origin = input === null ? undefined : this.known.get(input);
      if (origin !== undefined && origin.cut !== null) return origin;
    }
    return null;
  }

  /** Why `tensor.grad` is null. */
  why(tensor: Tensor): WhyNoGrad | null {
    if (tensor._grad !== null) return null;
    if (tensor.dtype.kind !== FLOATING) return "integer";
    const origin = this.known.get(tensor);
    if (!tensor._requiresGrad && tensor._gradFn === null) return origin?.cut ?? "no_requires_grad";
    if (tensor._gradFn !== null && tensor._hooks?.retainsGrad !== true) return "non_leaf";
    return this.passes > (origin?.passes ?? 0) ? "not_reached" : "no_backward_yet";
  }
}

const FLOATING = 2;
