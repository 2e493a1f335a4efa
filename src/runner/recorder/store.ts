/** @file The passes that are kept, within the trace budget, and their way into the trace. */
import type { Tensor } from "../../core/index.js";
import type { PassSummary } from "../../protocol/trace.js";
import type { Sources } from "../sources.js";
import type { TraceQueue } from "../trace.js";
import type { Bindings } from "./bindings.js";
import type { Materializer } from "./materialize.js";
import type { OpIndex } from "./ops.js";
import type { Origins } from "./origins.js";
import type { Parameters } from "./parameters.js";
import type { Pass } from "./pass.js";
import { summaryOf } from "./summary.js";

export interface PassStoreHost {
  readonly trace: TraceQueue;
  readonly sources: Sources;
  /** Bytes. */
  readonly budget: number;
  readonly origins: Origins;
  readonly ops: OpIndex;
  readonly bindings: Bindings;
  readonly parameters: Parameters;
  readonly materializer: Materializer;
  /** Passes in progress, outermost first. */
  running(): readonly Pass[];
}

/** Passes that go out in one batch. */
const BATCH = 32;

/** The latest pass is kept beyond the budget, but not beyond so many of it. */
const LARGEST_PASS = 2;

export class PassStore {
  private readonly host: PassStoreHost;
  private kept: Pass[] = [];
  private summaries: PassSummary[] = [];
  private bytes = 0;
  private dropped = { passes: 0, bytes: 0 };
  private droppedTold = 0;
  /** Index after that of the last pass. */
  private next = 0;

  constructor(host: PassStoreHost) {
    this.host = host;
  }

  at(index: number): Pass | undefined {
    return this.kept.find((pass) => pass.index === index);
  }

  keep(pass: Pass): void {
    const { budget } = this.host;
    this.next = pass.index + 1;
    this.summaries.push(summaryOf(pass, this.host));
    if (pass.bytes > LARGEST_PASS * budget) {
      this.drop(pass);
      return;
    }
    this.kept.push(pass);
    this.bytes += pass.bytes;
    this.makeRoom();
  }

  /** Lets the oldest passes go, but never the latest; then operations that no pass has taken. */
  makeRoom(): void {
    const { budget, ops } = this.host;
    if (this.bytes + ops.loose <= budget) return;
    let count = 0;
    while (count < this.kept.length - 1 && this.bytes + ops.loose > budget) {
      const pass = this.kept[count++]!;
      this.bytes -= pass.bytes;
      this.drop(pass);
    }
    if (count > 0) {
      this.kept = this.kept.slice(count);
      ops.forgetBefore(oldestOf(this.kept[0]!));
    }
    const room = Math.max(budget - this.bytes, budget / 4);
    if (ops.loose > room) {
      const bytes = this.dropped.bytes + ops.shrink(room * 0.75);
      this.dropped = { ...this.dropped, bytes };
    }
  }

  /** Queues what is new: summaries of all passes, the latest pass, those in progress, changed bindings. */
  publish(inProgress: readonly Pass[]): void {
    this.tellSummaries();
    const latest = this.kept.at(-1);
    if (latest !== undefined) this.tell(latest);
    for (const pass of inProgress) this.tellRunning(pass);
    this.tellBindings(false);
  }

  private tellRunning(pass: Pass): void {
    if (pass.layout === null) this.tellAgain(pass);
    else this.host.materializer.sendSteps(pass);
  }

  /** Queues the whole record of a pass in progress. */
  tellAgain(pass: Pass): void {
    const { trace, materializer } = this.host;
    trace.push({ type: "summary", summary: summaryOf(pass, this.host) });
    materializer.send(pass);
  }

  /** Queues the record of a pass that has ended, or of the latest that has not been sent; false where none is. */
  tellOlder(index: number | null): boolean {
    const pass = index === null ? this.kept.findLast(({ sent }) => !sent) : this.at(index);
    return pass !== undefined && this.tell(pass);
  }

  /** Queues the record of a pass that has ended, once. */
  private tell(pass: Pass): boolean {
    if (pass.sent) return false;
    this.host.materializer.send(pass);
    pass.sent = true;
    return true;
  }

  /** Queues and sends everything that is kept, the latest pass first. */
  finish(): void {
    this.tellSummaries();
    const unsent = this.kept.filter(({ sent }) => !sent).reverse();
    unsent.forEach((pass, i) => {
      this.tell(pass);
      if (i === 0) this.tellBindings(true);
      if (i % BATCH === 0) this.host.trace.flush();
    });
    this.tellBindings(true);
  }

  private drop(pass: Pass): void {
    this.dropped = { passes: this.dropped.passes + 1, bytes: this.dropped.bytes + pass.bytes };
  }

  private tellSummaries(): void {
    for (const summary of this.summaries) this.host.trace.push({ type: "summary", summary });
    this.summaries = [];
    if (this.dropped.bytes === this.droppedTold) return;
    this.droppedTold = this.dropped.bytes;
    const keptFrom = this.kept[0]?.index ?? this.next;
    this.host.trace.push({ type: "dropped", dropped: this.dropped, keptFrom });
  }

  /** Where a tensor stands in the latest pass that was sent with it. */
  private locate(tensor: Tensor): { pass: number; node: number } | null {
    const keys = [tensor._gradFn ?? tensor._accumulator, tensor];
    const find = ({ index, layout }: Pass) => {
      for (const key of keys) {
        const node = key === null ? undefined : layout?.indexOf.get(key);
        if (node !== undefined) return { pass: index, node };
      }
      return null;
    };
    for (const pass of this.host.running()) {
      const found = find(pass);
      if (found !== null) return found;
    }
    for (let i = this.kept.length - 1; i >= 0; i--) {
      const found = find(this.kept[i]!);
      if (found !== null) return found;
    }
    return null;
  }

  private tellBindings(all: boolean): void {
    const records = this.host.bindings.records(all, (tensor) => this.locate(tensor));
    if (records.length > 0) this.host.trace.push({ type: "bindings", bindings: records });
  }
}

/** Sequence number of the oldest function of a pass. */
function oldestOf(pass: Pass): number {
  let oldest = Number.POSITIVE_INFINITY;
  for (const { variable, sequence } of pass.nodes)
    if (variable === null && sequence < oldest) oldest = sequence;
  return oldest === Number.POSITIVE_INFINITY ? 0 : oldest;
}
