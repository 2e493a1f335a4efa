/** @file The legend's entries: which cards each of them stands for. */
import type { Face } from "./face.js";

export interface LegendEntry {
  readonly id: "leaf" | "function" | "constant" | "root" | "custom" | "saved" | "bad";
  readonly text: string;
  matches(face: Face): boolean;
}

const tagged = (tone: string) => (face: Face) => face.tags.some((tag) => tag.tone === tone);

export const LEGEND: readonly LegendEntry[] = [
  { id: "leaf", text: "leaf, requires grad", matches: (face) => face.role === "leaf" },
  { id: "function", text: "operation (non-leaf)", matches: (face) => face.role === "function" },
  { id: "constant", text: "constant, no grad", matches: (face) => face.role === "constant" },
  { id: "root", text: "root of the pass", matches: tagged("root") },
  {
    id: "custom",
    text: "custom Function",
    matches: (face) => face.tags.some((tag) => tag.text === "custom"),
  },
  { id: "saved", text: "retains grad", matches: tagged("saved") },
  { id: "bad", text: "NaN, inf or modified", matches: (face) => face.bad },
];
