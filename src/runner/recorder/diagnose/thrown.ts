/** @file Errors of the core that ended the program, told in terms of the lines that led to them. */
import { _C } from "../../../core/index.js";
import * as calls from "../../../instrument/fixes/calls.js";
import * as fixes from "../../../instrument/fixes/gradients.js";
import type { DiagnosticCode } from "../../../protocol/diagnostics.js";
import type { Fix } from "../../../protocol/export.js";
import { say, type Words } from "../../../protocol/words.js";
import type { Clash } from "../insight.js";
import type { OpIndex } from "../ops.js";
import type { Pass } from "../pass.js";
import type { Place, Related, Reporter } from "./reporter.js";
import type { Reason } from "./whyNoGrad.js";

/** What is told of an error beside its own words. */
export interface Explanation {
  readonly code: DiagnosticCode;
  readonly message: Words;
  readonly related: readonly Related[];
  readonly fixes: readonly Fix[];
}

export interface ThrownHost {
  readonly reporter: Reporter;
  readonly ops: OpIndex;
  /** Why a tensor by one of these names has no graph, or null. */
  cutRoot(file: string, names: ReadonlySet<string>): Reason | null;
  /** Call site of a pass that has begun, by its index; -1 where it is not known. */
  siteOfPass(index: number): number;
}

/** The core's own texts, which are PyTorch's. */
const TEXTS: readonly (readonly [RegExp, DiagnosticCode])[] = [
  [/^Trying to backward through the graph a second time/, "second-backward"],
  [/^grad can be implicitly created only for scalar outputs/, "implicit-non-scalar"],
  [/leaf Variable that requires grad is being used in an in-place operation/, "inplace-on-leaf"],
  [/^one of the variables needed for gradient computation has been modified/, "inplace-modified-saved"],
  [/does not require grad and does not have a grad_fn/, "why-no-grad"],
  [/^One of the differentiated Tensors appears to not have been used/, "why-no-grad"],
  [/^[Oo]nly Tensors of floating point (and complex )?dtype can require gradients/, "why-no-grad"],
];

/** What the pass that failed leaves for the explanation. */
interface Failure {
  readonly pass: Pass;
  readonly node: _C.Node | null;
  readonly clash: Clash | null;
  /** The pass that had freed the node before, or null. */
  readonly freedBy: number | null;
}

export class ThrownErrors {
  private readonly failures = new WeakMap<object, Failure>();

  constructor(private readonly host: ThrownHost) {}

  /** A pass ended by an error, at `node`. */
  failed(error: object, pass: Pass, node: _C.Node | null, clash: Clash | null): void {
    const at = node === null ? -1 : pass.nodes.indexOf(node);
    const earlier = at < 0 ? undefined : pass.before[at];
    this.failures.set(error, { pass, node, clash, freedBy: earlier ?? null });
  }

  /** @param at where the error was thrown in the user's text */
  explain(error: unknown, at: Place | null): Explanation | null {
    if (typeof error !== "object" || error === null || !("message" in error)) return null;
    const text = String(error.message);
    const found = TEXTS.find(([pattern]) => pattern.test(text));
    if (found === undefined) return null;
    const [, code] = found;
    const failure = this.failures.get(error) ?? null;
    const call = at === null ? null : this.callAt(at);
    switch (code) {
      case "second-backward":
        return failure === null ? null : this.secondBackward(failure);
      case "inplace-modified-saved":
        return failure === null ? null : this.modified(failure);
      case "implicit-non-scalar":
        return {
          code,
          message: say(
            "This tensor has several elements, and each would have a derivative of its own. Reduce it to one number with .sum() or .mean(), or say with backward(gradient) how much each element counts.",
          ),
          related: [],
          fixes: this.host.reporter.fixes(call, calls.scalarRoot),
        };
      case "inplace-on-leaf":
        return {
          code,
          message: say(
            "A leaf that requires grad is where gradients are collected; a recorded change of it would make it the result of an operation. Change it under no_grad, as an optimiser does.",
          ),
          related: [],
          fixes: this.host.reporter.fixes(call, fixes.writeUnrecorded),
        };
      default:
        return this.withoutGraph(text, call);
    }
  }

  /** The call at the place of an error. */
  private callAt({ file, line, column }: Place): Place | null {
    const text = this.host.reporter.text(file);
    const call = text?.callAt(line, column) ?? null;
    return text === null || call === null ? null : { file, ...text.rangeOf(call) };
  }

  private secondBackward({ pass, node, freedBy }: Failure): Explanation {
    const { reporter } = this.host;
    const first = freedBy === null ? -1 : this.host.siteOfPass(freedBy);
    const place = reporter.place(first);
    return {
      code: "second-backward",
      message: freed(place, first === pass.site),
      related: [
        ...reporter.related(first, say("this pass freed the graph")),
        ...(node === null ? [] : reporter.related(node.site, say("{0} was recorded here", node.name()))),
      ],
      fixes: reporter.fixes(first, calls.retainGraph),
    };
  }

  private modified({ pass, node, clash }: Failure): Explanation {
    const { reporter } = this.host;
    const saved = reporter.place(node?.site);
    const write = reporter.place(clash?.site);
    const name = node?.name().replace(/Backward\d*$/, "") ?? say("an operation");
    const recorded =
      saved === null
        ? say("The derivative of {0}", name)
        : say("The derivative of {0}, recorded on line {1},", name, saved.line);
    return {
      code: "inplace-modified-saved",
      message:
        write === null
          ? say(
              "{0} needs a tensor as it was then, and it was overwritten since. Let one of the two work on a copy: .clone().",
              recorded,
            )
          : say(
              "{0} needs a tensor as it was then, and it was overwritten since, in place on line {1}. Let one of the two work on a copy: .clone().",
              recorded,
              write.line,
            ),
      related: [
        ...reporter.related(node?.site, say("{0} saved the tensor here", name)),
        ...reporter.related(clash?.site, say("it was changed in place here")),
        ...reporter.related(pass.site, say("backward() was called here")),
      ],
      fixes: node === null || clash === null ? [] : this.cloneFixes(node, clash),
    };
  }

  /** A copy of the operand whose saved tensor was overwritten, or of the result where that was saved. */
  private cloneFixes(node: _C.Node, clash: Clash): Fix[] {
    const { reporter, ops } = this.host;
    const tensor = _C.savedTensors(node).find(({ name }) => name === clash.name)?.tensor;
    const inputs = ops.get(node)?.inputs ?? [];
    const operand = tensor === undefined ? -1 : inputs.indexOf(tensor);
    return reporter.fixes(node.site, (text, range) =>
      calls.saveClone(text, range, operand < 0 ? null : operand),
    );
  }

  private withoutGraph(text: string, call: Place | null): Explanation {
    const { reporter } = this.host;
    if (text.startsWith("One of")) {
      return {
        code: "why-no-grad",
        message: say(
          "The outputs do not depend on one of the inputs, so there is no gradient of it. allow_unused: true answers null for it.",
        ),
        related: [],
        fixes: reporter.fixes(call, calls.allowUnused),
      };
    }
    if (/floating point/.test(text)) {
      return {
        code: "why-no-grad",
        message: say(
          "An integer has no neighbourhood to take a derivative in: only floating point tensors can require grad.",
        ),
        related: [],
        fixes: reporter.fixes(call, (file, range) => fixes.floatDtype(file, range, false)),
      };
    }
    const names = call === null ? undefined : reporter.text(call.file)?.namesBehind(call);
    const cut = call === null || names === undefined ? null : this.host.cutRoot(call.file, names);
    if (cut !== null) return { code: "why-no-grad", ...cut };
    return {
      code: "why-no-grad",
      message: say(
        "Nothing that this tensor was computed from requires grad, or it was cut off by detach() or no_grad, so there is no graph to walk back. Let the tensors that you want gradients of require grad.",
      ),
      related: [],
      fixes: reporter.fixes(call, fixes.requireGradBehind),
    };
  }
}

function freed(place: Place | null, same: boolean): Words {
  if (place === null)
    return say(
      "The graph's saved values were freed by an earlier pass and this pass needs them again. Compute the loss anew, or keep the graph there with { retain_graph: true }.",
    );
  if (same)
    return say(
      "The graph's saved values were freed by the pass before, from this very line, and this pass needs them again. Compute the loss anew in each iteration, detach() what is carried over from the one before, or keep the graph there with { retain_graph: true }.",
    );
  return say(
    "The graph's saved values were freed by the pass from line {0} and this pass needs them again. Compute the loss anew, or keep the graph there with { retain_graph: true }.",
    place.line,
  );
}
