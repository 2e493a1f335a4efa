/** @file Places that a person can choose to go to: nodes of a line, and nodes that are ready. */
import type { Debuggee } from "./debuggee.js";
import { RequestErrors } from "./errors.js";
import { nodeTitle } from "./names.js";
import type { Place } from "./walk.js";

export type Target = { readonly place: Place } | { readonly pass: number; readonly node: number };

export class Targets {
  #next = 1;
  #targets = new Map<number, Target>();

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

  /** Nodes of the current pass that a line made: those that ran, and those that the program has yet to run. */
  onLine({ stepper }: Debuggee, file: string, line: number): { id: number; label: string }[] {
    const { pass } = stepper;
    if (pass === null) return [];
    const { steps } = pass.record;
    const isThere = (node: number): boolean => {
      const at = pass.location(node);
      return at !== null && at.file === file && at.line <= line && (at.endLine ?? at.line) >= line;
    };
    const ran = new Set(steps.map(({ node }) => node));
    const recorded = steps.flatMap(({ node }, step) =>
      isThere(node)
        ? [
            {
              label: `${nodeTitle(pass, node)}, step ${step + 1}`,
              target: { place: { pass: pass.index, step } },
            },
          ]
        : [],
    );
    const canRun = stepper.waitsIn(pass.index);
    const coming = pass.structure.nodes.flatMap(({ kind }, node) =>
      canRun && kind !== "constant" && !ran.has(node) && isThere(node)
        ? [{ label: `${nodeTitle(pass, node)}, still to run`, target: { pass: pass.index, node } }]
        : [],
    );
    return [...recorded, ...coming].map(({ label, target }) => ({ id: this.#add(target), label }));
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
