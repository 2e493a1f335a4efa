/**
 * @file The runtime that instrumented code calls, and the semantics that it must have.
 *
 * An instrumented ES module begins with one import from `PROBE_MODULE` (a CommonJS file with one `require` of
 * it) of members of `Probe`, under names that the file itself doesn't use. The host provides that module, and
 * one probe for all modules of a run.
 *
 * Two things differ from a run without probes, by decision: `Function.prototype.toString` shows the code that runs,
 * and the names that V8 guesses for anonymous functions in stack traces may differ. A host must recognize its
 * tensors in `bind` by a brand (a private field, a WeakSet), since a property read may run a proxy of the program.
 */

/** The module specifier from which instrumented code takes its probe. */
export const PROBE_MODULE = "gradwalk:probe";

/**
 * Layout of `Probe.cell`. All of it may be shared memory, so that another thread can say where a program that
 * never returns is.
 */
export const CELL = {
  /** The current site: of the call that runs, or ran last. */
  site: 0,
  /** The loop that began an iteration last, and the index of that iteration, from 0. */
  loop: 1,
  iteration: 2,
  /** How many frames `Probe.stack` holds. */
  depth: 3,
  length: 4,
} as const;

/**
 * Layout of a frame in `Probe.stack`: frame `d` (from 1, outermost first) begins at `d * FRAME.length`. Stores
 * past the end of the stack are lost, which loses the scope of a very deep recursion and nothing else.
 */
export const FRAME = {
  /** Site id of the function or loop. */
  site: 0,
  /** Loops: index of the iteration, from 0 (-1 before the first). Functions: how often they had been entered before. */
  count: 1,
  /** For the host: set to 0 whenever the frame changes, so that a host can intern a scope once and keep its number here. */
  key: 2,
  /** The site that was current when a function was entered, and is again when it is left; -1 of a loop. */
  caller: 3,
  length: 4,
} as const;

/** A function that can be suspended (async or generator), or a module with a top-level await. */
export interface Task {
  readonly task: Task;
  /** The depth below its own frames. */
  base: number;
  /** Whether its frames are on the stack now. */
  running: boolean;
  /** Whether it waits for a promise, so that it goes on with nothing else on the stack. */
  awaiting: boolean;
  /** Frames of an async function's callers, as they were when it was called; `null`: those of whoever resumes it. */
  path: Int32Array | null;
  site: number;
  count: number;
  depth: number;
  caller: number;
}

/** A loop in a task. */
export interface TaskLoop {
  readonly task: Task;
  readonly parent: Task | TaskLoop;
  readonly site: number;
  count: number;
  depth: number;
}

export type TaskScope = Task | TaskLoop;

export interface Probe {
  readonly cell: Int32Array;
  readonly stack: Int32Array;

  /** Makes `site` current, and gives `value` back: `w.mul(at(17, x))`. */
  at<T>(site: number, value: T): T;
  /** The same with nothing to give back; the result is spread: `y.mean(...none(18))`. */
  none(site: number): readonly never[];
  /** `value` is about to be bound to the name of `site`, or just was; gives it back: `const y = bind(3, …)`. */
  bind<T>(site: number, value: T): T;
  /** Gives back its first argument: `first([a, b] = rhs, bind(4, a), bind(5, b))`. */
  first<T>(value: T, ...rest: unknown[]): T;
  /** A target for destructuring into a property: `[target(6, o, "w").value] = …` sets `o.w` and binds. */
  target(site: number, object: unknown, key: PropertyKey): { value: unknown };

  /** Enters a plain function; the result is its depth, which `exit` takes however the function ends. */
  enter(site: number): number;
  exit(depth: number): void;
  /** Enters a loop in a plain function, begins an iteration of it, leaves it. */
  loop(site: number): number;
  iterate(depth: number): void;
  leave(depth: number): void;
  /** Begins iteration `index` of a loop in which nothing can be recorded, and which has no frame. */
  spin(site: number, index: number): void;
  /** The depth at which a module runs. */
  base(): number;
  /** In a handler: frames above `depth` were abandoned. Gives `value` back. */
  back<T>(depth: number, value?: T): T;

  /** Enters an async function or async generator, a generator, or a module with a top-level await. */
  enterAsync(site: number): Task;
  enterGenerator(site: number): Task;
  enterModule(): Task;
  exitTask(task: Task): void;
  /** As `loop`, `iterate`, `leave` and `back`, in a task; the last three also wake a task that was suspended. */
  loopIn(scope: TaskScope, site: number): TaskLoop;
  iterateIn(loop: TaskLoop): void;
  leaveIn(loop: TaskLoop): void;
  backIn<T>(scope: TaskScope, value?: T): T;
  /** Around each await: `resume(scope, await suspend(scope, promise))`; `suspend` takes the task off the stack. */
  suspend<T>(scope: TaskScope, value?: T): T;
  resume<T>(scope: TaskScope, value: T): T;
  /** Around each yield: `resume(scope, yield yielding(scope, value))`; a generator goes on on top of its resumer. */
  yielding<T>(scope: TaskScope, value?: T): T;
}
