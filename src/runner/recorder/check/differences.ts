/** @file Finite differences of one number along a direction, and whether a slope agrees with them. */

/** A slope as measured from both sides. */
export interface Measured {
  readonly central: number;
  readonly left: number;
  readonly right: number;
  /** What rounding may have added to the measure. */
  readonly noise: number;
}

/** In double precision the error of a central difference is least near the third root of 2⁻⁵². */
export const STEP = 1e-5;
/** Relative to the slope. */
export const RELATIVE = 1e-3;
/** Relative to the gradient's largest element: what float32 loses where terms cancel. */
export const ABSOLUTE = 1e-4;

/** @param at the function of the distance moved, and its value where nothing is moved */
export function measure(at: (by: number) => number, here: number, step: number): Measured {
  const up = at(step);
  const down = at(-step);
  const scale = Math.max(Math.abs(up), Math.abs(down), Math.abs(here));
  return {
    central: (up - down) / (2 * step),
    right: (up - here) / step,
    left: (here - down) / step,
    noise: (64 * Number.EPSILON * scale) / step,
  };
}

export type Comparison = "agrees" | "disagrees" | "kink";

/**
 * @param scale the gradient's largest element, in whose digits float32 computes
 */
export function compare(analytic: number, measured: Measured, scale: number): Comparison {
  const { central, left, right, noise } = measured;
  // The loss ends here (the logarithm of 0, the root of a negative number): there is nothing to compare with.
  if (!Number.isFinite(central)) return "kink";
  const tolerance = RELATIVE * Math.abs(central) + ABSOLUTE * scale + noise;
  if (Math.abs(analytic - central) <= tolerance) return "agrees";
  // A smooth function's two sides differ by its curvature times the step; a kink's do whatever the step.
  const jump = Math.abs(right - left);
  return jump > 10 * tolerance && jump > 1e-2 * Math.max(Math.abs(left), Math.abs(right))
    ? "kink"
    : "disagrees";
}

/** Directions of ±1 that are the same in each run and draw nothing from the program's stream. */
export class Directions {
  private state = 0x9e37_79b9;

  next(length: number): Float64Array {
    return Float64Array.from({ length }, () => (this.bit() ? 1 : -1));
  }

  /** A whole number below `below`. */
  index(below: number): number {
    this.step();
    return Math.floor((this.state / 2 ** 32) * below);
  }

  private bit(): boolean {
    this.step();
    return this.state >>> 31 === 1;
  }

  /** Marsaglia's xorshift. */
  private step(): void {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
  }
}
