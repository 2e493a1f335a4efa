import type { BuildOptions } from "esbuild";

export const wrapped: Pick<BuildOptions, "banner" | "footer">;
export function runnerBuilds(outdir: string, typescript: string): Record<string, BuildOptions>;
