/** @file What the recorder can tell a person is wrong, and on which line. */
import type { _C, Tensor } from "../../core/index.js";
import type { ExportProblem } from "../../protocol/export.js";
import type { Sources } from "../sources.js";
import { layOut } from "./layout.js";
import type { Origin, Origins } from "./origins.js";
import type { Pass } from "./pass.js";
import { looksBad, visitElements } from "./wire.js";

type Related = ExportProblem["related"][number];

interface BadValue {
  readonly site: number;
  /** What is bad: a value or a gradient, and whose. */
  readonly what: string;
  readonly tensor: Tensor;
}

export class Problems {
  private readonly sources: Sources;
  private readonly origins: Origins;
  private readonly report: (problem: ExportProblem) => void;
  private readonly told = new Set<string>();

  constructor(sources: Sources, origins: Origins, report: (problem: ExportProblem) => void) {
    this.sources = sources;
    this.origins = origins;
    this.report = report;
  }

  /** Places that belong to an error raised in a pass: the operation whose derivative failed, and a write. */
  related(pass: Pass, failed: _C.Node | null, write: number | null): Related[] {
    const related: Related[] = [];
    if (failed !== null && failed.site >= 0) {
      related.push(...this.at(failed.site, `${failed.name()} was recorded here`));
    }
    if (write !== null) related.push(...this.at(write, "a tensor that it needs was changed in place here"));
    related.push(...this.at(pass.site, `${callName(pass)} was called here`));
    return related;
  }

  /** Where a NaN or an infinity that reached the loss or a leaf's gradient first arose. */
  checkFinite(pass: Pass, outputs: readonly Tensor[]): void {
    if (this.told.has("finite")) return;
    if (!outputs.some(looksBad) && !leafGradients(pass).some(looksBad)) return;
    const origin = this.originInForward(pass) ?? this.originInBackward(pass);
    if (origin === null || origin.site < 0) return;
    this.told.add("finite");
    const reached = [...outputs, ...leafGradients(pass)].some(holdsNaN) ? "NaN" : "infinite";
    const arose = holdsNaN(origin.tensor) ? "NaN" : "an infinite value";
    const end = pass.call === "grad" ? "the gradients" : "the loss or the leaves' gradients";
    this.problemAt(origin.site, {
      severity: "warning",
      code: reached === "NaN" ? "nan-origin" : "inf-origin",
      message: `${origin.what} ${arose} here, which makes ${end} ${reached}.`,
      related: this.at(pass.site, `${callName(pass)} was called here`),
    });
  }

  /** A leaf was changed with its gradient and accumulates the next one onto the old. */
  accumulated(pass: Pass, origin: Origin): void {
    const key = `accumulated ${pass.site}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    const name = this.sources.site(origin.label)?.site.name ?? "a leaf";
    this.problemAt(pass.site, {
      severity: "warning",
      code: "accumulated-without-zero",
      message: `${name}.grad still held the gradient of the step before, and this ${callName(pass)} added to it. Clear it after each update: ${name}.grad = null, ${name}.grad.zero_() or optimizer.zero_grad().`,
      related: this.at(origin.updatedBy, `${name} was updated here with the gradient left in place`),
    });
  }

  /** Site of the forward operation where a value first went bad that this pass has to do with, or null. */
  forwardOrigin(pass: Pass): number | null {
    const site = this.originInForward(pass)?.site ?? -1;
    return site < 0 ? null : site;
  }

  private originInForward(pass: Pass): BadValue | null {
    const badInputs = new Set<Tensor>();
    for (const entry of layOut(pass, this.origins).entries) {
      const tensor =
        entry.kind === "function"
          ? entry.op?.output
          : entry.kind === "constant"
            ? entry.tensor
            : entry.variable;
      if (!tensor || !looksBad(tensor)) continue;
      if (entry.kind !== "function") {
        badInputs.add(tensor);
        continue;
      }
      const site = entry.node.site;
      const source = (entry.op?.inputs ?? []).find((input) => input !== null && badInputs.has(input));
      if (source == null)
        return { site, what: `The result of ${entry.node.name().replace(/Backward\d*$/, "")} has`, tensor };
      const origin = this.origins.get(source);
      const label = this.sources.site(origin?.label ?? -1)?.site.name ?? "This tensor";
      return {
        site: origin !== undefined && origin.site >= 0 ? origin.site : site,
        what: `${label} holds`,
        tensor: source,
      };
    }
    return null;
  }

  private originInBackward(pass: Pass): BadValue | null {
    for (const { node, gradIn, gradOut } of pass.steps) {
      if (gradIn.some((grad) => grad != null && looksBad(grad))) continue;
      const tensor = gradOut.find((grad) => grad != null && looksBad(grad));
      if (tensor != null) return { site: node.site, what: `The derivative (${node.name()}) gives`, tensor };
    }
    return null;
  }

  private at(site: number, message: string): Related[] {
    const found = this.sources.site(site);
    if (found === null) return [];
    const { line, column } = found.site;
    return [{ file: found.source.file, line, column, message }];
  }

  private problemAt(
    site: number,
    problem: Pick<ExportProblem, "severity" | "code" | "message" | "related">,
  ): void {
    const found = this.sources.site(site);
    if (found === null) return;
    const { line, column, endLine, endColumn } = found.site;
    this.report({ ...problem, file: found.source.file, line, column, endLine, endColumn });
  }
}

function callName(pass: Pass): string {
  return pass.call === "grad" ? "autograd.grad()" : "backward()";
}

/** What arrived at the leaves. */
function leafGradients(pass: Pass): Tensor[] {
  const gradients: Tensor[] = [];
  for (const { node, gradIn } of pass.steps) {
    if (node.variable !== null && gradIn[0] != null) gradients.push(gradIn[0]);
  }
  return gradients;
}

function holdsNaN(tensor: Tensor): boolean {
  let found = false;
  visitElements(tensor, (value) => {
    if (Number.isNaN(value)) found = true;
  });
  return found;
}
