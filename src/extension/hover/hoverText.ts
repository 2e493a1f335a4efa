/** @file The words of a hover, as Markdown whose every part from the program is escaped or in a code block. */
import type { ExportNode, GradSummary, ValueSummary } from "../../protocol/export.js";
import { histogram } from "../../session/glyphs.js";
import { numberText, shapeText } from "../readoutText.js";
import { t } from "../words.js";

/** A link that runs a command of ours. */
export interface Action {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

export interface Use {
  readonly name: string;
  readonly line: number | null;
}

/** What is known of a tensor. */
export interface Facts {
  /** The name or the expression. */
  readonly title: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly gradFn: string | null;
  readonly isLeaf: boolean;
  readonly requiresGrad: boolean;
  readonly moment: string | null;
  readonly value: ValueSummary | null;
  readonly grad: GradSummary | null;
  /** Why there is no gradient. */
  readonly why: string | null;
  /** As PyTorch prints them. */
  readonly valueText: string | null;
  readonly gradText: string | null;
  readonly uses: readonly Use[];
  readonly derivative: ExportNode["derivative"];
  readonly actions: readonly Action[];
  /** The text was edited since. */
  readonly stale: boolean;
}

const BINS = 24;
/** A histogram of fewer elements tells less than the elements. */
const MANY = 7;

export function hoverText(facts: Facts): string {
  const sections = [
    heading(facts),
    // Above what may be too long for the hover.
    facts.actions.map(link).join(" &nbsp;·&nbsp; "),
    block(facts.valueText),
    statistics(facts.value, facts.shape),
    gradient(facts),
    uses(facts.uses),
    derivative(facts),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function heading({ title, shape, dtype, gradFn, isLeaf, requiresGrad, moment, stale }: Facts): string {
  const kind = gradFn ? `\`${gradFn}\`` : isLeaf ? t("leaf") : t("non-leaf");
  const parts = [kind, `${dtype} ${shapeText(shape)}`];
  if (requiresGrad && !gradFn) parts.push("`requires_grad`");
  if (moment) parts.push(escaped(moment));
  if (stale) parts.push(t("stale"));
  return `${code(title)} — ${parts.join(" · ")}`;
}

/** Lines of a tensor's text; what is said below it is to be seen, too. */
const LINES = 7;

function block(text: string | null): string {
  if (text === null) return "";
  const lines = text.split("\n");
  if (lines.length <= LINES) return fenced(text);
  const half = Math.floor(LINES / 2);
  const indent = /^\s*/.exec(lines[half]!)![0];
  return fenced([...lines.slice(0, half), `${indent}...,`, ...lines.slice(-half)].join("\n"));
}

function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function statistics(value: ValueSummary | null, shape: readonly number[]): string {
  if (!value || shape.length === 0) return "";
  const told = Object.entries({ min: value.min, max: value.max, mean: value.mean, norm: value.norm })
    .filter(([, number]) => number !== null)
    .map(([name, number]) => `${name} ${numberText(number!)}`);
  if (value.nan > 0) told.push(`**${value.nan} NaN**`);
  if (value.inf > 0) told.push(`**${t("{0} infinite", value.inf)}**`);
  const lines = told.length > 0 ? [told.join(" · ")] : [];
  const spread = value.data.length >= MANY ? histogram(value.data, BINS) : null;
  if (spread) {
    const part = value.truncated ? ` (${t("of the first {0} elements", value.data.length)})` : "";
    lines.push(`${numberText(spread.low)} ${code(spread.text)} ${numberText(spread.high)}${part}`);
  }
  return lines.join("  \n");
}

function gradient({ grad, gradText, shape, why }: Facts): string {
  if (!grad) return why === null ? "" : `**grad** — ${escaped(why)}`;
  const times = grad.updates === 1 ? t("accumulated once") : t("accumulated {0} times", grad.updates);
  return [`**grad** — ${times}`, block(gradText), statistics(grad, shape)].filter(Boolean).join("\n\n");
}

/** So many uses are told. */
const USES = 6;

function uses(all: readonly Use[]): string {
  if (all.length === 0) return "";
  const told = all
    .slice(0, USES)
    .map(({ name, line }) => (line === null ? code(name) : `${code(name)} ${t("on line {0}", line)}`));
  if (all.length > USES) told.push(t("{0} more", all.length - USES));
  return `**${t("used by")}** — ${told.join(", ")}`;
}

function derivative({ derivative = [], gradFn }: Facts): string {
  if (derivative.length === 0 || !gradFn) return "";
  const lines = derivative.map(({ input, formula }) => `∂L/∂${input} = ${formula}`);
  return [`**${t("derivative")}** — ${t("grad is ∂L/∂ the result")}`, fenced(lines.join("\n"))].join("\n\n");
}

export function link({ title, command, arguments: args }: Action): string {
  // A parenthesis would end the link.
  const query = encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, (c) => (c === "(" ? "%28" : "%29"));
  return `[${escaped(title)}](command:${command}?${query})`;
}

/** Inline code that holds any text. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, " ").trim() || " ";
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = "`".repeat(longest + 1);
  return longest > 0 ? `${ticks} ${line} ${ticks}` : `${ticks}${line}${ticks}`;
}

const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!<>|~&]/g, "\\$&");
