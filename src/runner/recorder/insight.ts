/** @file What the recorder lets live stepping see and do. */
import type { _C, Tensor } from "../../core/index.js";
import type { Bindings } from "./bindings.js";
import type { OpIndex } from "./ops.js";
import type { Origins } from "./origins.js";
import type { Pass } from "./pass.js";
import type { Problems } from "./problems.js";

/** A saved tensor that was written to since it was saved. */
export interface Clash {
  readonly name: string;
  readonly expected: number;
  readonly found: number;
  /** Site that wrote to it last, or null. */
  readonly site: number | null;
}

export interface Insight {
  readonly ops: OpIndex;
  readonly origins: Origins;
  readonly bindings: Bindings;
  readonly problems: Problems;
  passOf(task: _C.GraphTask): Pass | undefined;
  /** A pass in progress, or one that is kept. */
  passAt(index: number): Pass | undefined;
  /** Queues the whole record of a pass in progress, which was changed by hand. */
  tellAgain(pass: Pass): void;
  /** Queues a record that was not sent yet: of this pass, or of the latest for null; false where none is left. */
  tellOlder(index: number | null): boolean;
  clash(node: _C.Node): Clash | null;
  /** The tensor's memory is about to be written to by hand: what was recorded of it keeps its value. */
  preserve(tensor: Tensor): void;
  /** Marks every step from here on as altered. */
  alter(): void;
}
