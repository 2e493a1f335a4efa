/** @file The two VS Code versions that every test of the extension runs on. */
import { fail } from "node:assert/strict";

export interface HostVersion {
  readonly name: "oldest" | "newest";
  /** Of the npm package code-server, which holds the workbench and the extension host. */
  readonly codeServer: string;
  readonly vscode: string;
  /** Major version of Node that its server wants. */
  readonly node: number;
  /** Flags that only this version knows. */
  readonly flags: readonly string[];
}

export const OLDEST: HostVersion = {
  name: "oldest",
  codeServer: "4.100.3",
  vscode: "1.100.3",
  node: 20,
  flags: [],
};

export const NEWEST: HostVersion = {
  name: "newest",
  codeServer: "4.139.1",
  vscode: "1.139.1",
  node: 24,
  // Without it the page's payload is ignored.
  flags: ["--enable-smoke-test-driver"],
};

export const VERSIONS: readonly HostVersion[] = [OLDEST, NEWEST];

/** The version that `GRADWALK_HOST` names; the newest where it names none. */
export function hostVersion(name = process.env.GRADWALK_HOST ?? "newest"): HostVersion {
  return (
    VERSIONS.find((version) => version.name === name) ??
    fail(`GRADWALK_HOST is "${name}"; it can be ${VERSIONS.map((v) => `"${v.name}"`).join(" or ")}`)
  );
}
