/** @file The page's icons: VS Code's own (codicons), as text in the bundle, since a page on its own has no font of them. */
import down from "@vscode/codicons/src/icons/arrow-down.svg";
import right from "@vscode/codicons/src/icons/arrow-right.svg";
import reverse from "@vscode/codicons/src/icons/arrow-swap.svg";
import gradients from "@vscode/codicons/src/icons/arrow-up.svg";
import below from "@vscode/codicons/src/icons/chevron-down.svg";
import previous from "@vscode/codicons/src/icons/chevron-left.svg";
import next from "@vscode/codicons/src/icons/chevron-right.svg";
import up from "@vscode/codicons/src/icons/chevron-up.svg";
import close from "@vscode/codicons/src/icons/close.svg";
import debug from "@vscode/codicons/src/icons/debug-alt.svg";
import last from "@vscode/codicons/src/icons/debug-continue.svg";
import pause from "@vscode/codicons/src/icons/debug-pause.svg";
import first from "@vscode/codicons/src/icons/debug-reverse-continue.svg";
import stop from "@vscode/codicons/src/icons/debug-stop.svg";
import compare from "@vscode/codicons/src/icons/diff.svg";
import save from "@vscode/codicons/src/icons/export.svg";
import groups from "@vscode/codicons/src/icons/fold.svg";
import legend from "@vscode/codicons/src/icons/list-unordered.svg";
import map from "@vscode/codicons/src/icons/map.svg";
import play from "@vscode/codicons/src/icons/play.svg";
import help from "@vscode/codicons/src/icons/question.svg";
import fit from "@vscode/codicons/src/icons/screen-full.svg";
import find from "@vscode/codicons/src/icons/search.svg";
import beside from "@vscode/codicons/src/icons/split-horizontal.svg";
import colour from "@vscode/codicons/src/icons/symbol-color.svg";
import constants from "@vscode/codicons/src/icons/symbol-constant.svg";
import follow from "@vscode/codicons/src/icons/target.svg";
import back from "@vscode/codicons/src/icons/triangle-left.svg";
import forward from "@vscode/codicons/src/icons/triangle-right.svg";
import plus from "@vscode/codicons/src/icons/zoom-in.svg";
import minus from "@vscode/codicons/src/icons/zoom-out.svg";

const ICONS = {
  back,
  below,
  beside,
  close,
  colour,
  compare,
  constants,
  debug,
  down,
  export: save,
  find,
  first,
  fit,
  follow,
  forward,
  gradients,
  groups,
  help,
  last,
  legend,
  map,
  minus,
  next,
  pause,
  play,
  plus,
  previous,
  reverse,
  right,
  run: play,
  stop,
  up,
} as const;

export type Icon = keyof typeof ICONS;

const parsed = new Map<Icon, Element>();

export function icon(name: Icon): Element {
  let element = parsed.get(name);
  if (!element) {
    element = new DOMParser().parseFromString(ICONS[name], "image/svg+xml").documentElement;
    element.setAttribute("class", "gw-icon");
    element.setAttribute("aria-hidden", "true");
    element.setAttribute("focusable", "false");
    parsed.set(name, element);
  }
  return document.importNode(element, true);
}
