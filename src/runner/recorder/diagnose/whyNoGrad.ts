/** @file Why a gradient that the program asks for is not there, and what would bring it. */
import type { Tensor } from "../../../core/index.js";
import * as fixes from "../../../instrument/fixes/gradients.js";
import type { Fix, WhyNoGrad } from "../../../protocol/export.js";
import { captureSites } from "../../stack.js";
import type { Bindings } from "../bindings.js";
import type { OpIndex } from "../ops.js";
import type { Origin, Origins } from "../origins.js";
import type { Place, Related, Reporter } from "./reporter.js";

/** Reads of missing gradients that are looked into: a hot loop may ask a million times. */
const LOOKED_INTO = 500;

/** What is said of a missing gradient. */
export interface Reason {
  readonly message: string;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}

export interface WhyHost {
  readonly reporter: Reporter;
  readonly origins: Origins;
  readonly ops: OpIndex;
  readonly bindings: Bindings;
  /** Site of the latest backward call, or -1. */
  lastBackward(): number;
}

export class MissingGradients {
  private reads = 0;

  constructor(private readonly host: WhyHost) {}

  /** The program reads `.grad`, which is null. */
  read(tensor: Tensor): void {
    if (this.reads++ >= LOOKED_INTO) return;
    const { reporter, origins } = this.host;
    const [frame] = captureSites(this.read);
    const file = frame?.getFileName() ?? "";
    const text = reporter.text(file);
    if (frame === undefined || text === null) return;
    const line = frame.getLineNumber() ?? 0;
    const column = frame.getColumnNumber() ?? 0;
    const how = fixes.gradReadAt(text, line, column);
    if (how === "checked" || how === "shown") return;
    const why = origins.why(tensor);
    if (why === null || (why === "no_backward_yet" && how !== "needed")) return;
    const name = fixes.gradOwner(text, line, column) ?? "this tensor";
    const read = text.propertyAt(line, column, "grad");
    const reason = this.reason(tensor, why, name);
    if (read === null) return;
    const at = { file, ...text.rangeOf(read) };
    const severity = how === "needed" ? "warning" : "information";
    reporter.report({ code: "why-no-grad", severity, ...reason }, at);
  }

  /** Why `backward()` finds no graph: the first of these names that was cut off from one; null where none was. */
  cutRoot(file: string, names: ReadonlySet<string>): Reason | null {
    const { reporter, bindings, origins } = this.host;
    for (const { site, tensor } of bindings.recent()) {
      const name = reporter.name(site);
      const why = origins.get(tensor)?.cut ?? null;
      const here = name !== null && names.has(name) && reporter.place(site)?.file === file;
      if (!here || why === null || tensor._gradFn !== null) continue;
      const cutSite = origins.get(tensor)?.cutSite ?? -1;
      const place = reporter.place(cutSite);
      const line = place === null ? "" : ` on line ${place.line}`;
      const detached = why === "detached";
      return {
        message: `${name} has no graph to walk back: ${detached ? `it was detached${line}` : `it was made under no_grad${line}, where nothing is recorded`}.`,
        related: reporter.related(cutSite, detached ? "detached here" : "made without recording here"),
        fixes: reporter.fixes(cutSite, detached ? fixes.withoutDetach : fixes.recorded),
      };
    }
    return null;
  }

  private reason(tensor: Tensor, why: WhyNoGrad, name: string): Reason {
    const { origins } = this.host;
    const origin = origins.get(tensor);
    switch (why) {
      case "non_leaf":
        return this.nonLeaf(tensor, name);
      case "detached":
      case "no_grad_mode":
        return this.cut(tensor, why, name);
      case "integer":
        return this.integer(origin, name);
      case "not_reached":
        return {
          message: `${name}.grad is null: no backward pass reached ${name}, because what they started from does not depend on it.`,
          related: this.host.reporter.related(this.host.lastBackward(), "the latest pass started here"),
          fixes: [],
        };
      case "no_backward_yet":
        return {
          message: `${name}.grad is null: no backward pass has run since ${name} was made or cleared. Call backward() first.`,
          related: [],
          fixes: [],
        };
      case "no_requires_grad":
        return this.neverAsked(origin, name);
    }
  }

  private nonLeaf(tensor: Tensor, name: string): Reason {
    const { reporter, ops } = this.host;
    const op = tensor._gradFn === null ? undefined : ops.get(tensor._gradFn);
    const made = op === undefined ? null : reporter.place(op.node.site);
    const text = made === null ? null : reporter.text(made.file);
    if (made !== null && text !== null && fixes.overwrites(text, made) !== null)
      return this.overwritten(made, name);
    const label = this.host.bindings.siteOf(tensor);
    const bound = reporter.name(label);
    return {
      message: `${name}.grad is null: ${name} is no leaf but the result of ${made === null ? "an operation" : `the operation on line ${made.line}`}, and results let their gradient pass without keeping it. Tell it to keep it: ${name}.retain_grad(), before backward().`,
      related: op === undefined ? [] : reporter.related(op.node.site, `${name} was made here`),
      fixes:
        bound === null ? [] : reporter.fixes(label, (file, range) => fixes.retainGrad(file, range, bound)),
    };
  }

  /** `w = w.sub(…)`: the name holds another tensor now. */
  private overwritten(made: Place, name: string): Reason {
    const { reporter } = this.host;
    return {
      message: `${name}.grad is null: the assignment on line ${made.line} put a new tensor in the place of the leaf ${name}. Change the leaf itself, in place and under no_grad.`,
      related: [
        {
          file: made.file,
          line: made.line,
          column: made.column,
          message: `${name} stopped being a leaf here`,
        },
      ],
      fixes: reporter.fixes(made, fixes.updateInPlace),
    };
  }

  private cut(tensor: Tensor, why: "detached" | "no_grad_mode", name: string): Reason {
    const { reporter, origins } = this.host;
    const site = origins.get(tensor)?.cutSite ?? -1;
    const place = reporter.place(site);
    const text = place === null ? null : reporter.text(place.file);
    if (why === "detached") {
      return {
        message: `${name}.grad is null: ${name} was detached from the graph${place === null ? "" : ` on line ${place.line}`}, so no gradient flows to it.`,
        related: reporter.related(site, "detached here"),
        fixes: this.keeping(tensor, reporter.fixes(site, fixes.withoutDetach)),
      };
    }
    if (place !== null && text !== null && fixes.overwrites(text, place) !== null)
      return this.overwritten(place, name);
    const line = place === null || text === null ? null : (fixes.noGradLine(text, place) ?? place.line);
    return {
      message: `${name}.grad is null: ${name} was made under no_grad${line === null ? "" : ` on line ${line}`}, where nothing is recorded.`,
      related: reporter.related(site, "made without recording here"),
      fixes: this.keeping(tensor, reporter.fixes(site, fixes.recorded)),
    };
  }

  /** Once it is attached, it is a result, and has to be told to keep its gradient. */
  private keeping(tensor: Tensor, attached: readonly Fix[]): Fix[] {
    const { reporter, bindings } = this.host;
    const label = bindings.siteOf(tensor);
    const name = reporter.name(label);
    const [keep] =
      name === null ? [] : reporter.fixes(label, (text, range) => fixes.retainGrad(text, range, name));
    if (keep === undefined) return [];
    return attached.map(({ title, edits }) => ({ title, edits: [...edits, ...keep.edits] }));
  }

  private integer(origin: Origin | undefined, name: string): Reason {
    const { reporter } = this.host;
    return {
      message: `${name}.grad is null: ${name} holds integers, and only floating point tensors have gradients.`,
      related: reporter.related(origin?.site, `${name} was made here`),
      fixes: reporter.fixes(origin?.site, (text, range) => fixes.floatDtype(text, range, true)),
    };
  }

  private neverAsked(origin: Origin | undefined, name: string): Reason {
    const { reporter } = this.host;
    return {
      message: `${name}.grad is null: ${name} never asked for a gradient. Make it with { requires_grad: true }.`,
      related: reporter.related(origin?.site, `${name} was made here`),
      fixes: reporter.fixes(origin?.site, fixes.requireGrad),
    };
  }
}
