/** @file The rows of the view "Gradients": what each says, to the eye and to a screen reader, and what it opens. */
import { basename } from "node:path";
import type { PassOutline } from "../../protocol/view.js";
import type { Leaf } from "../../session/leaves.js";
import type { Session } from "../../session/session.js";
import type { BackwardReadout, Problem } from "../../session/types.js";
import { momentOf } from "../moment.js";
import { backwardText, numberText, readoutText, shapeText, valueText, whichPass } from "../readoutText.js";
import { t } from "../words.js";

export interface Row {
  /** Stays the same from run to run, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** What a screen reader says; label and description where nothing is told. */
  readonly spoken?: string;
  readonly tooltip?: string;
  readonly icon?: string;
  /** Of rows that hold others. */
  readonly open?: boolean;
  readonly context?: string;
  readonly command?: { readonly command: string; readonly arguments: readonly unknown[] };
  readonly children?: () => readonly Row[];
}

export interface RowsRequest {
  readonly session: Session;
  /** The pass that is looked at. */
  readonly pass: number | null;
  /** It is not the last one. */
  readonly elsewhere: boolean;
  readonly pinned: Session | null;
  /** Those that the person wants to be told. */
  readonly problems: readonly Problem[];
}

export function rows(request: RowsRequest): Row[] {
  const { problems, pinned } = request;
  return [
    ...leaves(request),
    ...variables(request),
    ...passes(request),
    ...(problems.length > 0 ? [problemRows(problems)] : []),
    ...(pinned ? [pinnedRow(pinned)] : []),
  ];
}

function leaves({ session, pass }: RowsRequest): Row[] {
  const all = pass === null ? [] : session.leaves(pass);
  if (pass === null || all.length === 0) return [];
  const modules = new Map<string | null, Leaf[]>();
  for (const leaf of all) {
    const group = modules.get(leaf.module);
    if (group) group.push(leaf);
    else modules.set(leaf.module, [leaf]);
  }
  const norms = [...modules].map(([module, group]) => (module === null ? 0 : totalNorm(group)));
  const children = () =>
    [...modules].flatMap(([module, group], i) => {
      const own = group.map((leaf, at) => leafRow(leaf, at, pass));
      return module === null ? own : [moduleRow(module, norms[i]!, own)];
    });
  return [
    {
      id: "leaves",
      label: t("Leaves"),
      description: t("gradient norm {0}", numberText(totalNorm(all))),
      open: true,
      children,
    },
  ];
}

const totalNorm = (leaves: readonly Leaf[]) => Math.hypot(...leaves.map(({ grad }) => grad?.norm ?? 0));

function moduleRow(module: string, norm: number, own: readonly Row[]): Row {
  return {
    id: `module ${module}`,
    label: module,
    description: t("gradient norm {0}", numberText(norm)),
    icon: "symbol-module",
    open: true,
    children: () => own,
  };
}

function leafRow({ node, name, user, shape, grad }: Leaf, at: number, pass: number): Row {
  const label = name ?? t("parameter of {0}", user ?? "?");
  const told = grad ? valueText(grad, shape) : t("no grad");
  const times = grad ? ` (×${grad.updates})` : "";
  const spoken = grad
    ? t(
        "{0}, leaf, shape {1}, gradient norm {2}, accumulated {3} times",
        label,
        shape.join(" × ") || t("scalar"),
        numberText(grad.norm ?? "NaN"),
        grad.updates,
      )
    : t("{0}, leaf, shape {1}, no gradient", label, shape.join(" × ") || t("scalar"));
  return {
    id: `leaf ${at} ${label}`,
    label,
    description: `${shape.length > 0 ? `${shapeText(shape)} ` : ""}grad ${told}${times}`,
    spoken,
    icon: grad ? "circle-filled" : "circle-outline",
    command: { command: "gradwalk.showNode", arguments: [pass, node] },
  };
}

/** Every readout of every file, in the order of the text: what lenses say, for those who do not see them. */
function variables({ session, pass, elsewhere }: RowsRequest): Row[] {
  const files = session
    .files()
    .map((file) => ({ file, rows: fileRows(session, file, elsewhere ? pass : null) }));
  const told = files.filter(({ rows: own }) => own.length > 0);
  if (told.length === 0) return [];
  const children = () =>
    told.length === 1
      ? told[0]!.rows
      : told.map(
          ({ file, rows: own }): Row => ({
            id: `file ${file}`,
            label: basename(file),
            tooltip: file,
            icon: "file-code",
            open: false,
            children: () => own,
          }),
        );
  return [{ id: "variables", label: t("Variables"), open: false, children }];
}

/** Of more, the first are told: a list of thousands helps nobody. */
const MOST = 500;

function fileRows(session: Session, file: string, pass: number | null): Row[] {
  const bound = session.variables
    .places(file)
    .slice(0, MOST)
    .map(({ site, line, name }): Row & At => {
      const moment = pass === null ? null : momentOf(session, pass);
      const then = pass === null ? null : session.variables.asOf(site, pass);
      const text = then ? readoutText(then, { moment }) : readoutText(session.variables.last(site)!);
      return {
        ...located(file, line, name, text),
        id: `variable ${file} ${site}`,
        icon: "symbol-variable",
        line,
      };
    });
  const calls = session.backwardReadouts(file).map((readout): Row & At => {
    const { line } = readout.source;
    return {
      ...located(file, line, "backward()", calledText(readout)),
      id: `backward ${file} ${line}`,
      icon: "arrow-up",
      line,
    };
  });
  return [...bound, ...calls].sort((a, b) => a.line - b.line);
}

function calledText(readout: BackwardReadout): string {
  const which = whichPass(readout, null);
  return which === null ? backwardText(readout) : `${backwardText(readout)} · ${which}`;
}

interface At {
  readonly line: number;
}

function located(file: string, line: number, name: string, text: string): Omit<Row, "id"> {
  const said = text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text;
  return {
    label: name,
    description: said,
    spoken: t("line {0}: {1}", line, text),
    tooltip: text,
    command: { command: "gradwalk.revealLine", arguments: [file, line] },
  };
}

/** Passes in one group of the list. */
const GROUP = 100;

function passes({ session, pass: current }: RowsRequest): Row[] {
  const all = session.outline().passes.filter(({ call }) => call !== "live");
  if (all.length === 0) return [];
  const of = (some: readonly PassOutline[]) =>
    some.map((pass) => passRow(session, pass, pass.index === current));
  const newest = [...all].reverse();
  const groups = Array.from({ length: Math.ceil(newest.length / GROUP) }, (_, i) =>
    newest.slice(i * GROUP, (i + 1) * GROUP),
  );
  const children = () =>
    groups.length === 1
      ? of(newest)
      : groups.map((group, i): Row => {
          const [first, last] = [group.at(-1)!.index + 1, group[0]!.index + 1];
          return {
            id: `passes ${i}`,
            label: t("Passes {0} to {1}", first, last),
            open: i === 0,
            children: () => of(group),
          };
        });
  return [
    {
      id: "passes",
      label: t("Backward Passes"),
      description: String(all.length),
      open: all.length <= 10,
      children,
    },
  ];
}

function passRow(session: Session, pass: PassOutline, current: boolean): Row {
  const { index, iteration, root, rootName, steps, kept, source } = pass;
  const label = iteration === null ? t("Pass {0}", index + 1) : t("Iteration {0}", iteration + 1);
  const value = root === null ? (rootName ?? "") : `${rootName ?? "root"} ${numberText(root)}`;
  const line = source ? t("line {0}", source.line) : "";
  const notes = [value, t("{0} nodes run", steps), line, kept ? "" : t("only a summary is kept")];
  return {
    id: `pass ${index}`,
    label,
    description: notes.filter(Boolean).join(" · "),
    spoken: `${momentOf(session, index)}, ${notes.filter(Boolean).join(", ")}${current ? `, ${t("shown")}` : ""}`,
    icon: current ? "target" : kept ? "circle-small" : "circle-slash",
    ...(kept && { command: { command: "gradwalk.goToIteration", arguments: [index] } }),
  };
}

const PROBLEM_ICONS = { error: "error", warning: "warning", information: "info", hint: "lightbulb" } as const;

function problemRows(problems: readonly Problem[]): Row {
  return {
    id: "problems",
    label: t("Problems"),
    description: String(problems.length),
    open: true,
    children: () =>
      problems.map(({ message, severity, file, line, code }, i) => ({
        id: `problem ${i} ${code} ${line}`,
        label: message,
        description: `${basename(file)}:${line}`,
        spoken: t("{0} on line {1}: {2}", severity, line, message),
        tooltip: message,
        icon: PROBLEM_ICONS[severity],
        command: { command: "gradwalk.revealLine", arguments: [file, line] },
      })),
  };
}

function pinnedRow(pinned: Session): Row {
  const { duration, passes: all } = pinned.outline();
  const loss = all.at(-1)?.root ?? null;
  const notes = [loss === null ? "" : `${all.at(-1)?.rootName ?? "root"} ${numberText(loss)}`];
  if (duration !== null) notes.push(`${Math.round(duration)} ms`);
  return {
    id: "pinned",
    label: t("Compared with the Pinned Run"),
    description: notes.filter(Boolean).join(" · "),
    icon: "pinned",
    context: "pinned",
  };
}
