/** @file What the recorder can tell a person is wrong, and on which line: one place that all findings go through. */
import type { _C, nn, Tensor } from "../../core/index.js";
import type { ExportProblem } from "../../protocol/export.js";
import { say } from "../../protocol/words.js";
import type { Place as SourcePlace, Sources } from "../sources.js";
import type { Bindings } from "./bindings.js";
import { Accumulations } from "./diagnose/accumulation.js";
import { Broadcasts } from "./diagnose/broadcasts.js";
import { DeadRelus } from "./diagnose/deadRelu.js";
import { DepthCheck } from "./diagnose/depth.js";
import { FiniteCheck } from "./diagnose/finite.js";
import { Leaves } from "./diagnose/leaves.js";
import { calledHere, type Related, Reporter } from "./diagnose/reporter.js";
import { RetainedGraphs } from "./diagnose/retained.js";
import { type Explanation, ThrownErrors } from "./diagnose/thrown.js";
import { MissingGradients } from "./diagnose/whyNoGrad.js";
import type { Clash } from "./insight.js";
import type { OpIndex } from "./ops.js";
import type { Origin, Origins } from "./origins.js";
import type { Parameters } from "./parameters.js";
import type { Pass } from "./pass.js";

export interface ProblemsHost {
  readonly sources: Sources;
  readonly origins: Origins;
  readonly ops: OpIndex;
  readonly bindings: Bindings;
  readonly parameters: Parameters;
  readonly report: (problem: ExportProblem) => void;
}

export class Problems {
  readonly reporter: Reporter;
  private readonly accumulations: Accumulations;
  private readonly broadcasts: Broadcasts;
  private readonly relus: DeadRelus;
  private readonly depth: DepthCheck;
  private readonly finite: FiniteCheck;
  private readonly leaves: Leaves;
  private readonly retained: RetainedGraphs;
  private readonly thrown: ThrownErrors;
  private readonly missing: MissingGradients;
  private readonly parameters: Parameters;
  /** Site of each pass, by its index. */
  private readonly passes: number[] = [];

  constructor({ sources, origins, ops, bindings, parameters, report }: ProblemsHost) {
    this.parameters = parameters;
    const reporter = new Reporter(sources, report);
    this.reporter = reporter;
    this.accumulations = new Accumulations(reporter);
    this.broadcasts = new Broadcasts(reporter, ops, origins);
    this.relus = new DeadRelus(reporter);
    this.depth = new DepthCheck(reporter);
    this.finite = new FiniteCheck(reporter, origins);
    this.leaves = new Leaves(reporter, origins);
    this.retained = new RetainedGraphs(reporter, bindings);
    const lastBackward = () => this.passes.at(-1) ?? -1;
    const missing = new MissingGradients({ reporter, origins, ops, bindings, lastBackward });
    this.missing = missing;
    this.thrown = new ThrownErrors({
      reporter,
      ops,
      cutRoot: (file, names) => missing.cutRoot(file, names),
      siteOfPass: (index) => this.passes[index] ?? -1,
    });
  }

  /** An operation was recorded. */
  recorded(inputs: readonly (Tensor | null)[], output: Tensor, site: number): void {
    this.broadcasts.check(inputs, output, site);
  }

  /** The program reads `.grad`. */
  gradRead(tensor: Tensor): void {
    if (tensor._grad === null) this.missing.read(tensor);
    else this.leaves.read(tensor);
  }

  /** The memory of a leaf is written to. */
  leafWritten(origin: Origin): void {
    this.leaves.updated(origin);
  }

  moduleEntered(module: nn.Module, name: string, site: number): void {
    this.leaves.entered(module, name, site);
  }

  passStarted(pass: Pass): void {
    this.passes[pass.index] = pass.site;
  }

  /** A leaf gets a gradient; `origin` is as it was before. */
  accumulated(pass: Pass, leaf: Tensor, origin: Origin, hadGradient: boolean): void {
    this.leaves.accumulated(leaf, origin);
    const repeated = hadGradient && origin.accumulatedBy === pass.site && origin.updatedBy >= 0;
    if (repeated && pass.site >= 0) this.accumulations.add(pass, origin, this.nameOf(leaf, origin));
  }

  /** @param outputs the pass's roots */
  passEnded(pass: Pass, outputs: readonly Tensor[]): void {
    this.accumulations.end(pass);
    this.finite.check(pass, outputs);
    if (pass.call === "live") return;
    this.depth.check(pass);
    this.relus.check(pass);
    this.leaves.ended(pass);
    this.retained.ended(pass);
  }

  /** A leaf as a person would call it: by the name that it was bound to, or its path in a module. */
  nameOf(leaf: Tensor, origin: Origin | undefined): string | null {
    return this.reporter.name(origin?.label) ?? this.parameters.nameOf(leaf);
  }

  finish(): void {
    this.relus.finish();
    this.leaves.finish();
    this.retained.finish();
  }

  passFailed(error: object, pass: Pass, node: _C.Node | null, clash: Clash | null): void {
    this.thrown.failed(error, pass, node, clash);
  }

  /** What is to be told of an error that ended the program, or null where there is nothing beside its words. */
  explain(error: unknown, at: SourcePlace | null): Explanation | null {
    return this.thrown.explain(error, at === null ? null : { ...at, endLine: at.line, endColumn: at.column });
  }

  /** Places that belong to an error raised in a pass: the operation whose derivative failed, and a write. */
  related(pass: Pass, failed: _C.Node | null, write: number | null): Related[] {
    const { reporter } = this;
    return [
      ...(failed === null ? [] : reporter.related(failed.site, say("{0} was recorded here", failed.name()))),
      ...reporter.related(write, say("a tensor that it needs was changed in place here")),
      ...reporter.related(pass.site, calledHere(pass)),
    ];
  }

  /** Site of the forward operation where a value first went bad that this pass has to do with, or null. */
  forwardOrigin(pass: Pass): number | null {
    return this.finite.forwardOrigin(pass);
  }
}
