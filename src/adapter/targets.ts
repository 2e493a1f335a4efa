/** @file Places that a person can choose to go to: nodes of a line, and nodes that are ready. */
import type { FunctionScope, SourceLocation } from "../protocol/export.js";
import type { Pass } from "../session/pass.js";
import type { Debuggee } from "./debuggee.js";
import { RequestErrors } from "./errors.js";
import { nodeTitle } from "./names.js";
import { callId, PassCalls } from "./passCalls.js";
import type { Place } from "./walk.js";

export type Target = { readonly place: Place } | { readonly pass: number; readonly node: number };

export class Targets {
  #next = 1;
  #targets = new Map<number, Target>();
  readonly #calls = new PassCalls();

  #add(target: Target): number {
    const id = this.#next++;
    this.#targets.set(id, target);
    return id;
  }

  /** Numbers go on, so that one of an earlier stop is never taken for another. */
  clear(): void {
    this.#targets.clear();
  }

  /** @throws RequestError where the number is none of this stop */
  get(id: number): Target {
    const target = this.#targets.get(id);
    if (target === undefined) throw RequestErrors.staleReference("target");
    return target;
  }

  /**
   * Nodes of the current pass that a line made, and those that the backward of a call on the line begins with: what
   * ran, then what the program has yet to run.
   */
  onLine({ stepper }: Debuggee, file: string, line: number): { id: number; label: string }[] {
    const { pass } = stepper;
    if (pass === null) return [];
    const isThere: IsThere = (at) => at?.file === file && at.line <= line && (at.endLine ?? at.line) >= line;
    const found = [
      ...ran(pass, isThere, this.#calls),
      ...(stepper.waitsIn(pass.index) ? coming(pass, isThere) : []),
    ];
    return found.map(({ label, target }) => ({ id: this.#add(target), label }));
  }

  async ready({ stepper, view }: Debuggee): Promise<{ id: number; label: string }[]> {
    const { pass } = stepper;
    if (pass === null || view === null) return [];
    const { ready } = await view.engine();
    return ready.map((node) => ({
      id: this.#add({ pass: pass.index, node }),
      label: nodeTitle(pass, node),
    }));
  }
}

interface Found {
  readonly label: string;
  readonly target: Target;
}

type IsThere = (at: SourceLocation | null | undefined) => boolean;

const titleOf = ({ name, call }: FunctionScope): string => `${name}() · call ${call + 1}`;

function* ran(pass: Pass, isThere: IsThere, calls: PassCalls): Iterable<Found> {
  for (const [step, { node }] of pass.record.steps.entries()) {
    const target = { place: { pass: pass.index, step } };
    const title = `${nodeTitle(pass, node)}, step ${step + 1}`;
    if (isThere(pass.location(node))) yield { label: title, target };
    for (const call of calls.enteredAt(pass, step)) {
      if (isThere(call.from)) yield { label: `${titleOf(call)}: ${title}`, target };
    }
  }
}

/** A call's backward begins with what the call made last. */
function* coming(pass: Pass, isThere: IsThere): Iterable<Found> {
  const done = new Set(pass.record.steps.map(({ node }) => node));
  const entered = new Set(pass.record.steps.flatMap(({ node }) => callsOf(pass, node).map(callId)));
  const begins = new Map<string, { readonly call: FunctionScope; readonly node: number }>();
  for (const [node, { kind }] of pass.structure.nodes.entries()) {
    if (kind === "constant" || done.has(node)) continue;
    if (isThere(pass.location(node))) {
      yield { label: `${nodeTitle(pass, node)}, still to run`, target: { pass: pass.index, node } };
    }
    for (const call of callsOf(pass, node)) {
      if (isThere(call.from) && !entered.has(callId(call))) begins.set(callId(call), { call, node });
    }
  }
  for (const { call, node } of begins.values()) {
    const label = `${titleOf(call)}: ${nodeTitle(pass, node)}, still to run`;
    yield { label, target: { pass: pass.index, node } };
  }
}

/** A sink's leaf was made by some call, but its step is no part of that call's backward. */
function callsOf(pass: Pass, node: number): FunctionScope[] {
  if (pass.structure.nodes[node]!.kind === "accumulate") return [];
  return pass.record.scopes[node]!.filter((scope): scope is FunctionScope => scope.kind === "function");
}
