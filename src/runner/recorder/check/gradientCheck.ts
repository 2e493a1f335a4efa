/** @file Compares every leaf's gradient with finite differences, pass by pass, while the program waits. */
import { _C, type Tensor } from "../../../core/index.js";
import type { GradientCheck, Verdict } from "../../../protocol/checks.js";
import type { SourceLocation } from "../../../protocol/export.js";
import { say } from "../../../protocol/words.js";
import type { Reporter } from "../diagnose/reporter.js";
import type { Origin, Origins } from "../origins.js";
import type { Pass, StepRecord } from "../pass.js";
import { isWrong } from "./blame.js";
import { type Comparison, compare, Directions, measure, STEP } from "./differences.js";
import { elementsOf, Replay } from "./replay.js";

/** Passes of each call that are checked: the graph is the same in most of them. */
const PASSES = 3;
/** Leaves of up to so many elements are compared element by element. */
const ALL = 64;
/** Of larger ones: the elements with the largest gradients, as many by chance, and random directions. */
const LARGEST = 8;
const CHOSEN = 8;
const DIRECTIONS = 8;

export interface CheckHost {
  readonly reporter: Reporter;
  readonly origins: Origins;
  /** What a leaf is called. */
  readonly nameOf: (leaf: Tensor, origin: Origin | undefined) => string | null;
  readonly tell: (check: GradientCheck) => void;
  /** Somebody may want the program to end. */
  readonly attend: () => void;
}

interface Tally {
  verdict: Verdict;
  elements: number;
  directions: number;
  kinks: number;
  difference: number;
  analytic: number | null;
  numeric: number | null;
}

export class GradientChecks {
  readonly tape = new _C.CallTape();
  private readonly seen = new Map<number, number>();
  private readonly directions = new Directions();

  constructor(private readonly host: CheckHost) {}

  /** A pass has ended; its gradients are in its steps. */
  check(pass: Pass): void {
    const seen = this.seen.get(pass.site) ?? 0;
    this.seen.set(pass.site, seen + 1);
    if (seen >= PASSES || pass.error !== null) return;
    const observer = _C.observe(null);
    const quiet = silence();
    try {
      const replay = new Replay(this.tape, pass);
      const judged = new Map<StepRecord, boolean>();
      for (const { node, variable } of replay.sinks()) {
        this.host.attend();
        this.checkLeaf(pass, replay, node, variable, judged);
      }
    } finally {
      quiet();
      _C.observe(observer);
    }
  }

  private checkLeaf(
    pass: Pass,
    replay: Replay,
    sink: _C.Node,
    leaf: Tensor,
    judged: Map<StepRecord, boolean>,
  ): void {
    const gradient = gradientOf(pass, sink, leaf);
    const finite = gradient?.every((value) => Number.isFinite(value)) ?? true;
    const obstacle = replay.obstacle(sink) ?? (finite ? null : "its gradient has NaN or infinite elements");
    if (gradient === null || obstacle !== null) {
      const reason = obstacle ?? "it got no gradient in this pass";
      this.tell(pass, leaf, { ...fresh(), verdict: "unchecked" }, reason);
      return;
    }
    const tally = this.compareLeaf(replay, sink, leaf, gradient);
    if (tally.verdict === "agrees") {
      this.tell(pass, leaf, tally, null);
      return;
    }
    const culprit = this.culprit(pass, replay, sink, judged);
    const hooked = culprit === null && isHooked(replay.above(sink), sink);
    if (culprit === null && !hooked) tally.verdict = "rounding";
    const name = culprit?.node.name() ?? null;
    this.tell(pass, leaf, tally, name ?? (hooked ? "a hook that changes the gradient" : null));
    if (tally.verdict === "disagrees") this.report(pass, leaf, tally, culprit);
  }

  private compareLeaf(replay: Replay, sink: _C.Node, leaf: Tensor, gradient: Float64Array): Tally {
    const tally = fresh();
    const above = replay.above(sink);
    const here = replay.value(null, above);
    const scale = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const size = Math.max(1, rootMeanSquare(elementsOf(leaf)));
    const along = (direction: Float64Array, analytic: number, reach: number): Comparison => {
      const at = (by: number) => replay.value({ sink, value: _C.moved(leaf, direction, by) }, above);
      const measured = measure(at, here, STEP * size);
      const result = compare(analytic, measured, reach);
      const unit = reach > 0 ? reach : Math.abs(measured.central);
      const difference = unit > 0 ? Math.abs(analytic - measured.central) / unit : 0;
      if (result === "kink") tally.kinks++;
      else if (!(difference <= tally.difference)) {
        Object.assign(tally, { difference, analytic, numeric: measured.central });
      }
      if (result === "disagrees") tally.verdict = "disagrees";
      return result;
    };
    for (const element of this.chosen(gradient)) {
      const direction = new Float64Array(gradient.length);
      direction[element] = 1;
      along(direction, gradient[element]!, scale);
      tally.elements++;
      this.host.attend();
    }
    for (let i = 0; gradient.length > ALL && i < DIRECTIONS; i++) {
      const direction = this.directions.next(gradient.length);
      const analytic = gradient.reduce((sum, value, k) => sum + value * direction[k]!, 0);
      along(direction, analytic, Math.sqrt(gradient.length) * rootMeanSquare(gradient));
      tally.directions++;
      this.host.attend();
    }
    return tally;
  }

  /** All elements of a small leaf; of a large one those that matter most, and some by chance. */
  private chosen(gradient: Float64Array): Iterable<number> {
    if (gradient.length <= ALL) return gradient.keys();
    const order = [...gradient.keys()].sort((a, b) => Math.abs(gradient[b]!) - Math.abs(gradient[a]!));
    const some = Array.from({ length: CHOSEN }, () => this.directions.index(gradient.length));
    return new Set([...order.slice(0, LARGEST), ...some]);
  }

  /** The step nearest to the leaf whose own derivative is wrong; null where each is right. */
  private culprit(
    pass: Pass,
    replay: Replay,
    sink: _C.Node,
    judged: Map<StepRecord, boolean>,
  ): StepRecord | null {
    const above = new Set(replay.above(sink));
    for (const step of pass.steps) {
      if (!above.has(step.node)) continue;
      let wrong = judged.get(step);
      if (wrong === undefined) {
        wrong = isWrong(this.tape, step, this.directions);
        judged.set(step, wrong);
      }
      if (wrong) return step;
    }
    return null;
  }

  private tell(pass: Pass, leaf: Tensor, tally: Tally, reason: string | null): void {
    const { origins, nameOf, tell } = this.host;
    const origin = origins.get(leaf);
    const label = origin?.label ?? -1;
    tell({
      pass: pass.index,
      source: this.location(pass.site),
      leaf: nameOf(leaf, origin),
      place: this.location(label >= 0 ? label : (origin?.site ?? -1)),
      shape: [...leaf._shape],
      ...tally,
      reason,
    });
  }

  private location(site: number): SourceLocation | null {
    return this.host.reporter.place(site);
  }

  private report(pass: Pass, leaf: Tensor, { analytic, numeric }: Tally, culprit: StepRecord | null): void {
    const { reporter, origins, nameOf } = this.host;
    const origin = origins.get(leaf);
    const label = origin !== undefined && origin.label >= 0 ? origin.label : (origin?.site ?? -1);
    const name = nameOf(leaf, origin) ?? say("a leaf");
    const operation = culprit?.node.name().replace(/Backward\d*$/, "") ?? null;
    const values = [shown(analytic), shown(numeric)];
    reporter.report(
      {
        code: "gradient-mismatch",
        message:
          operation === null
            ? say(
                "A hook changes the gradient of {0}: backward gives {1} where finite differences measure {2}.",
                name,
                ...values,
              )
            : say(
                "The backward of {0} does not compute the derivative of its forward: the gradient of {1} is {2} where finite differences measure {3}.",
                operation,
                name,
                ...values,
              ),
        related: [
          ...reporter.related(label, say("{0} gets a wrong gradient", name)),
          ...reporter.related(pass.site, say("in the pass that started here")),
        ],
      },
      reporter.place(culprit?.node.site ?? label),
    );
  }
}

/** The forward of a custom function may print; nobody wants to read that for each element that is moved. */
function silence(): () => void {
  const streams = [process.stdout, process.stderr] as const;
  const writes = streams.map((stream) => stream.write);
  for (const stream of streams) stream.write = () => true;
  return () => {
    streams.forEach((stream, i) => {
      stream.write = writes[i]!;
    });
  };
}

function fresh(): Tally {
  const none = { analytic: null, numeric: null };
  return { verdict: "agrees", elements: 0, directions: 0, kinks: 0, difference: 0, ...none };
}

/** What the pass brought to a leaf, or would have: autograd.grad hands it out instead of accumulating it. */
function gradientOf(pass: Pass, sink: _C.Node, leaf: Tensor): Float64Array | null {
  const own = pass.steps.find(({ node }) => node === sink)?.gradIn[0] ?? null;
  if (own !== null) return elementsOf(own);
  const sum = new Float64Array(leaf._numel);
  let arrived = false;
  for (const { node, gradOut } of pass.steps) {
    node.edges.forEach((next, i) => {
      const sent = gradOut[i];
      if (next !== sink || sent == null) return;
      arrived = true;
      elementsOf(sent).forEach((value, k) => {
        sum[k] = sum[k]! + value;
      });
    });
  }
  return arrived ? sum : null;
}

function isHooked(nodes: readonly _C.Node[], sink: _C.Node): boolean {
  return [...nodes, sink].some(({ hooks, variable }) => {
    const onNode = hooks !== null && hooks.tensorPre.length + hooks.pre.length + hooks.post.length > 0;
    return onNode || (variable?._hooks?.grad.length ?? 0) > 0;
  });
}

function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(values.length, 1));
}

function shown(value: number | null): string {
  return value === null ? "nothing" : String(Number(value.toPrecision(4)));
}
