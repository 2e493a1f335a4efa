/** @file The legend's entries: which cards each of them stands for. */
import type { Change } from "./changes.js";
import type { Face, GradState } from "./face.js";

export interface LegendEntry {
  readonly id:
    | "leaf"
    | "function"
    | "constant"
    | "root"
    | "custom"
    | "saved"
    | "freed"
    | "bad"
    | GradState
    | Change;
  readonly text: string;
  matches(face: Face, change: Change | null): boolean;
}

const tagged = (tone: string) => (face: Face) => face.tags.some((tag) => tag.tone === tone);
const grad = (state: GradState, text: string): LegendEntry => ({
  id: state,
  text,
  matches: (face) => face.grad?.state === state,
});

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
  { id: "freed", text: "saved tensors freed", matches: (face) => face.freed },
  grad("accumulated", ".grad accumulated, ×n times"),
  grad("passed", "gradient passed through"),
  grad("flowing", "gradient flowing"),
  grad("pending", "gradient pending"),
  grad("absent", "no gradient"),
  { id: "added", text: "new since the last run", matches: (_, change) => change === "added" },
  { id: "changed", text: "changed since the last run", matches: (_, change) => change === "changed" },
];
