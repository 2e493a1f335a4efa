/** @file The menu of what can be done to all groups at once. */
import type { FoldCommand } from "../page/folding.js";
import type { MenuItem } from "./menu.js";

export interface FoldActions {
  fold(command: FoldCommand): void;
}

const ENTRIES: readonly (readonly [text: string, command: FoldCommand, separated?: boolean])[] = [
  ["Unfold what fits ( 0 )", "automatic"],
  ["Unfold all ( * )", "all"],
  ["Fold all ( 1 )", "none"],
  ["Unfold one level ( 2 )", 1],
  ["Unfold two levels ( 3 )", 2],
  ["Unfold around the selection ( e )", "around", true],
  ["Undo the last move ( z )", "undo", true],
  ["Let go of what was moved ( u )", "unpin"],
];

export function foldMenu(actions: FoldActions): MenuItem[] {
  return ENTRIES.map(([text, command, separated = false]) => ({
    text,
    separated,
    act: () => actions.fold(command),
  }));
}
