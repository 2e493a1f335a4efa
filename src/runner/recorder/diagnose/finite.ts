/** @file Where a NaN or an infinity that reached a loss or a leaf's gradient first arose, and of what. */
import type { _C, Tensor } from "../../../core/index.js";
import { operandText } from "../../../instrument/fixes/calls.js";
import { say, type Words } from "../../../protocol/words.js";
import { layOut } from "../layout.js";
import type { OpRecord } from "../ops.js";
import type { Origins } from "../origins.js";
import type { Pass } from "../pass.js";
import { savedOf } from "../saved.js";
import { looksBad, visitElements } from "../wire.js";
import { type Cause, causeOf } from "./causes.js";
import { calledHere, type Reporter } from "./reporter.js";

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
    const arose = holdsNaN(tensor) ? "NaN" : "infinite";
    const bad = arose === "NaN" ? "NaN" : say("an infinite value");
    const cause =
      operation === null
        ? null
        : causeOf(operation, way, op?.inputs ?? [], (name) => plainNumber(pass, node, name));
    const who =
      operation === null
        ? say("{0} holds {1}", holder ?? say("This tensor"), bad)
        : way === "forward"
          ? say("The result of {0} has {1} here", operation, bad)
          : say(
              "The derivative of {0} ({1}) gives {2} here, though all values on the way forward are good",
              operation,
              node?.name() ?? "",
              bad,
            );
    const parts = [cause === null ? say("{0}.", who) : say("{0}: {1}.", who, this.reason(site, op, cause))];
    if (pass.call === "grad") parts.push(MAKES_GRADIENTS[reached]);
    else if (pass.call !== "live") parts.push(MAKES_LOSS[reached]);
    if (cause !== null) parts.push(say("Remedy: {0}.", cause.remedy));
    reporter.report(
      {
        // On the way back what arose is seldom what arrives: an infinite slope times 0 is NaN.
        code: (way === "forward" ? arose : reached) === "NaN" ? "nan-origin" : "inf-origin",
        message: parts.reduce((before, part) => say("{0} {1}", before, part)),
        related: reporter.related(pass.site, calledHere(pass)),
        fixes: cause?.fix === undefined ? [] : reporter.fixes(site, cause.fix),
      },
      reporter.place(site),
    );
  }

  /** The cause, with the element that it comes of: `… (x[2] is 0)`. */
  private reason(site: number, op: OpRecord | undefined, { what, operand, element }: Cause): Words {
    const tensor = op?.inputs[operand];
    if (element === null || tensor === null || tensor === undefined) return what;
    const place = this.reporter.place(site);
    const text = place === null ? null : this.reporter.text(place.file);
    const name = place === null || text === null ? null : operandText(text, place, operand);
    let value = Number.NaN;
    visitElements(tensor, (each) => (value = each), element, element + 1);
    const index = indexText(tensor._shape, element);
    return say(
      "{0} ({1}{2} is {3})",
      what,
      name ?? say("its input"),
      index,
      String(Number(value.toPrecision(6))),
    );
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

const MAKES_LOSS = {
  NaN: say("It makes the loss or the leaves' gradients NaN."),
  infinite: say("It makes the loss or the leaves' gradients infinite."),
};
const MAKES_GRADIENTS = {
  NaN: say("It makes the gradients NaN."),
  infinite: say("It makes the gradients infinite."),
};

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
