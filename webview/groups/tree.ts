/** @file The groups of a graph: made once for each graph, whatever of them is folded. */
import type { Card, Graph } from "../model/graph.js";
import { type Draft, isDraft } from "./draft.js";
import { draftsOf } from "./drafts.js";
import { tidy } from "./tidy.js";
import type { Group, GroupTree, Member } from "./types.js";

export function groupTree(graph: Graph): GroupTree {
  const root = draftsOf(graph);
  tidy(root, graph);
  const build = new Build();
  const top = build.members(root, null, "");
  const { sequence, groups, groupOf } = build;
  const placeOf = new Map(sequence.map((card, place) => [card, place]));
  return {
    graph,
    top,
    groups,
    byKey: new Map(groups.map((group) => [group.key, group])),
    sequence,
    placeOf,
    groupOf,
    producers: Int32Array.from(graph.links, (link) => placeOf.get(link.producer) ?? 0),
    consumers: Int32Array.from(graph.links, (link) => placeOf.get(link.consumer) ?? 0),
  };
}

class Build {
  readonly sequence: Card[] = [];
  readonly groups: Group[] = [];
  readonly groupOf = new Map<Card, Group>();

  members(draft: Draft, parent: Group | null, path: string): Member[] {
    const seen = new Map<string, number>();
    return draft.members.map((member) => {
      if (isDraft(member)) {
        const nth = seen.get(member.base) ?? 0;
        seen.set(member.base, nth + 1);
        return this.group(member, parent, `${path}/${member.base}#${nth}`);
      }
      this.sequence.push(member);
      if (parent) this.groupOf.set(member, parent);
      return member;
    });
  }

  private group(draft: Draft, parent: Group | null, key: string): Group {
    const { kind, title, subtitle, unit } = draft;
    const first = this.sequence.length;
    const members: Member[] = [];
    const group = {
      id: `g${this.groups.length}`,
      key,
      kind,
      title,
      subtitle,
      unit,
      parent,
      depth: parent ? parent.depth + 1 : 0,
      members,
      first,
      end: first,
    };
    this.groups.push(group);
    members.push(...this.members(draft, group, key));
    group.end = this.sequence.length;
    if (kind === "part") group.subtitle = linesOf(this.sequence.slice(first));
    return group;
  }
}

/** Where a part's operations stand in the source. */
function linesOf(cards: readonly Card[]): string {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  let file: string | null = null;
  for (const { node } of cards) {
    if (node.kind !== "function" || !node.source) continue;
    if (file !== null && node.source.file !== file) return "";
    file = node.source.file;
    least = Math.min(least, node.source.line);
    most = Math.max(most, node.source.line);
  }
  if (file === null) return "";
  return least === most ? `line ${least}` : `lines ${least}–${most}`;
}
