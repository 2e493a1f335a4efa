/** @file The words of a hover over the call of a backward pass: what it started from, what it ran, what it reached. */
import type { JsonNumber } from "../../protocol/export.js";
import { sparkline } from "../../session/glyphs.js";
import type { BackwardReadout } from "../../session/types.js";
import { numberText } from "../readoutText.js";
import { t } from "../words.js";
import { type Action, code, link } from "./hoverText.js";

export interface PassFacts {
  readonly readout: BackwardReadout;
  /** The call as it stands in the text. */
  readonly text: string;
  /** Which of its passes is told; null where there is one. */
  readonly which: string | null;
  /** Norm of the gradient that each leaf got, by its name. */
  readonly norms: Readonly<Record<string, number>>;
  readonly actions: readonly Action[];
  readonly stale: boolean;
}

/** Leaves that are told; the largest gradients come first. */
const LEAVES = 8;
const SPARKS = 40;

export function passText(facts: PassFacts): string {
  const sections = [
    heading(facts),
    facts.actions.map(link).join(" &nbsp;·&nbsp; "),
    leaves(facts),
    course(facts.readout),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

function heading({ readout, text, which, stale }: PassFacts): string {
  const { root, rootName, steps } = readout;
  const parts: string[] = [];
  if (root !== null) parts.push(`${rootName === null ? t("root") : code(rootName)} ${numberText(root)}`);
  parts.push(steps === 1 ? t("1 node run") : t("{0} nodes run", steps));
  if (which !== null) parts.push(which);
  if (stale) parts.push(t("stale"));
  return `${code(text)} — ${parts.join(" · ")}`;
}

function leaves({ norms, readout }: PassFacts): string {
  const all = Object.entries(norms).sort(([, a], [, b]) => b - a);
  const reached = readout.leaves === 1 ? t("1 leaf reached") : t("{0} leaves reached", readout.leaves);
  const told = all.slice(0, LEAVES).map(([name, norm]) => `${code(name)} ‖${numberText(finite(norm))}‖`);
  if (all.length > LEAVES) told.push(t("{0} more", all.length - LEAVES));
  return told.length === 0 ? `**${reached}**` : `**${reached}** — ${told.join(", ")}`;
}

/** How the root's value went over the passes of a loop. */
function course({ roots }: BackwardReadout): string {
  const known = roots.filter((root) => root !== null);
  if (known.length < 2) return "";
  const numbers = known.filter((root) => Number.isFinite(root));
  const picture = code(sparkline(roots, SPARKS));
  const words = t("from {0} to {1} in {2} passes", shown(roots.at(0)), shown(roots.at(-1)), roots.length);
  if (numbers.length === 0) return `${picture} ${words}`;
  const least = numbers.reduce((a, b) => Math.min(a, b));
  return `${picture} ${words}, ${t("least {0}", numberText(least))}`;
}

const shown = (root: number | null | undefined) => (root == null ? "?" : numberText(finite(root)));

/** As the export writes what JSON cannot hold. */
const finite = (value: number): JsonNumber =>
  Number.isFinite(value) ? value : Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
