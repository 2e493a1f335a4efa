/** @file [n] against [n, 1]: element by element was meant, each with each is what comes. */
import type { Tensor } from "../../../core/index.js";
import { onOperand, operandText } from "../../../instrument/fixes/calls.js";
import { say } from "../../../protocol/words.js";
import type { OpIndex } from "../ops.js";
import type { Origins } from "../origins.js";
import type { Reporter } from "./reporter.js";

/** Operations that give a tensor such a shape on purpose. */
const ON_PURPOSE =
  /^(Unsqueeze|View|Reshape|ReshapeAlias|Unsafe_?View|Expand|T|Transpose|Permute|Index|Slice)/;
const ON_PURPOSE_CALLS = new Set("unsqueeze view reshape expand t transpose permute index".split(" "));

export class Broadcasts {
  constructor(
    private readonly reporter: Reporter,
    private readonly ops: OpIndex,
    private readonly origins: Origins,
  ) {}

  /** An operation was recorded; quick, since each one comes here. */
  check(inputs: readonly (Tensor | null)[], output: Tensor, site: number): void {
    if (inputs.length !== 2) return;
    const [a, b] = inputs;
    if (a == null || b == null || a._shape.length + b._shape.length !== 3) return;
    const flat = a._shape.length === 1 ? a : b;
    const column = flat === a ? b : a;
    const n = flat._shape[0]!;
    const squares = column._shape.length === 2 && column._shape[0] === n && column._shape[1] === 1;
    if (n < 2 || !squares) return;
    // A product of matrix and vector has other shapes; a reduced loss of the two has none.
    const { _shape: shape } = output;
    const broadcast = shape.length === 0 || (shape.length === 2 && shape[0] === n && shape[1] === n);
    if (!broadcast || this.isOnPurpose(column) || this.isOnPurpose(flat)) return;
    this.tell(inputs.indexOf(column), n, site);
  }

  private tell(column: number, n: number, site: number): void {
    const { reporter } = this;
    const place = reporter.place(site);
    const text = place === null ? null : reporter.text(place.file);
    const name = (operand: number) =>
      (place === null || text === null ? null : operandText(text, place, operand)) ?? say("the other");
    reporter.report(
      {
        code: "broadcast-surprise",
        message: say(
          "[{0}] meets [{0}, 1] and becomes [{0}, {0}]: every element of {1} with every one of {2}, {3} pairs in place of {0}. Give both the same shape, e.g. {2}.squeeze(1).",
          n,
          name(1 - column),
          name(column),
          n * n,
        ),
        fixes: reporter.fixes(site, (program, range) => [
          ...onOperand(
            program,
            range,
            column,
            "squeeze(1)",
            say("Element by element: .squeeze(1) makes it [n]"),
          ),
          ...onOperand(
            program,
            range,
            1 - column,
            "unsqueeze(1)",
            say("Element by element: .unsqueeze(1) makes it [n, 1]"),
          ),
        ]),
      },
      place,
    );
  }

  /** Whether the very call that made the tensor gave it its shape by name. */
  private isOnPurpose(tensor: Tensor): boolean {
    if (tensor._gradFn !== null) {
      const op = this.ops.get(tensor._gradFn);
      return ON_PURPOSE.test(tensor._gradFn.name()) && op?.label === -1;
    }
    const origin = this.origins.get(tensor);
    const call = this.reporter.site(origin?.site);
    return call !== null && origin?.label === -1 && ON_PURPOSE_CALLS.has(call.name ?? "");
  }
}
