/**
 * @file The drawing's colours and fonts, read from the style sheet's variables, which take them from VS Code's
 * theme or, on a page of its own, from the reader's light or dark preference.
 */

/** Every colour that the drawing uses, by its variable in style/theme.css (`--gw-…`). */
const COLOURS = [
  "bg",
  "fg",
  "quiet",
  "card",
  "line",
  "edge",
  "leaf",
  "leaf-text",
  "root",
  "root-text",
  "grad",
  "grad-text",
  "bad",
  "bad-text",
  "saved",
  "focus",
  "select",
  "cursor",
  "added",
  "changed",
] as const;

export type Colour = (typeof COLOURS)[number];

export interface Theme {
  readonly colours: Readonly<Record<Colour, string>>;
  readonly sans: string;
  readonly mono: string;
  /** Borders are thicker and nothing is told by a tint alone. */
  readonly highContrast: boolean;
}

/** Custom properties are substituted, not computed: only as a `color` do mixes and names become one colour. */
export function readTheme(): Theme {
  const probe = document.createElement("span");
  probe.className = "gw-probe";
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const colours = {} as Record<Colour, string>;
  for (const name of COLOURS) {
    probe.style.color = `var(--gw-${name})`;
    colours[name] = plain(style.color);
  }
  probe.style.fontFamily = "var(--gw-sans)";
  const sans = style.fontFamily;
  probe.style.fontFamily = "var(--gw-mono)";
  const mono = style.fontFamily;
  probe.remove();
  const highContrast =
    document.body.classList.contains("vscode-high-contrast") ||
    document.body.classList.contains("vscode-high-contrast-light") ||
    matchMedia("(forced-colors: active), (prefers-contrast: more)").matches;
  return { colours, sans, mono, highContrast };
}

/** VS Code changes `style` of the document and `class` of the body when the theme does. */
export function watchTheme(changed: () => void): void {
  let queued = false;
  const queue = () => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      changed();
    });
  };
  const observer = new MutationObserver(queue);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "style"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style"] });
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"])
    matchMedia(query).addEventListener("change", queue);
}

type Rgb = readonly [number, number, number];

/** Computed colours are `rgb(…)`, or `color(srgb …)` where they were mixed. */
export function parseColour(text: string): Rgb {
  const numbers = (text.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  const [r = 0, g = 0, b = 0] = numbers;
  return text.startsWith("color(") ? [r * 255, g * 255, b * 255] : [r, g, b];
}

/** As `rgb(…)`, which everything that reads SVG understands; the notation of mixed colours, it may not. */
export function plain(colour: string): string {
  const alpha = /[/,]\s*([\d.]+)\s*\)$/.exec(colour)?.[1];
  const [r, g, b] = parseColour(colour).map(Math.round);
  const transparent = alpha !== undefined && (colour.includes("/") || colour.startsWith("rgba"));
  return transparent ? `rgba(${r}, ${g}, ${b}, ${alpha})` : `rgb(${r}, ${g}, ${b})`;
}

/** `share` of `a` over the rest of `b`. */
export function mix(a: string, b: string, share: number): string {
  const [from, to] = [parseColour(a), parseColour(b)];
  const part = (i: 0 | 1 | 2) => Math.round(from[i] * share + to[i] * (1 - share));
  return `rgb(${part(0)}, ${part(1)}, ${part(2)})`;
}
