/** @file What nodes keep for backward, as it was when a pass began. */
import { _C } from "../../core/index.js";

/** What a node had saved, though it may be freed since; `raw` is what `node.saved` was. */
export function savedOf(node: _C.Node, raw: unknown[] | null): _C.SavedValue[] {
  if (raw === null && (node.released || node.extra === null)) return [];
  const before = Object.create(node, { saved: { value: raw }, released: { value: false } }) as _C.Node;
  return _C.savedValues(before);
}
