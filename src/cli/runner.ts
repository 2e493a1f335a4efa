/** @file Where the runner is: beside the command's own bundle. */
import { fileURLToPath } from "node:url";

export function runnerPath(): string {
  return fileURLToPath(new URL("runner.js", import.meta.url));
}
