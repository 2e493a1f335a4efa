/** @file Expressions as of a moment of the program: while it waits, or at a step that was recorded. */
import { Tensor } from "../../core/index.js";
import type { DebugResults, Evaluated } from "../../protocol/debug.js";
import type { Insight } from "../recorder/insight.js";
import { savedOf } from "../recorder/saved.js";
import type { Sources } from "../sources.js";
import { Expression, ExpressionError } from "./expression.js";
import { boundNames, Scope, type StepValues } from "./names.js";
import { PastPass } from "./past.js";
import { quietly } from "./quiet.js";
import type { RunningPass } from "./running.js";
import { show } from "./show.js";

export interface EvaluatorHost {
  readonly insight: Insight;
  readonly sources: Sources;
  readonly library: unknown;
  /** The passes in progress, outermost first. */
  readonly running: readonly RunningPass[];
  /** Site that the program is at. */
  site(): number;
}

export class Evaluator {
  private readonly host: EvaluatorHost;

  constructor(host: EvaluatorHost) {
    this.host = host;
  }

  evaluate(text: string, at: { readonly pass: number; readonly step: number } | null): Evaluated {
    return this.quietly(() => show(new Expression(text).evaluate(this.scope(at))));
  }

  /** Runs what looks at the program so that nothing of it is recorded. */
  quietly<T>(look: () => T): T {
    return quietly(this.host.insight.preserve, look);
  }

  /** The value itself, as of the running step. */
  value(text: string, running: RunningPass | null): unknown {
    return this.quietly(() => new Expression(text).evaluate(this.live(running)));
  }

  /** What names mean before the node whose turn it is. */
  live(running: RunningPass | null): Scope {
    const { insight, sources, library } = this.host;
    const step = running === null || running.node === null ? null : this.step(running);
    return new Scope(library, step, () => boundNames(insight, sources, this.host.site()));
  }

  complete(text: string, column: number): DebugResults["debug.complete"] {
    const scope = this.live(this.host.running.at(-1) ?? null);
    const before = text.slice(0, column - 1);
    const member = /((?:[\p{ID_Start}$_][\p{ID_Continue}$]*\.)+)[\p{ID_Continue}$]*$/u.exec(before);
    if (member !== null) return members(scope, member[1]!.slice(0, -1));
    if (/[)\]]\s*\.[\p{ID_Continue}$]*$/u.test(before)) return membersOf(Tensor.prototype);
    const steps = [...scope.step.keys()].map((label) => ({ label, type: "value" }));
    const names = new Set([...scope.bound.keys()].map((path) => path.split(".", 1)[0]!));
    const variables = [...names]
      .filter((label) => !scope.step.has(label))
      .sort()
      .map((label) => ({ label, type: "variable" }));
    return [...steps, ...variables, { label: "torch", type: "module" }];
  }

  private scope(at: { readonly pass: number; readonly step: number } | null): Scope {
    if (at === null) return this.live(null);
    const { insight, sources, library, running } = this.host;
    const inProgress = running.find(({ pass }) => pass.index === at.pass);
    if (inProgress !== undefined && at.step === inProgress.pass.steps.length) return this.live(inProgress);
    const pass = insight.passAt(at.pass);
    if (pass === undefined) {
      throw new ExpressionError(
        `The record of pass ${at.pass + 1} is not kept; raise gradwalk.traceBudget to keep more.`,
      );
    }
    if (at.step > pass.steps.length)
      throw new ExpressionError(`Pass ${at.pass + 1} has no step ${at.step + 1} yet.`);
    const past = new PastPass(pass, insight, sources);
    return new Scope(
      library,
      past.step(at.step),
      () => boundNames(insight, sources, pass.site),
      (name, tensor) => past.variable(name, tensor, at.step),
    );
  }

  private step(running: RunningPass): StepValues {
    const node = running.node!;
    const op = node.variable === null ? this.host.insight.ops.get(node) : undefined;
    return {
      grads: running.incoming(node),
      result: () => node.variable ?? op?.output ?? null,
      saved: savedOf(node, running.pass.savedBy(node)),
    };
  }
}

function members(scope: Scope, path: string): DebugResults["debug.complete"] {
  const [root, ...rest] = path.split(".");
  let at: unknown = root === "this" ? scope.lookup("this")?.value : scope.lookup(root!)?.value;
  for (const part of rest) {
    if (typeof at !== "object" || at === null) return [];
    at = (at as Record<string, unknown>)[part];
  }
  if (at instanceof Tensor) return membersOf(Tensor.prototype);
  if (typeof at !== "object" || at === null) return [];
  return Object.keys(at)
    .filter((label) => !label.startsWith("_"))
    .map((label) => ({ label, type: kindOf((at as Record<string, unknown>)[label]) }));
}

function membersOf(prototype: object): DebugResults["debug.complete"] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype))
    .filter(([label]) => !label.startsWith("_") && label !== "constructor")
    .map(([label, { value }]) => ({ label, type: typeof value === "function" ? "method" : "property" }));
}

function kindOf(value: unknown): string {
  if (typeof value === "function") return "function";
  return value instanceof Tensor ? "variable" : "property";
}
