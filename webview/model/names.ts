/** @file What a node is called, and how a long name is shortened. */
import type { ViewNode } from "../../src/protocol/view.js";

/** Characters that would reorder or hide their surroundings are shown as what they are: nothing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a name may hold control characters; they are what this removes
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/g;

export function cleanName(text: string): string {
  return text.replace(INVISIBLE, " ").trim();
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Cuts by what a reader sees as one character, so that no emoji or accent is torn. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let kept = "";
  let count = 0;
  for (const { segment } of segmenter.segment(text.slice(0, limit * 8))) {
    if (++count >= limit) return `${kept}…`;
    kept += segment;
  }
  return kept.length < text.length ? `${kept}…` : kept;
}

/** Longest text of a call that a card shows whole. */
const CALL_LIMIT = 24;

/** `y.sub(target).pow(2)` as `….pow(2)`, once it is too long to show whole: the last call is what made the node. */
export function shortCall(text: string): string {
  const clean = cleanName(text).replace(/\s+/g, " ");
  if (clean.length <= CALL_LIMIT) return clean;
  const open = openingOfLastCall(clean);
  if (open < 0) return shorten(clean, CALL_LIMIT);
  const dot = clean.lastIndexOf(".", open);
  const name = dot < 0 ? clean.slice(0, open) : `…${clean.slice(dot, open)}`;
  const args = clean.slice(open);
  return name.length + args.length <= CALL_LIMIT ? name + args : `${shorten(name, CALL_LIMIT - 3)}(…)`;
}

/** Index of the parenthesis that opens the argument list which ends the text; -1 if it does not end so. */
function openingOfLastCall(text: string): number {
  if (!text.endsWith(")")) return -1;
  let depth = 0;
  for (let i = text.length - 1; i >= 0; i--) {
    const character = text[i];
    if (character === ")") depth++;
    else if (character === "(" && --depth === 0) return i;
  }
  return -1;
}

/** Longest name that a card is asked to draw; the details pane has it whole. */
const NAME_LIMIT = 28;
const FUNCTION_LIMIT = 44;

/**
 * The card's first words: the variable, else the call, else the function's name. Where the call made several nodes,
 * the function's name tells them apart.
 */
export function titleOf(node: ViewNode, shared = false): string {
  if (node.label) return shorten(cleanName(node.label), NAME_LIMIT) || "(unprintable)";
  if (node.text && !shared) return shortCall(node.text) || "(unprintable)";
  return node.name ?? "constant";
}

/** What stands beside the title, more quietly. */
export function subtitleOf(node: ViewNode, shared = false): string {
  if (node.name !== null && titleOf(node, shared) !== node.name)
    return shorten(cleanName(node.name), FUNCTION_LIMIT);
  return node.kind === "constant" && node.label ? "constant" : "";
}

/** What of a title tells most where not all of it has room: an operation without `Backward0`, a path's end. */
export function briefTitle(title: string): string {
  const operation = /^(\w+?)Backward\d*$/.exec(title)?.[1];
  if (operation) return operation;
  const path = /^[\w$]+(?:\.[\w$]+)*\.([\w$]+\.[\w$]+)$/.exec(title)?.[1];
  return path ? `…${path}` : title;
}

/** The nodes that one call in the program made together with others: library code has no lines of its own. */
export function sharingCalls(nodes: readonly ViewNode[]): ReadonlySet<ViewNode> {
  const first = new Map<string, ViewNode>();
  const sharing = new Set<ViewNode>();
  for (const node of nodes) {
    if (!node.source || !node.text) continue;
    const { file, line, column } = node.source;
    const call = `${file}:${line}:${column} ${node.text} ${turnOf(node.scope)}`;
    const other = first.get(call);
    if (!other) first.set(call, node);
    else {
      sharing.add(other);
      sharing.add(node);
    }
  }
  return sharing;
}

/** Which time it is that the program comes by: counts of the loops and functions that run, but not of modules. */
function turnOf(scope: ViewNode["scope"]): string {
  return scope
    .map((each) => (each.kind === "loop" ? each.iteration : each.kind === "function" ? each.call : ""))
    .join();
}

/** Where it ran, outermost first: modules, calls and iterations, each by its count. */
export function scopeText(node: ViewNode): string {
  return node.scope
    .map((scope) =>
      scope.kind === "loop"
        ? `${scope.name} on line ${scope.line}, iteration ${scope.iteration}`
        : `${cleanName(scope.name)}${scope.kind === "function" ? "()" : ""}, call ${scope.call}`,
    )
    .join(" › ");
}
