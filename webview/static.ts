/**
 * @file The page's drawing without a page: pictures of a pass as text, for the command line. This entry
 * becomes a bundle of its own that needs neither a browser nor Node.
 */
import type { PassView } from "../src/protocol/view.js";
import { Measure, type Ruler } from "./canvas/measure.js";
import { type Look, measureFrames, measureItems, Scene } from "./canvas/scene.js";
import type { Theme } from "./canvas/theme.js";
import { svgOf } from "./exporting.js";
import { dotOf } from "./formats/dot.js";
import { AUTOMATIC } from "./groups/folds.js";
import { shownOf } from "./groups/shown.js";
import { groupTree } from "./groups/tree.js";
import { layout } from "./layout/layout.js";
import { layoutInput } from "./layout-request.js";
import { buildGraph } from "./model/graph.js";

/** The light values of style/theme.css, with its mixes worked out. */
const THEME: Theme = {
  colours: {
    bg: "rgb(255, 255, 255)",
    fg: "rgb(59, 59, 59)",
    quiet: "rgb(102, 102, 102)",
    card: "rgb(249, 249, 249)",
    line: "rgb(181, 181, 181)",
    edge: "rgb(173, 173, 173)",
    leaf: "rgb(0, 99, 211)",
    "leaf-text": "rgb(12, 91, 181)",
    root: "rgb(56, 138, 52)",
    "root-text": "rgb(57, 116, 54)",
    grad: "rgb(209, 134, 22)",
    "grad-text": "rgb(146, 102, 38)",
    bad: "rgb(199, 46, 46)",
    "bad-text": "rgb(171, 49, 49)",
    saved: "rgb(101, 45, 144)",
    focus: "rgb(0, 95, 184)",
    select: "rgb(0, 95, 184)",
    cursor: "rgb(185, 154, 0)",
    added: "rgb(46, 160, 67)",
    changed: "rgb(0, 95, 184)",
  },
  sans: 'system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif',
  mono: 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  highContrast: false,
};

/** Nobody points at a picture, and its walk is over. */
const LOOK: Look = {
  position: Number.MAX_SAFE_INTEGER,
  walking: false,
  selected: null,
  focused: null,
  hovered: null,
  atCursor: new Set(),
  hits: null,
  shown: null,
  heat: null,
  changes: new Map(),
  gradients: false,
  flow: "forward",
};

const EMPTY: PassView = {
  run: "",
  index: 0,
  nodes: [],
  edges: [],
  roots: [],
  source: null,
  call: "live",
  retain_graph: false,
  create_graph: false,
  steps: [],
};

/** A whole SVG document; a large graph is folded as the panel would. @param pass null where a program made no graph */
export async function svg(pass: PassView | null, title: string): Promise<string> {
  const shown = shownOf(groupTree(buildGraph(pass ?? EMPTY)), AUTOMATIC);
  const measure = new Measure(THEME, new EstimatingRuler());
  const sizes = measureItems(shown, measure);
  const placed = await layout(
    layoutInput({
      shown,
      sizes,
      titles: measureFrames(shown, measure),
      orientation: "down",
      flow: "forward",
      previous: new Map(),
      pinned: new Set(),
    }),
  );
  const scene = new Scene(shown, sizes, placed, "down", THEME, measure);
  return svgOf(scene, { ...LOOK, position: shown.graph.pass.steps.length }, THEME, title);
}

/** The graph for Graphviz. @param pass null where a program made no graph */
export function dot(pass: PassView | null): string {
  return dotOf(buildGraph(pass ?? EMPTY));
}

/**
 * Widths of letters where no font is at hand, in hundredths of the font's size: on the wide side of the usual
 * system fonts, so that a card is never too narrow for its text.
 */
class EstimatingRuler implements Ruler {
  font = "";

  measureText(text: string): { readonly width: number } {
    const size = Number(/([\d.]+)px/.exec(this.font)?.[1] ?? 100);
    const mono = /mono|consolas|menlo/i.test(this.font);
    const bold = /\b(bold|[6-9]00)\b/.test(this.font) ? 1.06 : 1;
    let width = 0;
    for (const letter of text) width += mono ? monoWidth(letter) : sansWidth(letter) * bold;
    return { width: (width * size) / 100 };
  }
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\u{1f300}-\u{1faff}]/u;

function monoWidth(letter: string): number {
  return WIDE.test(letter) ? 120 : 61;
}

function sansWidth(letter: string): number {
  if (WIDE.test(letter)) return 105;
  if (/[ijl.,:;'|!()[\]`]/.test(letter)) return 31;
  if (/[frt "/\\-]/.test(letter)) return 40;
  if (/[mwMW@%]/.test(letter)) return 93;
  return /\p{Lu}/u.test(letter) ? 70 : 60;
}
