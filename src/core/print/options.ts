/** @file The process-wide print options of `torch.set_printoptions`. */

export interface PrintOptions {
  /** Digits after the point of floating point elements. */
  precision: number;
  /** Number of elements above which a tensor is summarised. */
  threshold: number;
  /** Elements shown at each end of a summarised dimension. */
  edgeitems: number;
  /** Characters per line; summarised matrices may exceed it. */
  linewidth: number;
  /** Scientific notation always, never, or (`null`) as the values ask for it. */
  sci_mode: boolean | null;
}

/** Arguments of `torch.set_printoptions`; `null` is Python's `None`. */
export interface PrintOptionsUpdate {
  precision?: number | null | undefined;
  threshold?: number | null | undefined;
  edgeitems?: number | null | undefined;
  linewidth?: number | null | undefined;
  /** Sane defaults to start from; an unknown name changes nothing, as in PyTorch. */
  profile?: "default" | "short" | "full" | (string & {}) | null | undefined;
  sci_mode?: boolean | null | undefined;
}

type Profile = Omit<PrintOptions, "sci_mode">;

const PROFILES: Readonly<Record<string, Profile>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Number.POSITIVE_INFINITY, edgeitems: 3, linewidth: 80 },
};

let current: Readonly<PrintOptions> = Object.freeze({
  precision: 4,
  threshold: 1000,
  edgeitems: 3,
  linewidth: 80,
  sci_mode: null,
});

/** `torch.set_printoptions`. As in PyTorch, `sci_mode` goes back to automatic whenever it is left out. */
export function setPrintoptions(update: PrintOptionsUpdate = {}): void {
  const profile = update.profile != null && Object.hasOwn(PROFILES, update.profile);
  const base = profile ? PROFILES[update.profile as string]! : current;
  current = Object.freeze({
    precision: update.precision ?? base.precision,
    threshold: update.threshold ?? base.threshold,
    edgeitems: update.edgeitems ?? base.edgeitems,
    linewidth: update.linewidth ?? base.linewidth,
    sci_mode: update.sci_mode ?? null,
  });
}

/** `torch.get_printoptions`: a copy that `setPrintoptions` takes back. */
export function getPrintoptions(): PrintOptions {
  return { ...current };
}

/** The options in force, without a copy; frozen. */
export function currentPrintoptions(): Readonly<PrintOptions> {
  return current;
}

/** `torch._tensor_str.printoptions`: runs `body` with changed options and puts the old ones back. */
export function withPrintoptions<T>(update: PrintOptionsUpdate, body: () => T): T {
  const before = current;
  setPrintoptions(update);
  try {
    return body();
  } finally {
    current = before;
  }
}
