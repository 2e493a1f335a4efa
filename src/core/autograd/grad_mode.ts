/** @file Whether operations are recorded: a flag, and the two forms (callback, `using`) that set it. */

/** Hot paths read these fields directly. */
export const mode = { grad: true, inference: false };

/** Restores the previous mode when disposed: `using _ = torch.no_grad()`. */
export class GradModeGuard {
  readonly #grad = mode.grad;
  readonly #inference = mode.inference;
  #active = true;

  /** @internal */
  constructor(grad: boolean, inference: boolean) {
    mode.grad = grad;
    mode.inference = inference;
  }

  [Symbol.dispose](): void {
    if (!this.#active) return;
    this.#active = false;
    mode.grad = this.#grad;
    mode.inference = this.#inference;
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === "function";
}

/**
 * Runs `fn` and disposes `guard` when it is done: after the returned promise settles, for an async
 * callback. The mode is one flag for the whole program, so code that runs meanwhile sees it too.
 */
export function runGuarded<R>(guard: Disposable, fn: () => R): R {
  let result: R;
  try {
    result = fn();
  } catch (error) {
    guard[Symbol.dispose]();
    throw error;
  }
  if (isPromise(result)) {
    return result.then(
      (value) => {
        guard[Symbol.dispose]();
        return value;
      },
      (error: unknown) => {
        guard[Symbol.dispose]();
        throw error;
      },
    ) as R;
  }
  guard[Symbol.dispose]();
  return result;
}

/** Operations inside are not recorded, and their results do not require grad. */
export function no_grad(): GradModeGuard;
export function no_grad<R>(fn: () => R): R;
export function no_grad<R>(fn?: () => R): R | GradModeGuard {
  const guard = new GradModeGuard(false, mode.inference);
  return fn === undefined ? guard : runGuarded(guard, fn);
}

/** Records again inside a `no_grad` block. */
export function enable_grad(): GradModeGuard;
export function enable_grad<R>(fn: () => R): R;
export function enable_grad<R>(fn?: () => R): R | GradModeGuard {
  const guard = new GradModeGuard(true, mode.inference);
  return fn === undefined ? guard : runGuarded(guard, fn);
}

/** Turns recording on or off: for good, as a guard, or for a callback. */
export function set_grad_enabled(enabled: boolean): GradModeGuard;
export function set_grad_enabled<R>(enabled: boolean, fn: () => R): R;
export function set_grad_enabled<R>(enabled: boolean, fn?: () => R): R | GradModeGuard {
  const guard = new GradModeGuard(enabled, mode.inference);
  return fn === undefined ? guard : runGuarded(guard, fn);
}

/** Like `no_grad`; tensors made inside can never take part in autograd later. */
export function inference_mode(enabled?: boolean): GradModeGuard;
export function inference_mode<R>(fn: () => R): R;
export function inference_mode<R>(arg: boolean | (() => R) = true): R | GradModeGuard {
  if (typeof arg === "function") return runGuarded(new GradModeGuard(false, true), arg);
  return new GradModeGuard(!arg, arg);
}

export function is_grad_enabled(): boolean {
  return mode.grad;
}

export function is_inference_mode_enabled(): boolean {
  return mode.inference;
}
