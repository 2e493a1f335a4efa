/** @file What a check of gradients found, in words: for a line, for the pointer over it, for the whole program. */
import type { GradientCheck } from "../../protocol/checks.js";
import { t } from "../words.js";

/** Of several passes the worst counts. */
const RANK = ["disagrees", "unchecked", "rounding", "agrees"] as const satisfies GradientCheck["verdict"][];

export interface CheckedLine {
  /** 1-based, as it ran. */
  readonly line: number;
  readonly file: string;
  readonly verdict: GradientCheck["verdict"];
  readonly text: string;
  readonly tooltip: string;
}

/** One line for each place that binds a leaf which was checked. */
export function checkedLines(checks: readonly GradientCheck[]): CheckedLine[] {
  const groups = new Map<string, GradientCheck[]>();
  for (const check of checks) {
    if (check.place === null) continue;
    const key = `${check.place.file}:${check.place.line}`;
    const group = groups.get(key);
    if (group) group.push(check);
    else groups.set(key, [check]);
  }
  return [...groups.values()].map((group) => {
    const verdict = worst(group);
    const { file, line } = group[0]!.place!;
    return { file, line, verdict, text: summary(group, verdict), tooltip: group.map(detail).join("\n") };
  });
}

function worst(group: readonly GradientCheck[]): GradientCheck["verdict"] {
  return RANK.find((verdict) => group.some((check) => check.verdict === verdict)) ?? "agrees";
}

function summary(group: readonly GradientCheck[], verdict: GradientCheck["verdict"]): string {
  if (verdict === "unchecked") return t("gradient not compared");
  if (verdict === "disagrees") {
    const { analytic, numeric } = group.find((check) => check.verdict === "disagrees")!;
    return t("gradient is wrong: {0} where {1} is measured", short(analytic), short(numeric));
  }
  return t("gradient agrees with finite differences");
}

function detail(check: GradientCheck): string {
  const { pass, leaf, verdict, elements, directions, difference, reason } = check;
  const who = t("Pass {0}, {1}", pass + 1, leaf ?? t("a leaf"));
  if (verdict === "unchecked") return `${who}: ${t("not compared, because {0}", reason ?? "")}`;
  const extent = t("{0} of {1} elements", elements, sizeOf(check));
  const along = directions > 0 ? `, ${t("{0} random directions", directions)}` : "";
  const within = t("within {0} of its largest element", difference.toExponential(0));
  const why =
    verdict === "disagrees" ? ` (${reason})` : verdict === "rounding" ? ` (${t("float32 rounding")})` : "";
  return `${who}: ${extent}${along}, ${within}${why}`;
}

function sizeOf({ shape }: GradientCheck): number {
  return shape.reduce((product, size) => product * size, 1);
}

function short(value: number | null): string {
  return value === null ? "?" : String(Number(value.toPrecision(4)));
}

/** The whole check in a sentence or two. */
export function outcomeText(checks: readonly GradientCheck[]): string {
  const count = (verdict: GradientCheck["verdict"]) =>
    checks.filter((check) => check.verdict === verdict).length;
  if (checks.length === 0) return t("The program walked no graph back, so there was nothing to compare.");
  const wrong = count("disagrees");
  const unchecked = count("unchecked");
  const all = t("{0} gradients compared with finite differences.", checks.length);
  const result =
    wrong === 0 ? t("None is wrong.") : t("{0} wrong; the Problems panel names the operation.", wrong);
  return [all, result, ...(unchecked > 0 ? [t("{0} could not be compared.", unchecked)] : [])].join(" ");
}
