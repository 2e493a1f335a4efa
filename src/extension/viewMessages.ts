/** @file What the graph page may say, checked where it enters: a page shows data that a program made. */
import type { SourceLocation } from "../protocol/export.js";
import type { FromView } from "../protocol/view.js";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isIndex = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isOneOf = (value: unknown, choices: readonly string[]) => choices.includes(value as string);

function isSource(value: unknown): value is SourceLocation {
  return isFields(value) && typeof value.file === "string" && isIndex(value.line) && isIndex(value.column);
}

const EXPORTS = ["json", "html", "svg", "png", "dot", "graphml", "mermaid"];
const DEBUG = ["step", "stepBack", "continue", "reverseContinue", "pause", "start"];

const CHECKS: { readonly [T in FromView["type"]]: (message: Fields) => boolean } = {
  ready: ({ version }) => isIndex(version),
  getPass: ({ id, index }) => isIndex(id) && isIndex(index),
  getNode: ({ id, pass, node }) => isIndex(id) && isIndex(pass) && isIndex(node),
  reveal: ({ source, focus }) => isSource(source) && typeof focus === "boolean",
  selected: ({ pass, node }) => isIndex(pass) && (node === null || isIndex(node)),
  laidOut: ({ pass, nodes }) => isIndex(pass) && isIndex(nodes),
  run: () => true,
  stop: () => true,
  export: ({ format, content }) =>
    isOneOf(format, EXPORTS) && (content === undefined || typeof content === "string"),
  debug: ({ command }) => isOneOf(command, DEBUG),
  goTo: ({ pass, step }) => isIndex(pass) && isIndex(step),
};

/** The message, or null for what no page of this version sends. */
export function fromView(value: unknown): FromView | null {
  if (!isFields(value) || typeof value.type !== "string" || !Object.hasOwn(CHECKS, value.type)) return null;
  return CHECKS[value.type as FromView["type"]](value) ? (value as unknown as FromView) : null;
}
