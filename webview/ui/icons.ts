/** @file The page's icons, drawn on a grid of 16 in the manner of VS Code's. */
import { svg } from "./dom.js";

/** Stroked paths; those that end in Z are filled. */
const PATHS = {
  find: ["M11 7A4 4 0 1 1 3 7A4 4 0 0 1 11 7", "M10 10L14 14"],
  follow: ["M8 2V5M8 11V14M2 8H5M11 8H14", "M10.5 8A2.5 2.5 0 1 1 5.5 8A2.5 2.5 0 0 1 10.5 8"],
  down: ["M8 2.5V13M4 9.5L8 13.5L12 9.5"],
  right: ["M2.5 8H13M9.5 4L13.5 8L9.5 12"],
  reverse: ["M5 13V3M2.5 5.5L5 3L7.5 5.5", "M11 3V13M8.5 10.5L11 13L13.5 10.5"],
  colour: [
    "M8 2C8 2 3.5 6.5 3.5 9.5A4.5 4.5 0 0 0 12.5 9.5C12.5 6.5 8 2 8 2",
    "M8 3.2V13.8A4.3 4.3 0 0 1 3.7 9.5C3.7 7 8 3.2 8 3.2Z",
  ],
  gradients: ["M8 13.5V3M4 7L8 3L12 7", "M3 13.5H13"],
  constants: ["M3 3H5M7 3H9M11 3H13V5M13 7V9M13 11V13H11M9 13H7M5 13H3V11M3 9V7M3 5V3"],
  compare: ["M5 2.5V13.5M2.5 5L5 2.5L7.5 5", "M11 13.5V2.5M8.5 11L11 13.5L13.5 11"],
  beside: ["M2.5 3H13.5V13H2.5ZM8 3V13H2.5V3Z"],
  groups: ["M2.5 5.5H10.5V13.5H2.5V5.5", "M5.5 5.5V2.5H13.5V10.5H10.5M5 9.5H8"],
  fit: ["M2.5 6V2.5H6M10 2.5H13.5V6M13.5 10V13.5H10M6 13.5H2.5V10"],
  plus: ["M8 3V13M3 8H13"],
  minus: ["M3 8H13"],
  legend: ["M2.5 3.5H5.5V6.5H2.5ZM2.5 9.5H5.5V12.5H2.5Z", "M8 5H13.5M8 11H13.5"],
  export: ["M8 2V10M5 7L8 10.2L11 7", "M3 11V13.5H13V11"],
  help: ["M5.5 6A2.5 2.5 0 1 1 8 8.5V10", "M8 12V12.6"],
  close: ["M4 4L12 12M12 4L4 12"],
  first: ["M3.5 3V13", "M13 3L6 8L13 13Z"],
  back: ["M11.5 3L4 8L11.5 13Z"],
  play: ["M4.5 2.5L12.5 8L4.5 13.5Z"],
  pause: ["M4 3H6.5V13H4ZM9.5 3H12V13H9.5Z"],
  forward: ["M4.5 3L12 8L4.5 13Z"],
  last: ["M12.5 3V13", "M3 3L10 8L3 13Z"],
  debug: ["M2.5 2.5L9 6.5L2.5 10.5Z", "M13.5 11.5A2.5 2.5 0 1 1 8.5 11.5A2.5 2.5 0 0 1 13.5 11.5"],
  run: ["M4.5 2.5L12.5 8L4.5 13.5Z"],
  up: ["M4 10L8 6L12 10"],
  below: ["M4 6L8 10L12 6"],
  source: ["M6 4L2.5 8L6 12M10 4L13.5 8L10 12"],
} as const;

export type Icon = keyof typeof PATHS;

export function icon(name: Icon): SVGElement {
  const paths = PATHS[name].map((d) => svg("path", { d, class: d.endsWith("Z") ? "filled" : "stroked" }));
  return svg(
    "svg",
    { viewBox: "0 0 16 16", class: "gw-icon", "aria-hidden": "true", focusable: "false" },
    ...paths,
  );
}
