/** @file The engine's priority queue. */
import type { Node } from "./node.js";

/**
 * A binary max-heap on sequence numbers. Sinks all have the same priority, so the order among them is the
 * heap's own: sifting is done step for step as in the C++ standard library that PyTorch is built with, and
 * the sinks run in PyTorch's order.
 */
export class ReadyQueue {
  readonly heap: Node[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** All of it, in the order in which `pop` would give it. */
  inOrder(): Node[] {
    const copy = new ReadyQueue();
    for (const node of this.heap) copy.heap.push(node);
    const order: Node[] = [];
    for (let node = copy.pop(); node !== undefined; node = copy.pop()) order.push(node);
    return order;
  }

  push(node: Node): void {
    this.heap.push(node);
    this.#siftUp(this.heap.length - 1, node);
  }

  #siftUp(from: number, node: Node): void {
    const heap = this.heap;
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (heap[parent]!.sequence >= node.sequence) break;
      heap[hole] = heap[parent]!;
      hole = parent;
    }
    heap[hole] = node;
  }

  pop(): Node | undefined {
    const heap = this.heap;
    const top = heap[0];
    const last = heap.pop();
    const n = heap.length;
    if (n === 0 || last === undefined) return top;
    // The hole walks to a leaf along the larger children (the right one on ties), then `last` rises in it.
    let hole = 0;
    let child = 2;
    while (child < n) {
      if (heap[child]!.sequence < heap[child - 1]!.sequence) child--;
      heap[hole] = heap[child]!;
      hole = child;
      child = 2 * child + 2;
    }
    if (child === n) {
      heap[hole] = heap[n - 1]!;
      hole = n - 1;
    }
    this.#siftUp(hole, last);
    return top;
  }
}
