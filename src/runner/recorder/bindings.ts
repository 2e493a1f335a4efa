/** @file What the program's variables hold: the last tensor of each binding site. */
import type { Tensor } from "../../core/index.js";
import type { BindingRecord } from "../../protocol/trace.js";
import { retains } from "./materialize.js";
import type { OpIndex } from "./ops.js";
import type { Origins } from "./origins.js";
import { wireTensor } from "./wire.js";

/** Where a tensor stands in a pass that is kept. */
export type Locate = (tensor: Tensor) => { readonly pass: number; readonly node: number } | null;

export class Bindings {
  private readonly ops: OpIndex;
  private readonly origins: Origins;
  private readonly last: (Tensor | undefined)[] = [];
  private readonly times: number[] = [];
  /** When each site was bound last. */
  private readonly order: number[] = [];
  private readonly changed = new Set<number>();
  private clock = 0;

  constructor(ops: OpIndex, origins: Origins) {
    this.ops = ops;
    this.origins = origins;
  }

  bind(site: number, tensor: Tensor): void {
    this.times[site] = (this.times[site] ?? 0) + 1;
    this.order[site] = ++this.clock;
    this.changed.add(site);
    if (this.last[site] === tensor) return;
    this.last[site] = tensor;
    const gradFn = tensor._gradFn;
    const named = gradFn === null ? this.origins.of(tensor, this.origins.tick()) : this.ops.get(gradFn);
    if (named !== undefined && named.label < 0 && (gradFn === null || tensor._outputNr === 0))
      named.label = site;
  }

  /** The tensor or its gradient has another value now. */
  touch(tensor: Tensor): void {
    for (const site of this.sitesOf(tensor)) this.changed.add(site);
  }

  /** Every site whose name holds this very tensor. */
  sitesOf(tensor: Tensor): number[] {
    const sites: number[] = [];
    this.last.forEach((held, site) => {
      if (held === tensor) sites.push(site);
    });
    return sites;
  }

  /** Sites with what their names hold, the one that was bound last first. */
  recent(): { readonly site: number; readonly tensor: Tensor }[] {
    const bound = [...this.last.keys()].flatMap((site) => {
      const tensor = this.last[site];
      return tensor === undefined ? [] : [{ site, tensor }];
    });
    return bound.sort((a, b) => this.order[b.site]! - this.order[a.site]!);
  }

  /** The tensor that the site's name holds. */
  at(site: number): Tensor | undefined {
    return this.last[site];
  }

  /** A site whose name holds this very tensor, or -1. */
  siteOf(tensor: Tensor): number {
    return this.last.indexOf(tensor);
  }

  /** Every tensor that a name holds. */
  held(): Tensor[] {
    return [...new Set(this.last.filter((tensor) => tensor !== undefined))];
  }

  /** Records of sites that were bound since the last time, or of all. */
  records(all: boolean, locate: Locate): BindingRecord[] {
    const sites = all ? this.last.keys() : this.changed.values();
    const records: BindingRecord[] = [];
    for (const site of sites) {
      const tensor = this.last[site];
      if (tensor !== undefined) records.push(this.record(site, tensor, locate));
    }
    this.changed.clear();
    return records;
  }

  private record(site: number, tensor: Tensor, locate: Locate): BindingRecord {
    const gradFn = tensor._gradFn;
    const found = locate(tensor);
    const { _grad: grad } = tensor;
    const updates = this.origins.get(tensor)?.updates ?? 0;
    return {
      site,
      times: this.times[site]!,
      pass: found?.pass ?? -1,
      node: found?.node ?? -1,
      is_leaf: gradFn === null,
      requires_grad: tensor._requiresGrad || gradFn !== null,
      retains_grad: gradFn !== null && retains(gradFn),
      value: wireTensor(tensor),
      grad: grad === null ? null : { tensor: wireTensor(grad), updates },
      why_no_grad: this.origins.why(tensor),
      grad_fn: gradFn?.name() ?? null,
    };
  }
}
