/** @file Gradients that shrink or grow from layer to layer on their way back. */
import type { _C } from "../../../core/index.js";
import { say } from "../../../protocol/words.js";
import type { Pass } from "../pass.js";
import { normOf } from "../wire.js";
import type { Reporter } from "./reporter.js";

/** Nodes that make a layer: a product with weights. */
const LAYER = /^(Mm|Addmm|Addmv|Mv|Dot|Bmm|Baddbmm|Addbmm|Linear|.*Convolution)Backward\d*$/;
/** Fewer layers are no depth. */
const LAYERS = 5;
/** The ratio over all layers from which on it is told. */
const RATIO = 100;

export class DepthCheck {
  /** Passes of each call. */
  private readonly seen = new Map<number, number>();

  constructor(private readonly reporter: Reporter) {}

  check(pass: Pass): void {
    // The first passes tell about the initialisation, later ones now and then about the training.
    const seen = (this.seen.get(pass.site) ?? 0) + 1;
    this.seen.set(pass.site, seen);
    if (seen > 4 && (seen & (seen - 1)) !== 0) return;
    const layers = layersOf(pass);
    const last = layers[0];
    const first = layers.at(-1);
    if (layers.length < LAYERS || last === undefined || first === undefined) return;
    const ratio = first.norm / last.norm;
    const tells = ratio >= RATIO || (ratio > 0 && ratio <= 1 / RATIO);
    if (!tells || !Number.isFinite(ratio)) return;
    const vanishes = ratio < 1;
    const factor = short(vanishes ? 1 / ratio : ratio);
    const numbers = [factor, layers.length, short(last.norm), short(first.norm)];
    const { reporter } = this;
    reporter.report(
      {
        code: vanishes ? "vanishing-gradient" : "exploding-gradient",
        message: vanishes
          ? say(
              "The gradient shrinks by a factor of {0} on its way back through {1} layers: its norm is {2} at the last and {3} at the first, which hardly learns. Use ReLU or tanh with matching initial weights, normalisation, or shortcuts around layers.",
              ...numbers,
            )
          : say(
              "The gradient grows by a factor of {0} on its way back through {1} layers: its norm is {2} at the last and {3} at the first. Use smaller initial weights or normalisation, or clip it (nn.utils.clip_grad_norm_).",
              ...numbers,
            ),
        related: [
          ...reporter.related(last.node.site, say("last layer: norm {0}", short(last.norm))),
          ...reporter.related(pass.site, say("backward() was called here")),
        ],
      },
      reporter.place(first.node.site),
    );
  }
}

interface Layer {
  readonly node: _C.Node;
  /** Of the gradient of its result. */
  readonly norm: number;
}

/** The layers on the longest way from the root, last layer first. */
function layersOf(pass: Pass): Layer[] {
  const norms = new Map<_C.Node, number>();
  for (const { node, gradIn } of pass.steps) {
    if (gradIn[0] != null && LAYER.test(node.name())) norms.set(node, normOf(gradIn[0]));
  }
  if (norms.size < LAYERS) return [];
  const path = longestPath(pass, norms);
  return path.map((node) => ({ node, norm: norms.get(node)! }));
}

/** The way back with the most layers on it; steps run from the root down, so one sweep finds it. */
function longestPath(pass: Pass, layers: ReadonlyMap<_C.Node, number>): _C.Node[] {
  const count = new Map<_C.Node, number>();
  const from = new Map<_C.Node, _C.Node>();
  let end: _C.Node | null = null;
  for (const { node } of pass.steps) {
    const here = (count.get(node) ?? 0) + (layers.has(node) ? 1 : 0);
    count.set(node, here);
    if (layers.has(node) && (end === null || here > count.get(end)!)) end = node;
    for (const next of node.edges) {
      if (next === null || (count.get(next) ?? -1) >= here) continue;
      count.set(next, here);
      from.set(next, node);
    }
  }
  const path: _C.Node[] = [];
  for (let each: _C.Node | undefined = end ?? undefined; each !== undefined; each = from.get(each)) {
    if (layers.has(each)) path.push(each);
  }
  return path.reverse();
}

function short(value: number): string {
  const rounded = Number(value.toPrecision(2));
  return rounded >= 1e5 || rounded < 1e-3 ? rounded.toExponential() : String(rounded);
}
