/** @file A run as the JSON export `gradwalk-trace`, version 1. */
import {
  type Dropped,
  type ExportBackward,
  type ExportGraph,
  type ExportProblem,
  type ExportStep,
  MAX_DATA,
  type ProgramInfo,
  type Scope,
  type SourceLocation,
  TRACE_FORMAT,
  TRACE_VERSION,
  type TraceDocument,
} from "../protocol/export.js";
import type { BindingRecord, WireStep } from "../protocol/trace.js";
import { exportStep } from "../protocol/wire.js";
import type { Pass } from "./pass.js";
import { bindingOf } from "./readouts.js";
import type { Sources } from "./sources.js";

export interface Recorded {
  readonly program: ProgramInfo;
  /** The kept ones, oldest first. */
  readonly passes: readonly Pass[];
  readonly bindings: readonly BindingRecord[];
  readonly problems: readonly ExportProblem[];
  readonly dropped: Dropped | null;
  readonly sources: Sources;
}

export function writeDocument(recorded: Recorded, base?: string): TraceDocument {
  const { program, passes, sources } = recorded;
  const name = relativeTo(base);
  const graphOf = new Map(passes.map((pass, graph) => [pass.index, graph]));
  const text = sources.text(program.file);
  return {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    program: { ...program, file: name(program.file), error: program.error && renamed(program.error, name) },
    graphs: passes.map((pass) => graphOfPass(pass, name)),
    backwards: passes.flatMap((pass, graph) =>
      pass.record.call === "live" ? [] : [backward(pass, graph, name, graphOf)],
    ),
    bindings: recorded.bindings.map((record) =>
      renamed(
        bindingOf(record, sources.site(record.site)!, (pass) => graphOf.get(pass)),
        name,
      ),
    ),
    problems: recorded.problems.map((problem) => problemIn(problem, name)),
    ...(recorded.dropped && { dropped: recorded.dropped }),
    ...(text !== null && { text }),
  };
}

/** In the words of the trace's own language. */
function problemIn({ words: _, related, fixes, ...problem }: ExportProblem, name: Rename): ExportProblem {
  return {
    ...renamed(problem, name),
    related: related.map(({ words: _, ...place }) => renamed(place, name)),
    ...(fixes && {
      fixes: fixes.map(({ words: _, edits, ...fix }) => {
        return { ...fix, edits: edits.map((edit) => renamed(edit, name)) };
      }),
    }),
  };
}

function graphOfPass(pass: Pass, name: Rename): ExportGraph {
  return {
    nodes: pass.structure.nodes.map((_, id) => {
      const node = pass.exportNode(id);
      return {
        ...node,
        source: node.source && location(node.source, name),
        scope: node.scope.map((scope) => scopeOf(scope, name)),
      };
    }),
    edges: pass.structure.edges,
  };
}

function backward(
  pass: Pass,
  graph: number,
  name: Rename,
  graphOf: ReadonlyMap<number, number>,
): ExportBackward {
  const { roots, retain_graph, create_graph, steps, call, error, within } = pass.record;
  // A pass that was let go holds no step that this one could have run in.
  const outer = within && graphOf.get(within.pass);
  return {
    graph,
    roots,
    source: pass.source && location(pass.source, name),
    retain_graph,
    create_graph,
    steps: steps.map((step) => stepOf(step, name)),
    call: call === "grad" ? "grad" : "backward",
    error: error && renamed(error, name),
    ...(within && outer !== undefined && { within: { graph: outer, step: within.step } }),
  };
}

function stepOf(step: WireStep, name: Rename): ExportStep {
  const { hooks, ...rest } = exportStep(step, MAX_DATA);
  if (hooks === undefined) return rest;
  return {
    ...rest,
    hooks: hooks.map((hook) => ({ ...hook, source: hook.source && renamed(hook.source, name) })),
  };
}

type Rename = (file: string) => string;

/** Names files inside the folder from there, with slashes on every system; others keep their whole path. */
function relativeTo(base: string | undefined): Rename {
  if (base === undefined) return (file) => file;
  const folder = slashed(base).replace(/\/$/, "");
  return (file) => {
    const path = slashed(file);
    return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : file;
  };
}

/** A backslash parts names only where paths begin with a drive or a share. */
function slashed(path: string): string {
  return /^([A-Za-z]:|\\\\)/.test(path) ? path.replaceAll("\\", "/") : path;
}

function location(source: SourceLocation, name: Rename): SourceLocation {
  return { ...source, file: name(source.file) };
}

function scopeOf(scope: Scope, name: Rename): Scope {
  const named = renamed(scope, name);
  if (named.kind === "loop" || named.from === undefined) return named;
  return { ...named, from: location(named.from, name) };
}

function renamed<T extends { readonly file?: string | null }>(thing: T, name: Rename): T {
  return typeof thing.file === "string" ? { ...thing, file: name(thing.file) } : thing;
}
