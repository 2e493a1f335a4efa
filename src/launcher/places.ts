/** @file Sites' places, learnt from the trace, so that an end can be placed even after a crash. */
import type { Position } from "../protocol/control.js";
import type { SiteRecord, TraceBatch } from "../protocol/trace.js";
import type { RunEnd } from "./types.js";

interface ModuleSites {
  readonly file: string;
  readonly first: number;
  readonly sites: readonly SiteRecord[];
}

export class Places {
  private readonly modules: ModuleSites[] = [];

  learn(batch: TraceBatch): void {
    for (const event of batch.events) if (event.type === "module") this.modules.push(event);
  }

  /** The call, or else the loop, that the program was at. */
  where(position: Position | null): RunEnd["where"] {
    if (position === null) return null;
    for (const id of [position.site, position.loop]) {
      const found = this.site(id);
      if (found === null) continue;
      const { file, site } = found;
      const { line, column, endLine, endColumn } = site;
      const iteration = position.loop >= 0 && position.iteration >= 0 ? position.iteration : null;
      return { file, line, column, endLine, endColumn, iteration };
    }
    return null;
  }

  private site(id: number): { file: string; site: SiteRecord } | null {
    for (const { file, first, sites } of this.modules) {
      const site = id < first ? undefined : sites[id - first];
      if (site !== undefined) return { file, site };
    }
    return null;
  }
}
