/** @file Where a NaN or an infinity that reached a loss or a leaf's gradient first arose, and of what. */
import type { _C, Tensor } from "../../../core/index.js";
import { operandText } from "../../../instrument/fixes/calls.js";
import { layOut } from "../layout.js";
import type { OpRecord } from "../ops.js";
import type { Origins } from "../origins.js";
import type { Pass } from "../pass.js";
import { savedOf } from "../saved.js";
import { looksBad, visitElements } from "../wire.js";
import { type Cause, causeOf } from "./causes.js";
import type { Reporter } from "./reporter.js";

interface Origin {
  readonly site: number;
  readonly way: "forward" | "backward";
  /** `Log`, or null where a tensor held the bad value from the start. */
  readonly operation: string | null;
  /** Who holds the value, where no operation made it. */
  readonly holder: string | null;
  readonly tensor: Tensor;
  readonly op: OpRecord | undefined;
  readonly node: _C.Node | null;
}

export class FiniteCheck {
  /** Sites of the calls whose passes have been looked into. */
  private readonly told = new Set<number>();

  constructor(
    private readonly reporter: Reporter,
    private readonly origins: Origins,
  ) {}

  /** @param outputs the pass's roots */
  check(pass: Pass, outputs: readonly Tensor[]): void {
    if (this.told.has(pass.site)) return;
    const ends = [...outputs, ...leafGradients(pass)];
    if (!ends.some(looksBad)) return;
    const origin = this.inForward(pass) ?? inBackward(pass);
    if (origin === null || origin.site < 0) return;
    this.told.add(pass.site);
    this.tell(pass, origin, ends.some(holdsNaN) ? "NaN" : "infinite");
  }

  /** Site of the forward operation where a value first went bad that this pass has to do with, or null. */
  forwardOrigin(pass: Pass): number | null {
    const site = this.inForward(pass)?.site ?? -1;
    return site < 0 ? null : site;
  }

  private tell(pass: Pass, origin: Origin, reached: "NaN" | "infinite"): void {
    const { reporter } = this;
    const { site, way, operation, holder, tensor, op, node } = origin;
    const arose = holdsNaN(tensor) ? "NaN" : "an infinite value";
    const cause =
      operation === null
        ? null
        : causeOf(operation, way, op?.inputs ?? [], (name) => plainNumber(pass, node, name));
    const who =
      operation === null
        ? `${holder ?? "This tensor"} holds ${arose}`
        : way === "forward"
          ? `The result of ${operation} has ${arose} here`
          : `The derivative of ${operation} (${node?.name()}) gives ${arose} here, though all values on the way forward are good`;
    const why = cause === null ? "" : `: ${cause.what}${this.input(site, op, cause)}`;
    const end =
      pass.call === "live"
        ? ""
        : pass.call === "grad"
          ? ` It makes the gradients ${reached}.`
          : ` It makes the loss or the leaves' gradients ${reached}.`;
    reporter.report(
      {
        // On the way back what arose is seldom what arrives: an infinite slope times 0 is NaN.
        code: (way === "forward" ? arose : reached) === "NaN" ? "nan-origin" : "inf-origin",
        message: `${who}${why}.${end}${cause === null ? "" : ` Remedy: ${cause.remedy}.`}`,
        related: reporter.related(
          pass.site,
          `${pass.call === "grad" ? "autograd.grad()" : "backward()"} was called here`,
        ),
        fixes: cause?.fix === undefined ? [] : reporter.fixes(site, cause.fix),
      },
      reporter.place(site),
    );
  }

  /** " (x[2] is 0)" */
  private input(site: number, op: OpRecord | undefined, { operand, element }: Cause): string {
    const tensor = op?.inputs[operand];
    if (element === null || tensor === null || tensor === undefined) return "";
    const place = this.reporter.place(site);
    const text = place === null ? null : this.reporter.text(place.file);
    const name = (place === null || text === null ? null : operandText(text, place, operand)) ?? "its input";
    let value = Number.NaN;
    visitElements(tensor, (each) => (value = each), element, element + 1);
    return ` (${name}${indexText(tensor._shape, element)} is ${Number(value.toPrecision(6))})`;
  }

  private inForward(pass: Pass): Origin | null {
    const badInputs = new Set<Tensor>();
    for (const entry of layOut(pass, this.origins).entries) {
      if (entry.kind !== "function") {
        const held = entry.kind === "constant" ? entry.tensor : entry.variable;
        if (looksBad(held)) badInputs.add(held);
        continue;
      }
      const { op, node } = entry;
      const tensor = op?.output;
      if (!tensor || !looksBad(tensor)) continue;
      const source = (op?.inputs ?? []).find((input) => input !== null && badInputs.has(input));
      if (source == null) {
        return {
          site: node.site,
          way: "forward",
          operation: plainName(node),
          holder: null,
          tensor,
          op,
          node,
        };
      }
      const origin = this.origins.get(source);
      const holder = this.reporter.name(origin?.label);
      const site = origin !== undefined && origin.site >= 0 ? origin.site : node.site;
      return { site, way: "forward", operation: null, holder, tensor: source, op, node: null };
    }
    return null;
  }
}

function inBackward(pass: Pass): Origin | null {
  for (const { node, gradIn, gradOut } of pass.steps) {
    if (gradIn.some((grad) => grad != null && looksBad(grad))) continue;
    const tensor = gradOut.find((grad) => grad != null && looksBad(grad));
    if (tensor == null) continue;
    const op = pass.ops[pass.nodes.indexOf(node)];
    return { site: node.site, way: "backward", operation: plainName(node), holder: null, tensor, op, node };
  }
  return null;
}

function plainName(node: _C.Node): string {
  return node.name().replace(/Backward\d*$/, "");
}

/** A number that the node was called with, by the name that its derivative knows it by. */
function plainNumber(pass: Pass, node: _C.Node | null, name: string): number | null {
  if (node === null) return null;
  const saved = savedOf(node, pass.saved[pass.nodes.indexOf(node)] ?? null);
  const value = saved.find((each) => each.name === name)?.value;
  return typeof value === "number" ? value : null;
}

/** `[1, 2]` of a tensor's element, "" of a scalar's. */
function indexText(shape: readonly number[], element: number): string {
  const index: number[] = [];
  let rest = element;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index.length === 0 ? "" : `[${index.join(", ")}]`;
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
