/** @file The reference implementation of `Probe`: exact, and quick enough to be used as it is. */

import { CELL, FRAME, type Probe, type Task, type TaskLoop, type TaskScope } from "./probe.js";

/** What a host adds: what becomes of bindings, and memory to share with a watchdog. */
export interface ProbeHost {
  /** Called for every object that is bound to a name. */
  readonly bound?: (site: number, value: object) => void;
  /** At least `CELL.length` elements. */
  readonly cell?: Int32Array;
  /** `FRAME.length` elements for each frame that shall be kept. */
  readonly stack?: Int32Array;
}

const FRAMES_KEPT = 16_384;
// Local constants, which V8 folds into the probes; a property of an imported object it would load every time.
const { site: SITE, count: COUNT, key: KEY, caller: CALLER, length: SIZE } = FRAME;
const { site: CURRENT, loop: LOOP, iteration: ITERATION, depth: DEPTH } = CELL;

export function createProbe(host: ProbeHost = {}): Probe {
  const cell = host.cell ?? new Int32Array(CELL.length);
  const stack = host.stack ?? new Int32Array(FRAMES_KEPT * SIZE);
  const bound = host.bound;
  let calls = new Int32Array(1024);
  cell[CURRENT] = -1;
  cell[LOOP] = -1;

  function report(site: number, value: unknown): void {
    if (bound !== undefined && typeof value === "object" && value !== null) bound(site, value);
  }

  function grow(site: number): void {
    const larger = new Int32Array(2 * site + 2);
    larger.set(calls);
    calls = larger;
  }

  function push(site: number, count: number): number {
    const depth = cell[DEPTH]! + 1;
    const frame = depth * SIZE;
    stack[frame + SITE] = site;
    stack[frame + COUNT] = count;
    stack[frame + KEY] = 0;
    stack[frame + CALLER] = -1;
    cell[DEPTH] = depth;
    return depth;
  }

  function newTask(site: number, path: Int32Array | null): Task {
    if (site >= calls.length) grow(site);
    const base = cell[DEPTH]!;
    const count = site < 0 ? 0 : calls[site]!++;
    const depth = site < 0 ? base : push(site, count);
    if (site >= 0) stack[depth * SIZE + CALLER] = cell[CURRENT]!;
    const task = {
      base,
      running: true,
      awaiting: false,
      path,
      site,
      count,
      depth,
      caller: cell[CURRENT]!,
    } as Task;
    (task as { task: Task }).task = task;
    return task;
  }

  function callers(): Int32Array {
    return stack.slice(SIZE, (cell[DEPTH]! + 1) * SIZE);
  }

  /** Writes the frames of `scope`, outermost first. */
  function rewrite(scope: TaskScope): void {
    if ("parent" in scope) rewrite(scope.parent);
    scope.depth = scope.site < 0 ? cell[DEPTH]! : push(scope.site, scope.count);
    if (scope.site >= 0 && !("parent" in scope)) stack[scope.depth * SIZE + CALLER] = scope.caller;
  }

  function wake(scope: TaskScope): void {
    const task = scope.task;
    if (task.running) {
      cell[DEPTH] = scope.depth;
      return;
    }
    // After an await nothing else is on the stack; a generator runs on top of whoever resumed it.
    if (task.awaiting) cell[DEPTH] = 0;
    task.base = cell[DEPTH]!;
    if (task.path !== null && task.base === 0) {
      stack.set(task.path.subarray(0, stack.length - SIZE), SIZE);
      cell[DEPTH] = task.path.length / SIZE;
    }
    rewrite(scope);
    task.running = true;
  }

  function sleep(scope: TaskScope, awaiting: boolean): void {
    const task = scope.task;
    if (!task.running) return;
    task.awaiting = awaiting;
    cell[DEPTH] = task.base;
    task.running = false;
  }

  return {
    cell,
    stack,
    at(site, value) {
      cell[CURRENT] = site;
      return value;
    },
    none(site) {
      cell[CURRENT] = site;
      // A fresh literal: V8's optimizing compiler removes the spread of one altogether, but not that of a shared array.
      return [];
    },
    bind(site, value) {
      if (bound !== undefined && typeof value === "object" && value !== null) bound(site, value);
      return value;
    },
    first: (value) => value,
    target: (site, object, key) => ({
      set value(value: unknown) {
        (object as Record<PropertyKey, unknown>)[key] = value;
        report(site, value);
      },
    }),
    enter(site) {
      if (site >= calls.length) grow(site);
      const depth = cell[DEPTH]! + 1;
      const frame = depth * SIZE;
      stack[frame + SITE] = site;
      stack[frame + COUNT] = calls[site]!++;
      stack[frame + KEY] = 0;
      stack[frame + CALLER] = cell[CURRENT]!;
      cell[DEPTH] = depth;
      return depth;
    },
    exit(depth) {
      cell[DEPTH] = depth - 1;
      cell[CURRENT] = stack[depth * SIZE + CALLER]!;
    },
    loop: (site) => push(site, -1),
    iterate(depth) {
      const frame = depth * SIZE;
      const site = stack[frame + SITE]!;
      cell[DEPTH] = depth;
      cell[CURRENT] = site;
      cell[LOOP] = site;
      cell[ITERATION] = ++stack[frame + COUNT]!;
      stack[frame + KEY] = 0;
    },
    leave(depth) {
      cell[DEPTH] = depth - 1;
    },
    spin(site, index) {
      cell[CURRENT] = site;
      cell[LOOP] = site;
      cell[ITERATION] = index;
    },
    base: () => cell[DEPTH]!,
    back(depth, value) {
      cell[DEPTH] = depth;
      return value as never;
    },
    enterAsync: (site) => newTask(site, callers()),
    enterGenerator: (site) => newTask(site, null),
    enterModule: () => newTask(-1, callers()),
    exitTask(task) {
      // A generator that is closed while suspended was never put back on the stack.
      if (task.running) cell[DEPTH] = task.base;
      cell[CURRENT] = task.caller;
    },
    loopIn(scope, site) {
      wake(scope);
      const loop: TaskLoop = { task: scope.task, parent: scope, site, count: -1, depth: push(site, -1) };
      return loop;
    },
    iterateIn(loop) {
      loop.count++;
      wake(loop);
      const frame = loop.depth * SIZE;
      stack[frame + COUNT] = loop.count;
      stack[frame + KEY] = 0;
      cell[CURRENT] = loop.site;
      cell[LOOP] = loop.site;
      cell[ITERATION] = loop.count;
    },
    leaveIn(loop) {
      wake(loop.parent);
    },
    backIn(scope, value) {
      wake(scope);
      return value as never;
    },
    suspend(scope, value) {
      sleep(scope, true);
      return value as never;
    },
    resume(scope, value) {
      wake(scope);
      return value;
    },
    yielding(scope, value) {
      sleep(scope, false);
      return value as never;
    },
  };
}
