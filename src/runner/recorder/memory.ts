/** @file Values as of a moment: tensors are held, and copied only when their memory is about to change. */
import type { Tensor } from "../../core/index.js";
import type { WireTensor } from "../../protocol/trace.js";
import type { OpIndex, OpRecord } from "./ops.js";
import type { Origin } from "./origins.js";
import { wireTensor } from "./wire.js";

/** A tensor's value at the moment it was held. */
export class Held {
  private tensor: Tensor | null;
  private copy: WireTensor | null = null;

  constructor(tensor: Tensor) {
    this.tensor = tensor;
    // One number is copied sooner than it is watched over.
    if (tensor._numel === 1) this.copy = wireTensor(tensor);
  }

  /** The tensor, as long as it still has this value. */
  get whole(): Tensor | null {
    return this.tensor;
  }

  wire(): WireTensor {
    this.copy ??= wireTensor(this.tensor!);
    return this.copy;
  }

  /** The memory is about to change, or has changed and `before` has the elements that it had. */
  freeze(before: Tensor | null = this.tensor): void {
    if (before === null) return;
    this.copy ??= wireTensor(before);
    this.tensor = null;
  }
}

/** What is known of one piece of memory. */
interface Watched {
  /** Tensors on it whose value now is wanted, with their offsets: `.data = …` moves a tensor. */
  held: { readonly tensor: Tensor; readonly offset: number; readonly held: Held }[];
  /** Operations whose first output lies in it and may be written to by another name. */
  ops: OpRecord[];
  /** The leaf whose value it is. */
  leaf: Origin | null;
  /** The leaf whose `.grad` it is. */
  owner: Origin | null;
  /** Site that last wrote to it, or null. */
  written: number | null;
}

/** Views of one memory that are watched at a time; older ones are copied beyond that. */
const MANY = 256;

export class Memory {
  /** By the array that several storages may share, else by the storage of a single number. */
  private readonly watched = new WeakMap<object, Watched>();

  /** Keeps the value that the tensor has now. */
  hold(tensor: Tensor): Held {
    const { held: list } = this.at(tensor);
    for (const each of list) {
      if (each.tensor === tensor && each.offset === tensor._offset) return each.held;
    }
    const held = new Held(tensor);
    if (list.length >= MANY) for (const each of list.splice(0, MANY / 2)) each.held.freeze();
    list.push({ tensor, offset: tensor._offset, held });
    return held;
  }

  /** An operation made a view, through which or beside which its memory may be written to. */
  watchView(op: OpRecord, base: Tensor, ops: OpIndex): void {
    const { ops: list } = this.at(base);
    if (list.length >= MANY) for (const each of list.splice(0, MANY / 2)) freezeOp(each);
    const origin = list.length === 0 && base._gradFn !== null ? ops.get(base._gradFn) : undefined;
    if (origin !== undefined) list.push(origin);
    list.push(op);
  }

  /** `grad` is the gradient of the leaf that `origin` describes. */
  own(leaf: Tensor, grad: Tensor, origin: Origin): void {
    this.at(leaf).leaf = origin;
    this.at(grad).owner = origin;
  }

  /** The leaf whose gradient lies in this memory. */
  ownerOf(grad: Tensor): Origin | null {
    return this.watched.get(keyOf(grad))?.owner ?? null;
  }

  /** Call site that last wrote to the tensor's memory, or null. */
  lastWrite(tensor: Tensor): number | null {
    return this.watched.get(keyOf(tensor))?.written ?? null;
  }

  /** Copies what is held of the tensor's memory; the leaf whose value it is, or null. */
  beforeWrite(tensor: Tensor, site: number): Origin | null {
    const watched = this.at(tensor);
    watched.written = site;
    for (const { held } of watched.held) held.freeze();
    for (const op of watched.ops) freezeOp(op);
    watched.held = [];
    watched.ops = [];
    return watched.leaf;
  }

  /** The engine wrote to the memory already; `before` is a copy of what `tensor` held. */
  accumulated(tensor: Tensor, before: Tensor): void {
    const watched = this.watched.get(keyOf(tensor));
    if (watched === undefined) return;
    for (const each of watched.held) if (each.tensor === tensor) each.held.freeze(before);
    watched.held = [];
  }

  private at(tensor: Tensor): Watched {
    const key = keyOf(tensor);
    let watched = this.watched.get(key);
    if (watched === undefined) {
      watched = { held: [], ops: [], leaf: null, owner: null, written: null };
      this.watched.set(key, watched);
    }
    return watched;
  }
}

/** Copies an output whose memory is about to change. */
export function freezeOp(op: OpRecord): void {
  if (op.output === null) return;
  op.copy ??= wireTensor(op.output);
  op.output = null;
}

function keyOf(tensor: Tensor): object {
  return tensor._storage.array ?? tensor._storage;
}
