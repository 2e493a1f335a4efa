/** @file L-BFGS: quasi-Newton steps from the last few changes of the gradient. */
import { enable_grad, no_grad } from "../autograd/grad_mode.js";
import { AssertionError, PyTypeError, RuntimeError, ValueError } from "../errors.js";
import { cat } from "../functions/shape.js";
import { zerosOf } from "../ops/make.js";
import type { Tensor } from "../tensor.js";
import { withDefaults } from "./arguments.js";
import { type Point, strongWolfe } from "./line_search.js";
import { atLeastZero, type Closure, type Group, Optimizer, type Params } from "./optimizer.js";

export interface LBFGSOptions {
  lr: number;
  /** Iterations and evaluations of the closure in one `step`. */
  max_iter: number;
  max_eval: number | null;
  /** When the largest gradient, or the change of parameters or loss, is small enough to stop. */
  tolerance_grad: number;
  tolerance_change: number;
  history_size: number;
  line_search_fn: "strong_wolfe" | null;
}

const DEFAULTS: LBFGSOptions = {
  lr: 1,
  max_iter: 20,
  max_eval: null,
  tolerance_grad: 1e-7,
  tolerance_change: 1e-9,
  history_size: 100,
  line_search_fn: null,
};

interface History {
  func_evals: number;
  n_iter: number;
  /** The last direction and step length. */
  d: Tensor | null;
  t: number;
  /** Changes of the gradient, changes of the parameters, and 1 / (their product). */
  old_dirs: Tensor[];
  old_stps: Tensor[];
  ro: number[];
  H_diag: number;
  prev_flat_grad: Tensor | null;
}

const largest = (t: Tensor): number => t.abs().max().item();
const product = (a: Tensor, b: Tensor): number => a.dot(b).item();

/** Needs a closure that clears the gradients, computes the loss and its gradients, and answers the loss. */
export class LBFGS extends Optimizer<LBFGSOptions> {
  constructor(params: Params<LBFGSOptions>, options?: number | Partial<LBFGSOptions>) {
    const o = withDefaults("LBFGS", DEFAULTS, options);
    atLeastZero({ "learning rate": o.lr });
    super(params, { ...o, max_eval: o.max_eval ?? Math.floor((o.max_iter * 5) / 4) });
    if (this.param_groups.length !== 1) {
      throw new ValueError("LBFGS doesn't support per-parameter options (parameter groups)");
    }
  }

  /** @internal `step` does it all: the update and the evaluation of the closure are one. */
  protected override update(_group: Group<LBFGSOptions>): void {}

  override step(): null;
  override step(closure: Closure): Tensor;
  override step(closure: Closure | null = null): Tensor | null {
    if (closure === null) {
      throw new PyTypeError("LBFGS.step() missing 1 required positional argument: 'closure'");
    }
    if (this.param_groups.length !== 1) {
      throw new AssertionError(`Expected exactly one param_group, but got ${this.param_groups.length}`);
    }
    return no_grad(() => this.#iterate(() => enable_grad(closure)));
  }

  get #params(): Tensor[] {
    return this.param_groups[0]!.params;
  }

  #history(): History {
    const first = this.#params[0]!;
    const known = this.state.get(first) as History | undefined;
    if (known !== undefined) return known;
    const fresh: History = {
      func_evals: 0,
      n_iter: 0,
      d: null,
      t: 0,
      old_dirs: [],
      old_stps: [],
      ro: [],
      H_diag: 1,
      prev_flat_grad: null,
    };
    this.state.set(first, fresh as unknown as Record<string, unknown>);
    return fresh;
  }

  /** All gradients as one vector; zeros where a parameter has none. */
  #gradient(): Tensor {
    return cat(this.#params.map((p) => (p._grad ?? zerosOf(p._shape, p.dtype)).reshape([-1]))).clone();
  }

  #move(t: number, d: Tensor): void {
    let at = 0;
    for (const p of this.#params) {
      p.add_(d.narrow(0, at, p._numel).view_as(p), { alpha: t });
      at += p._numel;
    }
  }

  #iterate(closure: Closure): Tensor {
    const o = this.param_groups[0]!;
    const h = this.#history();
    const answer = closure();
    let loss = answer.item();
    let evaluations = 1;
    h.func_evals++;
    let gradient = this.#gradient();
    if (largest(gradient) <= o.tolerance_grad) return answer;
    for (let i = 1; i <= o.max_iter; i++) {
      h.n_iter++;
      const d = this.#direction(h, gradient, o.history_size);
      h.d = d;
      h.prev_flat_grad = gradient.clone();
      const previous = loss;
      h.t = (h.n_iter === 1 ? Math.min(1, 1 / gradient.abs().sum().item()) : 1) * o.lr;
      const slope = product(gradient, d);
      if (slope > -o.tolerance_change) break;
      let used = 0;
      let last = false;
      if (o.line_search_fn === null) {
        this.#move(h.t, d);
        if (i !== o.max_iter) {
          loss = closure().item();
          gradient = this.#gradient();
          last = largest(gradient) <= o.tolerance_grad;
          used = 1;
        }
      } else {
        if (o.line_search_fn !== "strong_wolfe") throw new RuntimeError("only 'strong_wolfe' is supported");
        const start: Point = { t: 0, f: loss, g: gradient, slope };
        const found = strongWolfe(
          (t) => this.#evaluate(closure, t, d),
          start,
          h.t,
          largest(d),
          o.max_eval! - evaluations,
        );
        ({ f: loss, g: gradient, t: h.t } = found.point);
        used = found.evaluations;
        this.#move(h.t, d);
        last = largest(gradient) <= o.tolerance_grad;
      }
      evaluations += used;
      h.func_evals += used;
      if (evaluations >= o.max_eval! || last) break;
      if (largest(d.mul(h.t)) <= o.tolerance_change) break;
      if (Math.abs(loss - previous) < o.tolerance_change) break;
    }
    return answer;
  }

  /** The function at a step along `d`; parameters are put back. */
  #evaluate(closure: Closure, t: number, d: Tensor): Point {
    const before = this.#params.map((p) => p.clone());
    this.#move(t, d);
    const f = closure().item();
    const g = this.#gradient();
    this.#params.forEach((p, i) => {
      p.copy_(before[i]!);
    });
    return { t, f, g, slope: product(g, d) };
  }

  /** −H g by the two-loop recursion (Nocedal and Wright, algorithm 7.4). */
  #direction(h: History, gradient: Tensor, size: number): Tensor {
    if (h.n_iter === 1 || h.d === null || h.prev_flat_grad === null) {
      h.old_dirs = [];
      h.old_stps = [];
      h.ro = [];
      h.H_diag = 1;
      return gradient.neg();
    }
    const y = gradient.sub(h.prev_flat_grad);
    const s = h.d.mul(h.t);
    const ys = product(y, s);
    if (ys > 1e-10) {
      for (const list of [h.old_dirs, h.old_stps, h.ro]) if (list.length === size) list.shift();
      h.old_dirs.push(y);
      h.old_stps.push(s);
      h.ro.push(1 / ys);
      h.H_diag = ys / product(y, y);
    }
    const q = gradient.neg();
    const al: number[] = [];
    for (let i = h.ro.length - 1; i >= 0; i--) {
      al[i] = product(h.old_stps[i]!, q) * h.ro[i]!;
      q.add_(h.old_dirs[i]!, { alpha: -al[i]! });
    }
    const r = q.mul(h.H_diag);
    h.ro.forEach((ro, i) => {
      const be = product(h.old_dirs[i]!, r) * ro;
      r.add_(h.old_stps[i]!, { alpha: al[i]! - be });
    });
    return r;
  }
}
