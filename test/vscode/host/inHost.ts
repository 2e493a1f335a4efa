/** @file Runs a bundled Mocha suite in the real extension host of a VS Code server. */
import { launchChromium } from "../../support/chromium.js";
import { startServer } from "./server.js";
import { withoutMotion } from "./still.js";
import { workbenchUrl } from "./url.js";
import type { HostVersion } from "./versions.js";

export interface HostRun {
  /** 0 when all tests passed. */
  readonly code: number;
  readonly output: string;
}

/** Longest that the whole suite may take, milliseconds: a window that never starts must not hang a build. */
const LIMIT = 900_000;

export interface HostRunOptions {
  /** Absolute path of the module that exports `run()`. */
  readonly tests: string;
  readonly folder: string;
  /** Added to the extension host's environment. */
  readonly env: Readonly<Record<string, string>>;
}

export async function runInHost(version: HostVersion, options: HostRunOptions): Promise<HostRun> {
  const server = await startServer(version, { env: options.env });
  const browser = await launchChromium();
  const lines: string[] = [];
  try {
    const page = await browser.newPage({ reducedMotion: "reduce" });
    await withoutMotion(page);
    const ended = new Promise<number>((resolve, reject) => {
      page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => {
        lines.push(args.map(String).join(" "));
      });
      page.exposeFunction("codeAutomationExit", (code: number) => resolve(code));
      page.once("crash", () => reject(new Error("the workbench's page crashed")));
    });
    await page.goto(workbenchUrl(server.port, options));
    const code = await limited(ended, () => lines.join("\n"));
    return { code, output: lines.join("\n") };
  } finally {
    await browser.close();
    await server.stop();
  }
}

function limited(ended: Promise<number>, log: () => string): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the extension host's tests did not end in ${LIMIT / 1000} s\n${log().slice(-2000)}`));
    }, LIMIT);
  });
  return Promise.race([ended, limit]).finally(() => clearTimeout(timer));
}
