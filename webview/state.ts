/** @file What the page remembers while hidden, across reloads and across runs. */
import type { Viewport } from "./canvas/viewport.js";
import type { Quantity } from "./model/heat.js";
import type { Arrangement } from "./page/folding.js";

export type ColourBy = "state" | Quantity;

export interface Saved {
  readonly orientation: "down" | "right";
  /** Data flow downwards or rightwards, or gradient flow. */
  readonly flow: "forward" | "gradient";
  readonly colourBy: ColourBy;
  readonly gradients: boolean;
  readonly constants: boolean;
  readonly follow: boolean;
  readonly legend: boolean;
  /** Where not all of the graph is in view, all of it in small. */
  readonly map: boolean;
  readonly speed: number;
  /** The card's key, not its id: it lives through runs. */
  readonly selected: string | null;
  readonly pass: number | null;
  readonly viewport: Viewport | null;
  readonly detailsWidth: number;
  /** Path of the program that the panel is locked to; the host reads it when the window is loaded again. */
  readonly locked: string | null;
  /** By file: what is folded and what was moved. */
  readonly arrangements: Readonly<Record<string, Arrangement>>;
}

export const DEFAULTS: Saved = {
  orientation: "down",
  flow: "forward",
  colourBy: "state",
  gradients: false,
  constants: true,
  follow: true,
  legend: true,
  map: true,
  speed: 1,
  selected: null,
  pass: null,
  viewport: null,
  detailsWidth: 300,
  locked: null,
  arrangements: {},
};

const CHOICES: { readonly [K in keyof Saved]?: readonly Saved[K][] } = {
  orientation: ["down", "right"],
  flow: ["forward", "gradient"],
  colourBy: ["state", "norm", "value", "memory", "order", "time"],
};

function isViewport(value: unknown): value is Viewport {
  if (typeof value !== "object" || value === null) return false;
  const { zoom, x, y } = value as Partial<Record<keyof Viewport, unknown>>;
  return [zoom, x, y].every(Number.isFinite) && (zoom as number) > 0;
}

function accepts(key: keyof Saved, value: unknown): boolean {
  const choices = CHOICES[key];
  if (choices) return (choices as readonly unknown[]).includes(value);
  if (key === "selected" || key === "locked") return value === null || typeof value === "string";
  // What is inside is checked where it is used.
  if (key === "arrangements") return typeof value === "object" && value !== null;
  if (key === "pass") return value === null || Number.isInteger(value);
  if (key === "viewport") return value === null || isViewport(value);
  const expected = DEFAULTS[key];
  return typeof value === typeof expected && (typeof value !== "number" || Number.isFinite(value));
}

/** Whatever an older or newer page saved: what fits is taken, the rest falls back. */
export function restore(saved: unknown): Saved {
  if (typeof saved !== "object" || saved === null) return DEFAULTS;
  const entries = Object.entries(saved).filter(
    ([key, value]) => Object.hasOwn(DEFAULTS, key) && accepts(key as keyof Saved, value),
  );
  return { ...DEFAULTS, ...Object.fromEntries(entries) };
}
