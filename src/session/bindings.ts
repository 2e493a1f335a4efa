/** @file What the program's variables held: last, and in each pass that is kept. */
import type { BindingRecord } from "../protocol/trace.js";
import type { NodeDetail } from "../protocol/view.js";
import { asOf, nodeAsOf } from "./asOf.js";
import type { Pass } from "./pass.js";
import { byPosition, readout } from "./readouts.js";
import type { Sources } from "./sources.js";
import { tensorText } from "./text.js";
import type { BindingPlace, Readout } from "./types.js";

export class Bindings {
  readonly #records = new Map<number, BindingRecord>();
  readonly #sources: Sources;
  readonly #passes: ReadonlyMap<number, Pass>;

  constructor(sources: Sources, passes: ReadonlyMap<number, Pass>) {
    this.#sources = sources;
    this.#passes = passes;
  }

  take(records: readonly BindingRecord[]): void {
    for (const record of records) this.#records.set(record.site, record);
  }

  /** In the order in which they were first bound. */
  all(): BindingRecord[] {
    return [...this.#records.values()];
  }

  /** Quick, also where there are thousands. */
  places(file: string): BindingPlace[] {
    const places: BindingPlace[] = [];
    for (const { site: id } of this.#records.values()) {
      const site = this.#sources.site(id)!;
      if (site.file !== file) continue;
      const { line, column, endLine, endColumn } = site;
      places.push({ site: id, name: site.name ?? site.text, line, column, endLine, endColumn });
    }
    return places.sort(byPosition);
  }

  /** What a name held last; null where it was never bound. */
  last(site: number): Readout | null {
    const record = this.#records.get(site);
    return record ? readout(record, this.#sources.site(site)!, this.#passes.get(record.pass)) : null;
  }

  /** What a name held at the end of a pass; null where that is not known. */
  asOf(site: number, index: number): Readout | null {
    const record = this.#records.get(site);
    const pass = this.#passes.get(index);
    if (!record || !pass) return null;
    const own = this.#passes.get(record.pass);
    const place = this.#sources.site(site)!;
    const node = nodeAsOf(record, place, own, pass);
    return node < 0 ? null : asOf(readout(record, place, own), pass, node);
  }

  /** What a name held last as PyTorch prints it; null where the tensor is not kept whole. */
  texts(site: number): Pick<NodeDetail, "valueText" | "gradText"> | null {
    const record = this.#records.get(site);
    if (!record) return null;
    const { grad_fn, requires_grad, value, grad } = record;
    const suffix = grad_fn !== null ? `grad_fn=<${grad_fn}>` : requires_grad ? "requires_grad=True" : null;
    return { valueText: tensorText(value, suffix), gradText: grad && tensorText(grad.tensor) };
  }

  readouts(file: string): Readout[] {
    return this.places(file).map(({ site }) => this.last(site)!);
  }
}
