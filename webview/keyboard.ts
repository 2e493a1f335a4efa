/** @file The page's keys. Fields, menus and dialogs keep theirs. */
import type { Relation } from "./model/subset.js";
import type { FoldCommand } from "./page/folding.js";
import type { Arrow } from "./ui/neighbour.js";

export interface KeyActions {
  /** False where there is nothing to move in. */
  arrow(arrow: Arrow): boolean;
  open(): void;
  /** Folds or unfolds; false where there is no group. */
  fold(): boolean;
  folds(command: FoldCommand): void;
  /** Selects the group around what is selected. */
  outer(): void;
  home(): void;
  step(by: 1 | -1): void;
  play(): void;
  pass(by: 1 | -1): void;
  find(): void;
  help(): void;
  escape(): void;
  fit(): void;
  zoom(factor: number): void;
  toggle(key: "gradients" | "legend" | "constants" | "map"): void;
  focusOn(what: Relation | "path"): void;
  turn(): void;
}

const ARROWS: ReadonlySet<string> = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);

function actionFor(key: string, actions: KeyActions): (() => void) | undefined {
  const table: Readonly<Record<string, () => void>> = {
    Enter: () => actions.open(),
    Home: () => actions.home(),
    ",": () => actions.step(-1),
    ".": () => actions.step(1),
    // Without a group to fold, Space plays, as everywhere.
    " ": () => void (actions.fold() || actions.play()),
    p: () => actions.play(),
    o: () => actions.outer(),
    e: () => actions.folds("around"),
    u: () => actions.folds("unpin"),
    z: () => actions.folds("undo"),
    "0": () => actions.folds("automatic"),
    "1": () => actions.folds("none"),
    "*": () => actions.folds("all"),
    "[": () => actions.pass(-1),
    "]": () => actions.pass(1),
    "/": () => actions.find(),
    "?": () => actions.help(),
    Escape: () => actions.escape(),
    f: () => actions.fit(),
    "+": () => actions.zoom(1.25),
    "=": () => actions.zoom(1.25),
    "-": () => actions.zoom(1 / 1.25),
    g: () => actions.toggle("gradients"),
    l: () => actions.toggle("legend"),
    m: () => actions.toggle("map"),
    d: () => actions.turn(),
    c: () => actions.toggle("constants"),
    a: () => actions.focusOn("ancestors"),
    s: () => actions.focusOn("descendants"),
    r: () => actions.focusOn("reaching"),
    w: () => actions.focusOn("path"),
  };
  if (/^[2-9]$/.test(key)) return () => actions.folds(Number(key) - 1);
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Keys that buttons and links need themselves. */
const PRESSING: ReadonlySet<string> = new Set(["Enter", " "]);

export function listenForKeys(actions: KeyActions): void {
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.defaultPrevented ||
      !(target instanceof Element)
    )
      return;
    if (target.closest("input, select, textarea, dialog[open]")) {
      if (key !== "Escape" || target.closest("dialog")) return;
    }
    if (target.closest("button, [role=menu]") && PRESSING.has(key)) return;
    const handled = ARROWS.has(key)
      ? target.closest("aside") === null && actions.arrow(key as Arrow)
      : run(actionFor(key, actions));
    if (handled) event.preventDefault();
  });
}

function run(action: (() => void) | undefined): boolean {
  action?.();
  return action !== undefined;
}
