/** @file Finds repeated structure among the members of a group: iterations, calls and modules that are alike. */
import type { Card } from "../model/graph.js";
import { type Draft, draft, isDraft } from "./draft.js";

/** Two may stand as they are. */
const FEWEST = 3;

/** Numbers for structures: the same operations in the same order, groups included, have the same number. */
export class Structures {
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<Draft, number>();

  of(group: Draft): number {
    const found = this.known.get(group);
    if (found !== undefined) return found;
    const members = group.members.flatMap((member) => {
      if (isDraft(member)) return [`(${this.of(member)})`];
      return member.node.kind === "function" ? [member.node.name ?? ""] : [];
    });
    const number = this.number(members.join(" "));
    this.known.set(group, number);
    return number;
  }

  private number(text: string): number {
    const found = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, found);
    return found;
  }
}

/** Puts each run of alike groups, with no operation of another kind between, into a series. */
export function gatherSeries(group: Draft, structures: Structures): void {
  const runs = runsOf(group, structures).filter((run) => run.length >= FEWEST);
  if (runs.length === 0) return;
  const inSeries = new Map<Card | Draft, Draft>();
  for (const run of runs) {
    const series = seriesOf(run, group);
    for (const instance of run) inSeries.set(instance, series);
  }
  const seen = new Set<Draft>();
  group.members = group.members.flatMap((member) => {
    const series = inSeries.get(member);
    if (!series) return [member];
    if (seen.has(series)) return [];
    seen.add(series);
    return [series];
  });
}

function runsOf(group: Draft, structures: Structures): Draft[][] {
  const runs: Draft[][] = [];
  let like = "";
  for (const member of group.members) {
    if (!isDraft(member)) {
      if (member.node.kind === "function") like = "";
      continue;
    }
    const now = likeness(member, structures);
    if (now !== "" && now === like) runs[runs.length - 1]!.push(member);
    else runs.push([member]);
    like = now;
  }
  return runs;
}

/** Iterations of one loop and calls of one function are alike; modules, if their operations are. */
function likeness(group: Draft, structures: Structures): string {
  if (group.kind === "loop" || group.kind === "function") return group.base;
  return group.kind === "module" ? `${pattern(group.instance)} ${structures.of(group)}` : "";
}

function pattern(name: string): string {
  return name.replace(/\d+/g, "#");
}

function seriesOf(run: readonly Draft[], parent: Draft): Draft {
  const [first] = run;
  const { kind, title, subtitle, unit, base, instance } = first!;
  const module = kind === "module";
  const series = draft("series", `series ${module ? pattern(base) : base}`, parent, {
    title: module ? spanOfNames(instance, run[run.length - 1]!.instance) : title,
    subtitle: module ? "" : (subtitle.split(" · ")[0] ?? ""),
    unit: module && run.every((each) => each.instance === instance) ? "calls" : unit,
  });
  series.members = [...run];
  for (const each of run) {
    each.parent = series;
    each.title = each.instance;
  }
  return series;
}

/** `layers.0.norm` … `layers.11.norm` as `layers.0–11.norm`. */
export function spanOfNames(first: string, last: string): string {
  const [from, to] = [first, last].map((name) => name.split(/(\d+)/)) as [string[], string[]];
  const differs = from.findIndex((part, i) => part !== to[i]);
  if (differs < 0) return first;
  return from.map((part, i) => (i === differs ? `${part}–${to[i] ?? ""}` : part)).join("");
}
