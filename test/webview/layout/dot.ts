/** @file The same graphs drawn by graphviz `dot`, as a yardstick. */
import { spawnSync } from "node:child_process";
import type { LayoutInput, LayoutResult, Point } from "../../../webview/layout/types.js";

const pixelsPerInch = 72;

export function dotVersion(): string | null {
  const { error, stderr } = spawnSync("dot", ["-V"], { encoding: "utf8" });
  return error ? null : stderr.trim();
}

/**
 * Cards and gaps as large as ours, all else as dot has it; its splines as polylines. Null where dot has not
 * finished after so many seconds.
 */
export function layoutByDot(input: LayoutInput, seconds = Number.POSITIVE_INFINITY): LayoutResult | null {
  const { nodeGap = 28, rankGap = 56 } = input.options;
  const index = new Map(input.nodes.map(({ id }, i) => [id, i]));
  const lines = [
    "digraph {",
    `graph [nodesep=${nodeGap / pixelsPerInch} ranksep=${rankGap / pixelsPerInch}]`,
    'node [shape=box fixedsize=true label=""]',
    ...input.nodes.map(
      ({ width, height }, i) => `${i} [width=${width / pixelsPerInch} height=${height / pixelsPerInch}]`,
    ),
    ...input.edges.map(({ from, to }) => `${index.get(from)} -> ${index.get(to)} [arrowhead=none]`),
    "}",
  ];
  const { stdout, status, stderr, signal } = spawnSync("dot", ["-Tjson"], {
    input: lines.join("\n"),
    ...(Number.isFinite(seconds) ? { timeout: seconds * 1000 } : {}),
    encoding: "utf8",
    maxBuffer: 1 << 30,
  });
  if (signal === "SIGTERM") return null;
  if (status !== 0) throw new Error(`dot failed: ${stderr}`);
  const drawn = JSON.parse(stdout) as {
    bb: string;
    objects?: { name: string; pos: string }[];
    edges?: { pos: string }[];
  };
  const [, , width, height] = drawn.bb.split(",").map(Number) as [number, number, number, number];
  const point = (text: string): Point => {
    const [x, y] = text.split(",").map(Number) as [number, number];
    return { x, y: height - y };
  };
  const at = new Map((drawn.objects ?? []).map(({ name, pos }) => [name, point(pos)]));
  return {
    nodes: input.nodes.map(({ id }, i) => ({ id, ...at.get(String(i))! })),
    edges: input.edges.map(({ id }, i) => ({
      id,
      points: flatten(drawn.edges![i]!.pos.split(" ").map(point)),
    })),
    groups: [],
    x: 0,
    y: 0,
    width,
    height,
  };
}

/** Cubic Bézier curves, joined, as a polyline. */
function flatten(control: readonly Point[]): Point[] {
  const steps = 8;
  const points: Point[] = [control[0]!];
  for (let i = 0; i + 3 < control.length; i += 3) {
    const [p, q, r, s] = control.slice(i, i + 4) as [Point, Point, Point, Point];
    for (let k = 1; k <= steps; k++) {
      const t = k / steps;
      const u = 1 - t;
      const mix = (axis: "x" | "y") =>
        u ** 3 * p[axis] + 3 * u * u * t * q[axis] + 3 * u * t * t * r[axis] + t ** 3 * s[axis];
      points.push({ x: mix("x"), y: mix("y") });
    }
  }
  return points;
}
