/** @file Why a gradient that the program asks for is not there, and what would bring it. */
import type { Tensor } from "../../../core/index.js";
import * as fixes from "../../../instrument/fixes/gradients.js";
import type { Fix, WhyNoGrad } from "../../../protocol/export.js";
import { say, type Words } from "../../../protocol/words.js";
import { captureSites } from "../../stack.js";
import type { Bindings } from "../bindings.js";
import type { OpIndex } from "../ops.js";
import type { Origin, Origins } from "../origins.js";
import type { Place, Related, Reporter } from "./reporter.js";

/** Reads of missing gradients that are looked into: a hot loop may ask a million times. */
const LOOKED_INTO = 500;

/** The tensor as the program calls it. */
type Name = string | Words;

/** What is said of a missing gradient. */
export interface Reason {
  readonly message: Words;
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
    const name = fixes.gradOwner(text, line, column) ?? say("this tensor");
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
      const detached = why === "detached";
      return {
        message: uncut(name, detached, place?.line ?? null),
        related: reporter.related(cutSite, cutHere(detached)),
        fixes: reporter.fixes(cutSite, detached ? fixes.withoutDetach : fixes.recorded),
      };
    }
    return null;
  }

  private reason(tensor: Tensor, why: WhyNoGrad, name: Name): Reason {
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
          message: say(
            "{0}.grad is null: no backward pass reached {0}, because what they started from does not depend on it.",
            name,
          ),
          related: this.host.reporter.related(this.host.lastBackward(), say("the latest pass started here")),
          fixes: [],
        };
      case "no_backward_yet":
        return {
          message: say(
            "{0}.grad is null: no backward pass has run since {0} was made or cleared. Call backward() first.",
            name,
          ),
          related: [],
          fixes: [],
        };
      case "no_requires_grad":
        return this.neverAsked(origin, name);
    }
  }

  private nonLeaf(tensor: Tensor, name: Name): Reason {
    const { reporter, ops } = this.host;
    const op = tensor._gradFn === null ? undefined : ops.get(tensor._gradFn);
    const made = op === undefined ? null : reporter.place(op.node.site);
    const text = made === null ? null : reporter.text(made.file);
    if (made !== null && text !== null && fixes.overwrites(text, made) !== null)
      return this.overwritten(made, name);
    const label = this.host.bindings.siteOf(tensor);
    const bound = reporter.name(label);
    return {
      message:
        made === null
          ? say(
              "{0}.grad is null: {0} is no leaf but the result of an operation, and results let their gradient pass without keeping it. Tell it to keep it: {0}.retain_grad(), before backward().",
              name,
            )
          : say(
              "{0}.grad is null: {0} is no leaf but the result of the operation on line {1}, and results let their gradient pass without keeping it. Tell it to keep it: {0}.retain_grad(), before backward().",
              name,
              made.line,
            ),
      related: op === undefined ? [] : reporter.related(op.node.site, say("{0} was made here", name)),
      fixes:
        bound === null ? [] : reporter.fixes(label, (file, range) => fixes.retainGrad(file, range, bound)),
    };
  }

  /** `w = w.sub(…)`: the name holds another tensor now. */
  private overwritten(made: Place, name: Name): Reason {
    const { reporter } = this.host;
    return {
      message: say(
        "{0}.grad is null: the assignment on line {1} put a new tensor in the place of the leaf {0}. Change the leaf itself, in place and under no_grad.",
        name,
        made.line,
      ),
      related: reporter.relatedAt(made, say("{0} stopped being a leaf here", name)),
      fixes: reporter.fixes(made, fixes.updateInPlace),
    };
  }

  private cut(tensor: Tensor, why: "detached" | "no_grad_mode", name: Name): Reason {
    const { reporter, origins } = this.host;
    const site = origins.get(tensor)?.cutSite ?? -1;
    const place = reporter.place(site);
    const text = place === null ? null : reporter.text(place.file);
    if (why === "detached") {
      return {
        message:
          place === null
            ? say("{0}.grad is null: {0} was detached from the graph, so no gradient flows to it.", name)
            : say(
                "{0}.grad is null: {0} was detached from the graph on line {1}, so no gradient flows to it.",
                name,
                place.line,
              ),
        related: reporter.related(site, cutHere(true)),
        fixes: this.keeping(tensor, reporter.fixes(site, fixes.withoutDetach)),
      };
    }
    if (place !== null && text !== null && fixes.overwrites(text, place) !== null)
      return this.overwritten(place, name);
    const line = place === null || text === null ? null : (fixes.noGradLine(text, place) ?? place.line);
    return {
      message:
        line === null
          ? say("{0}.grad is null: {0} was made under no_grad, where nothing is recorded.", name)
          : say(
              "{0}.grad is null: {0} was made under no_grad on line {1}, where nothing is recorded.",
              name,
              line,
            ),
      related: reporter.related(site, cutHere(false)),
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

  private integer(origin: Origin | undefined, name: Name): Reason {
    const { reporter } = this.host;
    return {
      message: say(
        "{0}.grad is null: {0} holds integers, and only floating point tensors have gradients.",
        name,
      ),
      related: reporter.related(origin?.site, say("{0} was made here", name)),
      fixes: reporter.fixes(origin?.site, (text, range) => fixes.floatDtype(text, range, true)),
    };
  }

  private neverAsked(origin: Origin | undefined, name: Name): Reason {
    const { reporter } = this.host;
    return {
      message: say(
        "{0}.grad is null: {0} never asked for a gradient. Make it with { requires_grad: true }.",
        name,
      ),
      related: reporter.related(origin?.site, say("{0} was made here", name)),
      fixes: reporter.fixes(origin?.site, fixes.requireGrad),
    };
  }
}

const cutHere = (detached: boolean): Words =>
  detached ? say("detached here") : say("made without recording here");

function uncut(name: string, detached: boolean, line: number | null): Words {
  if (line === null) {
    return detached
      ? say("{0} has no graph to walk back: it was detached.", name)
      : say("{0} has no graph to walk back: it was made under no_grad, where nothing is recorded.", name);
  }
  return detached
    ? say("{0} has no graph to walk back: it was detached on line {1}.", name, line)
    : say(
        "{0} has no graph to walk back: it was made under no_grad on line {1}, where nothing is recorded.",
        name,
        line,
      );
}
