/** @file Leaves whose gradient nobody wants: data that asks for one, and parameters that no loss reaches. */
import type { nn, Tensor } from "../../../core/index.js";
import { withoutRequiresGrad } from "../../../instrument/fixes/calls.js";
import { say } from "../../../protocol/words.js";
import type { Origin, Origins } from "../origins.js";
import type { Pass } from "../pass.js";
import { listed, type Place, type Reporter } from "./reporter.js";

/** What became of the leaves that one binding held. */
interface Facts {
  readonly site: number;
  passes: number;
  read: boolean;
  updated: boolean;
}

/** Modules that are remembered. */
const MODULES = 64;

export class Leaves {
  private readonly facts = new Map<number, Facts>();
  /** Labels of leaves that got a gradient together. */
  private readonly together = new Map<number, Set<number>>();
  private readonly reached = new WeakSet<Tensor>();
  /** Outermost modules that ran, with the site of the call. */
  private readonly modules = new Map<nn.Module, number>();

  constructor(
    private readonly reporter: Reporter,
    private readonly origins: Origins,
  ) {}

  accumulated(leaf: Tensor, origin: Origin): void {
    this.reached.add(leaf);
    // A single number is seldom data.
    if (origin.label < 0 || leaf._numel < 2) return;
    const facts = this.of(origin);
    facts.passes++;
    if (leaf._hooks !== null) facts.read = true;
  }

  read(tensor: Tensor): void {
    const origin = this.origins.get(tensor);
    if (origin !== undefined && origin.label >= 0) this.of(origin).read = true;
  }

  updated(origin: Origin): void {
    if (origin.label >= 0) this.of(origin).updated = true;
  }

  entered(module: nn.Module, name: string, site: number): void {
    if (name === "" && this.modules.size < MODULES && !this.modules.has(module))
      this.modules.set(module, site);
  }

  ended(pass: Pass): void {
    const labels = pass.nodes.flatMap(({ variable }) => {
      const label = variable === null ? -1 : (this.origins.get(variable)?.label ?? -1);
      return label < 0 ? [] : [label];
    });
    for (const label of labels) {
      const others = this.together.get(label) ?? new Set();
      this.together.set(label, others);
      if (others.size < labels.length) for (const other of labels) others.add(other);
    }
  }

  /** The program has ended. */
  finish(): void {
    this.tellUnread();
    for (const [module, site] of this.modules) this.tellUnused(module, site);
  }

  private of(origin: Origin): Facts {
    let facts = this.facts.get(origin.label);
    if (facts === undefined) {
      facts = { site: origin.site, passes: 0, read: false, updated: false };
      this.facts.set(origin.label, facts);
    }
    return facts;
  }

  /** Where others learn, a leaf that neither moves nor is asked for its gradient is data. */
  private tellUnread(): void {
    const { reporter } = this;
    for (const [label, { site, passes, read, updated }] of this.facts) {
      const others = [...(this.together.get(label) ?? [])];
      const training = others.some((other) => this.facts.get(other)?.updated);
      if (passes < 2 || read || updated || !training) continue;
      const name = reporter.name(label) ?? say("this tensor");
      reporter.report(
        {
          code: "requires-grad-on-input",
          message: say(
            "{0} requires grad, so each of {1} passes computed its gradient, but nobody reads it and {0} never moves. If {0} is data, it needs no gradient; if it is a parameter, update it.",
            name,
            passes,
          ),
          fixes: reporter.fixes(site, withoutRequiresGrad),
        },
        reporter.place(label),
      );
    }
  }

  private tellUnused(module: nn.Module, site: number): void {
    const all = [...module.named_parameters()].filter(([, parameter]) => parameter._requiresGrad);
    const unused = all.filter(([, parameter]) => !this.reached.has(parameter) && parameter._grad === null);
    if (unused.length === 0 || unused.length === all.length) return;
    const byPlace = new Map<string, { readonly place: Place; readonly names: string[] }>();
    for (const [name] of unused) {
      const place = this.declared(name) ?? this.reporter.place(site);
      if (place === null) continue;
      const key = `${place.file}:${place.line}:${place.column}`;
      const group = byPlace.get(key) ?? { place, names: [] };
      group.names.push(name);
      byPlace.set(key, group);
    }
    const owner = module.constructor.name;
    for (const { place, names } of byPlace.values()) {
      const many = names.length > 1;
      this.reporter.report(
        {
          code: "unused-parameter",
          message: many
            ? say(
                "No loss depends on {0} of {1}: they get no gradient and never learn. Use them in forward(), or take them out.",
                listed(names),
                owner,
              )
            : say(
                "No loss depends on {0} of {1}: it gets no gradient and never learns. Use it in forward(), or take it out.",
                listed(names),
                owner,
              ),
          related: this.reporter.related(site, say("{0} was called here", owner)),
        },
        place,
      );
    }
  }

  /** Where a class of the user's declares the module or parameter that a path starts with. */
  private declared(path: string): Place | null {
    const [field = ""] = path.split(".");
    for (const file of this.reporter.sources.files()) {
      const range = this.reporter.text(file)?.fieldNamed(field) ?? null;
      if (range !== null) return { file, ...range };
    }
    return null;
  }
}
