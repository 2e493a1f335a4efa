/**
 * @file The runtime that instrumented code calls, and the semantics that it must have.
 *
 * An instrumented ES module begins with one import from `PROBE_MODULE` (a CommonJS file with one `require` of
 * it) of the members below, under names that the file itself doesn't use. The host provides that module; every
 * module of a run must be given the same probe.
 */

/** The module specifier from which instrumented code takes its probe. */
export const PROBE_MODULE = "gradwalk:probe";

/** Indices into `Probe.cell`. Another thread may read the cell of a program that never returns. */
export const CELL_SITE = 0;
export const CELL_LOOP = 1;
export const CELL_ITERATION = 2;
export const CELL_LENGTH = 4;

/**
 * One entry of the dynamic scope: a running function or loop. Frames form a list by `parent`, outermost `null`.
 * Frames of functions that can't be suspended are reused, so who wants to keep a scope copies it (or interns it
 * and keeps the number in `key`).
 */
export interface Frame {
  /** Site id; -1 for the root. */
  site: number;
  /** Loops: index of the running iteration, from 0 (-1 before the first). Functions: how often they had been entered before. */
  count: number;
  parent: Frame | null;
  /** For the host: 0 whenever `site`, `count` or `parent` changed, so that a host may intern the scope once. */
  key: number;
  /** The function that a loop runs in, by way of the scope; a function's own frame. */
  owner: Frame;
  /** Functions: the frame that runs again when this one returns or is suspended; `null` while suspended at a yield. */
  caller: Frame | null;
  /** The site that was current when this frame was entered; leaving the frame makes it current again. */
  entered: number;
  /** The frame that the next function or loop entered from here reuses. */
  next: Frame | null;
  /** Whether this is a private copy that nobody changes any more. */
  frozen: boolean;
  /** Whether an await may suspend it, so that its ancestors must be copies. */
  async: boolean;
}

export interface Probe {
  /** `[CELL_SITE]` current site, `[CELL_LOOP]` and `[CELL_ITERATION]` of the loop that last began an iteration. */
  readonly cell: Int32Array;
  /** The scope of the program outside of all functions and loops. */
  readonly root: Frame;
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
  /** Enters a plain function. */
  enter(site: number): Frame;
  /** Enters an async function (also an async generator) or a generator, whose frame outlives its caller's. */
  enterAsync(site: number): Frame;
  enterGenerator(site: number): Frame;
  /** Leaves a function, however it ends; also puts the scope right after inner frames that were abandoned. */
  exit(frame: Frame): void;
  /** Enters a loop, begins an iteration, leaves it. */
  loop(site: number): Frame;
  iterate(frame: Frame): void;
  leave(frame: Frame): void;
  /** Makes `frame` the scope again, in a handler, after frames inside were abandoned; gives `value` back. */
  back<T>(frame: Frame, value?: T): T;
  /**
   * Around each await: `resume(scope, await suspend(scope, promise))`. `suspend` hands the scope to whoever goes
   * on running; `resume` takes it again.
   */
  suspend<T>(frame: Frame, value: T): T;
  resume<T>(frame: Frame, value: T): T;
  /** The same around each yield: `yielded(scope, yield yielding(scope, value))`; the generator then runs inside of who called `next()`. */
  yielding<T>(frame: Frame, value: T): T;
  yielded<T>(frame: Frame, value: T): T;
}

/** What a host adds to the reference implementation. */
export interface ProbeHost {
  /** Called by `bind` for every value that is an object. */
  bound?(site: number, value: object): void;
  /** Backing store of the cell, shared with a watchdog. */
  cell?: Int32Array;
}

const NONE: readonly never[] = Object.freeze([]);

function frame(site: number, parent: Frame | null): Frame {
  const made = {
    site,
    count: 0,
    parent,
    key: 0,
    caller: null,
    entered: -1,
    next: null,
    frozen: false,
    async: false,
  } as unknown as Frame;
  made.owner = made;
  return made;
}

/** A copy of the chain that loops and reused frames can't change any more. */
function freeze(top: Frame): Frame {
  if (top.frozen || top.parent === null) return top;
  const copy = frame(top.site, freeze(top.parent));
  copy.count = top.count;
  copy.key = top.key;
  copy.caller = top.caller;
  copy.frozen = true;
  return copy;
}

/** The reference implementation: exact, and quick enough to be the real one. */
export function createProbe(host: ProbeHost = {}): Probe & { current(): Frame; reset(): void } {
  const cell = host.cell ?? new Int32Array(CELL_LENGTH).fill(-1);
  const bound = host.bound;
  const root = frame(-1, null);
  root.caller = root;
  let calls = new Float64Array(256);
  let scope = root;

  function grow(site: number): void {
    const larger = new Float64Array(Math.max(site + 1, calls.length * 2));
    larger.set(calls);
    calls = larger;
  }
  function begin(entry: Frame, site: number): Frame {
    if (site >= calls.length) grow(site);
    entry.site = site;
    entry.count = calls[site]!++;
    entry.key = 0;
    entry.entered = cell[CELL_SITE]!;
    scope = entry;
    return entry;
  }
  function reused(): Frame {
    const made = frame(-1, scope);
    made.caller = scope;
    scope.next = made;
    return made;
  }
  /** A generator that was suspended at a yield runs again, on top of whoever resumed it. */
  function reenter(owner: Frame, inner: Frame): void {
    owner.caller = scope;
    owner.parent = owner.async ? freeze(scope) : scope;
    for (let each = inner; each !== owner; each = each.parent!) each.key = 0;
    owner.key = 0;
  }

  return {
    cell,
    root,
    current: () => scope,
    reset() {
      scope = root;
    },
    at(site, value) {
      cell[CELL_SITE] = site;
      return value;
    },
    none(site) {
      cell[CELL_SITE] = site;
      return NONE;
    },
    bind(site, value) {
      if (bound !== undefined && typeof value === "object" && value !== null) bound(site, value);
      return value;
    },
    first: (value) => value,
    target: (site, object, key) => ({
      set value(value: unknown) {
        (object as Record<PropertyKey, unknown>)[key] = value;
        if (bound !== undefined && typeof value === "object" && value !== null) bound(site, value);
      },
    }),
    enter(site) {
      const entry = scope.next ?? reused();
      entry.owner = entry;
      entry.caller = scope;
      return begin(entry, site);
    },
    enterAsync(site) {
      const entry = frame(site, freeze(scope));
      entry.async = true;
      entry.caller = scope;
      return begin(entry, site);
    },
    enterGenerator(site) {
      const entry = frame(site, scope);
      entry.caller = scope;
      return begin(entry, site);
    },
    exit(entry) {
      if (entry.caller !== null) scope = entry.caller;
      cell[CELL_SITE] = entry.entered;
    },
    loop(site) {
      const entry = scope.next ?? reused();
      entry.owner = scope.owner;
      entry.site = site;
      entry.count = -1;
      entry.key = 0;
      scope = entry;
      return entry;
    },
    iterate(entry) {
      entry.count++;
      entry.key = 0;
      scope = entry;
      cell[CELL_SITE] = entry.site;
      cell[CELL_LOOP] = entry.site;
      cell[CELL_ITERATION] = entry.count;
    },
    leave(entry) {
      scope = entry.parent!;
    },
    back(entry, value) {
      if (entry.owner.caller === null) reenter(entry.owner, entry);
      scope = entry;
      return value as never;
    },
    suspend(inner, value) {
      const owner = inner.owner;
      if (owner.caller !== null) scope = owner.caller;
      owner.caller = root;
      // Tasks that run meanwhile begin at the root, and must not reuse the frames of a suspended module.
      if (owner === root) root.next = null;
      return value;
    },
    resume(inner, value) {
      scope = inner;
      return value;
    },
    yielding(inner, value) {
      const owner = inner.owner;
      if (owner.caller !== null) scope = owner.caller;
      owner.caller = null;
      return value;
    },
    yielded(inner, value) {
      reenter(inner.owner, inner);
      scope = inner;
      return value;
    },
  };
}
