/** @file Gradients that go wrong: where a NaN, an infinity, or a norm beyond a threshold arises. */
import type { _C, Tensor } from "../../core/index.js";
import type { ExceptionBreakpoint, ExceptionFilter } from "../../protocol/debug.js";
import { visitElements } from "../recorder/wire.js";

/** What a gradient is found guilty of. */
export interface Finding {
  readonly filter: ExceptionFilter;
  /** The node whose derivative, hook or sum made it. */
  readonly node: _C.Node;
  readonly message: string;
  /** Site that is to blame, where it is not the node's own. */
  readonly site?: number | null;
}

const DEFAULTS = { exploding: 1e3, vanishing: 1e-7 };
const KINDS = ["nan", "inf", "exploding", "vanishing"] as const;
type Kind = (typeof KINDS)[number];
/** Bits, one for each kind. */
type Mask = number;
const bit = (kind: Kind): Mask => 1 << KINDS.indexOf(kind);
const FLOATING = 2;

type Grads = readonly (Tensor | null | undefined)[];

export class ExceptionWatch {
  private wanted: Mask = 0;
  private exploding = DEFAULTS.exploding;
  private vanishing = DEFAULTS.vanishing;
  version = false;
  uncaught = false;
  /** What bad terms the nodes of each pass have been sent. */
  private readonly sent = new WeakMap<_C.GraphTask, Map<_C.Node, Mask>>();
  /** What the node that runs had as its incoming gradient. */
  private incoming: Mask = 0;

  set(filters: readonly ExceptionBreakpoint[]): void {
    this.wanted = 0;
    this.version = false;
    this.uncaught = false;
    for (const { filter, threshold } of filters) {
      if (filter === "version") this.version = true;
      else if (filter === "uncaught") this.uncaught = true;
      else this.wanted |= bit(filter);
      if (filter === "exploding") this.exploding = threshold ?? DEFAULTS.exploding;
      if (filter === "vanishing") this.vanishing = threshold ?? DEFAULTS.vanishing;
    }
  }

  /** Looks at what came in for `node`: bad though no single term was, or what the pass began with. */
  before(task: _C.GraphTask, node: _C.Node): Finding | null {
    if (this.wanted === 0) return null;
    const slots = node.outputs?.length ?? 1;
    const grads = Array.from({ length: slots }, (_, i) => task.buffer(node, i));
    this.incoming = this.maskOf(grads);
    const sent = this.sent.get(task)?.get(node) ?? 0;
    const seeded = task.roots.some((root) => root.node === node);
    const kinds = seeded ? bit("nan") | bit("inf") : this.wanted & ~bit("vanishing");
    const first = firstOf(this.incoming & ~sent & kinds);
    if (first === null) return null;
    const how = seeded
      ? "The gradient that this pass began with"
      : "The sum of the gradients that came in for";
    const whose = seeded ? "" : ` ${node.name()}`;
    return { filter: first, node, message: `${how}${whose} ${this.words(first, grads)}.` };
  }

  /** Looks at what `node` made of what came in. */
  after(task: _C.GraphTask, node: _C.Node, gradIn: Grads, gradOut: Grads): Finding | null {
    if (this.wanted === 0) return null;
    const before = this.maskOf(gradIn);
    this.mark(task, node, gradOut);
    const hooked = firstOf(before & ~this.incoming & ~bit("vanishing"));
    if (hooked !== null) {
      return {
        filter: hooked,
        node,
        message: `A hook made the gradient of ${node.name()} one that ${this.words(hooked, gradIn)}.`,
      };
    }
    const first = firstOf(this.maskOf(gradOut) & ~before);
    if (first === null) return null;
    return {
      filter: first,
      node,
      message: `The gradient that ${node.name()} sends on ${this.words(first, gradOut)}.`,
    };
  }

  /** Looks at a leaf's `.grad` that was just added to. */
  accumulated(node: _C.Node, name: () => string, before: Tensor | null, after: Tensor): Finding | null {
    if (this.wanted === 0 || before === null) return null;
    const kinds = bit("nan") | bit("inf");
    const first = firstOf(this.maskOf([after]) & ~this.maskOf([before]) & ~this.incoming & kinds);
    if (first === null) return null;
    return {
      filter: first,
      node,
      message: `${name()}.grad, which was added to, ${this.words(first, [after])}.`,
    };
  }

  private mark(task: _C.GraphTask, node: _C.Node, gradOut: Grads): void {
    node.edges.forEach((next, i) => {
      const mask = next === null ? 0 : this.maskOf([gradOut[i]]);
      if (next === null || mask === 0) return;
      let sent = this.sent.get(task);
      if (sent === undefined) {
        sent = new Map();
        this.sent.set(task, sent);
      }
      sent.set(next, (sent.get(next) ?? 0) | mask);
    });
  }

  private maskOf(grads: Grads): Mask {
    let mask = 0;
    for (const grad of grads) {
      if (grad === null || grad === undefined || grad.dtype.kind !== FLOATING) continue;
      const { nan, inf, norm } = measure(grad);
      if (nan > 0) mask |= bit("nan");
      if (inf > 0) mask |= bit("inf");
      if (nan > 0 || inf > 0) continue;
      if (norm > this.exploding) mask |= bit("exploding");
      if (norm < this.vanishing && grad._numel > 0) mask |= bit("vanishing");
    }
    return mask & this.wanted;
  }

  private words(kind: Kind, grads: Grads): string {
    const bad = grads.find((grad) => (this.maskOf([grad]) & bit(kind)) !== 0)!;
    const { nan, inf, norm } = measure(bad);
    const of = `${bad._numel} ${bad._numel === 1 ? "element" : "elements"}`;
    if (kind === "nan") return `has NaN in ${nan} of ${of}`;
    if (kind === "inf") return `is infinite in ${inf} of ${of}`;
    const limit = kind === "exploding" ? this.exploding : this.vanishing;
    return `has the norm ${norm.toPrecision(4)}, ${kind === "exploding" ? "above" : "below"} ${limit}`;
  }
}

function firstOf(mask: Mask): Kind | null {
  return KINDS.find((kind) => (mask & bit(kind)) !== 0) ?? null;
}

function measure(tensor: Tensor): { nan: number; inf: number; norm: number } {
  let nan = 0;
  let inf = 0;
  let squares = 0;
  visitElements(tensor, (value) => {
    if (value - value === 0) squares += value * value;
    else if (Number.isNaN(value)) nan++;
    else inf++;
  });
  return { nan, inf, norm: Math.sqrt(squares) };
}
