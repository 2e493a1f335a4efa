/** @file What is known of a tensor that the cursor points at, from the session and from the runner that holds it. */
import type { ExportNode } from "../../protocol/export.js";
import type { Session } from "../../session/session.js";
import type { Readout } from "../../session/types.js";
import { momentOf } from "../moment.js";
import { whyText } from "../readoutText.js";
import type { Action, Facts, Use } from "./hoverText.js";
import type { Subject } from "./subject.js";

/** The whole text of a tensor of which the session has only the first elements; null where nobody holds it. */
export type FetchText = (grad: boolean) => Promise<string | null>;

export interface FactsRequest {
  readonly session: Session;
  readonly subject: Subject;
  /** The pass that is looked at; null for the last. */
  readonly pass: number | null;
  readonly stale: boolean;
}

/** Where the subject is in the graph, and what was bound there. */
export interface Found {
  readonly title: string;
  readonly readout: Readout | null;
  readonly pass: number | null;
  readonly node: number | null;
  /** The value is that of another moment than the last. */
  readonly moment: string | null;
  readonly site: number | null;
}

/** null where nothing is known of the moment that is looked at. */
export function find({ session, subject, pass }: FactsRequest): Found | null {
  if (subject.kind === "expression") {
    const { expression } = subject;
    const elsewhere = pass !== null && expression.pass !== pass;
    const last = session.outline().passes.at(-1)?.index;
    const moment = expression.pass === last && !elsewhere ? null : momentOf(session, expression.pass);
    return {
      title: expression.text,
      readout: null,
      pass: expression.pass,
      node: expression.node,
      moment,
      site: null,
    };
  }
  const { site, name } = subject.place;
  if (pass !== null) {
    const then = session.variables.asOf(site, pass);
    if (then) {
      const { graph, node } = then;
      return { title: name, readout: then, pass: graph, node, moment: momentOf(session, pass), site: null };
    }
  }
  const last = session.variables.last(site);
  if (!last || (pass !== null && (last.times > 1 || last.requires_grad))) return null;
  return { title: name, readout: last, pass: last.graph, node: last.node, moment: null, site };
}

export async function gather(
  { session, stale }: FactsRequest,
  found: Found,
  text: FetchText,
  actions: readonly Action[],
): Promise<Facts | null> {
  const { readout, pass, node, title, moment, site } = found;
  const detail = pass === null || node === null ? null : session.nodeDetail(pass, node);
  const of = readout ?? detail?.node;
  if (!of) return null;
  // A name holds its tensor as it is now; the node of a pass as it was then.
  const texts = site === null ? detail : session.variables.texts(site);
  const gradFn = readout
    ? (readout.grad_fn ?? null)
    : detail?.node.kind === "function"
      ? detail.node.name
      : null;
  return {
    title,
    shape: of.shape,
    dtype: of.dtype,
    gradFn,
    isLeaf: of.is_leaf,
    requiresGrad: of.requires_grad,
    moment,
    value: of.value,
    grad: of.grad,
    why: of.grad || !of.why_no_grad ? null : whyText(of.why_no_grad, of.dtype),
    valueText: texts?.valueText ?? (await text(false)),
    gradText: of.grad ? (texts?.gradText ?? (await text(true))) : null,
    uses: pass === null || node === null ? [] : usesOf(session, pass, node),
    derivative: detail?.node.derivative ?? [],
    actions,
    stale,
  };
}

/** The calls that took the tensor as an input, in the order of the text. */
function usesOf(session: Session, index: number, node: number): Use[] {
  const pass = session.kept(index);
  if (!pass) return [];
  const users = new Set(pass.structure.edges.filter(({ to }) => to === node).map(({ from }) => from));
  const told = [...users].map((user): Use & { readonly key: string } => {
    const { text, name, source } = pass.exportNode(user) as ExportNode;
    const line = source?.line ?? null;
    return { name: text || name || "", line, key: `${line} ${text || name}` };
  });
  const unique = [...new Map(told.map((use) => [use.key, use])).values()];
  return unique.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
