/** @file Recorded operations, by the sequence number of their `grad_fn`. */
import type { _C, Tensor } from "../../core/index.js";
import type { WireTensor } from "../../protocol/trace.js";
import type { ScopeNode } from "./scopes.js";

export interface OpRecord {
  readonly node: _C.Node;
  /** Place in the order of creation. */
  readonly order: number;
  readonly inputs: readonly (Tensor | null)[];
  readonly scope: ScopeNode | null;
  /** First output; null once its memory was written to, or let go. */
  output: Tensor | null;
  /** The output's value from before its memory was written to. */
  copy: WireTensor | null;
  /** Site of the first binding of the first output, or -1. */
  label: number;
  readonly bytes: number;
  /** Index of the latest pass that holds it, or -1. */
  pass: number;
}

/** What a record takes beside its tensor's elements. */
const RECORD_BYTES = 200;
const SPARE = 1024;

export class OpIndex {
  private records: (OpRecord | undefined)[] = [];
  /** Sequence number of `records[0]`. */
  private base = 0;
  /** Bytes of records that no pass has taken over. */
  loose = 0;

  add(record: OpRecord): void {
    const at = record.node.sequence - this.base;
    if (at < 0) return;
    if (this.records.length === 0) this.base = record.node.sequence;
    this.records[record.node.sequence - this.base] = record;
    this.loose += record.bytes;
  }

  get(node: _C.Node): OpRecord | undefined {
    return this.records[node.sequence - this.base];
  }

  /** Lets go of everything older than `sequence`. */
  forgetBefore(sequence: number): void {
    const count = Math.min(sequence - this.base, this.records.length);
    if (count < SPARE) return;
    for (const record of this.records.splice(0, count)) {
      if (record !== undefined && record.pass < 0) this.loose -= record.bytes;
    }
    this.base += count;
  }

  /** Lets go of the oldest records until those that no pass has taken fit into `bytes`; how much that was. */
  shrink(bytes: number): number {
    const before = this.loose;
    let count = 0;
    let loose = this.loose;
    while (loose > bytes && count < this.records.length) {
      const record = this.records[count++];
      if (record !== undefined && record.pass < 0) loose -= record.bytes;
    }
    this.forgetBefore(this.base + Math.max(count, SPARE));
    return before - this.loose;
  }

  /** Every record that is held, oldest first. */
  *all(): Generator<OpRecord> {
    for (const record of this.records) if (record !== undefined) yield record;
  }
}

export function bytesOf(output: Tensor): number {
  return output._view === null ? RECORD_BYTES + output._numel * output.dtype.itemsize : RECORD_BYTES;
}
