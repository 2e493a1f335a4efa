/** @file A Chromium to open the workbench in: the machine's own, else Debian's, else Playwright's. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { tryCommand } from "./command.js";
import { withLock } from "./lock.js";
import { HOSTS, ROOT } from "./paths.js";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

const ELSEWHERE: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
    "C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe",
  ],
};

/** Path of a Chromium, Chrome or Edge; installs one where there is none and that can be done. */
export async function installBrowser(): Promise<string> {
  const found = findBrowser();
  if (found) return found;
  return withLock(join(HOSTS, "browser.lock"), async () => {
    const installed = findBrowser() ?? (await installFromDebian()) ?? (await installFromPlaywright());
    if (installed) return installed;
    throw new Error(
      "No Chromium, Chrome or Edge was found, and none could be installed. " +
        "Install one (Debian, Ubuntu: sudo apt-get install chromium), or name one in CHROMIUM.",
    );
  });
}

function findBrowser(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM names ${named}, which does not exist`);
  }
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...(ELSEWHERE[process.platform] ?? []), chromium.executablePath()].find(
    (path) => path !== "" && existsSync(path),
  );
}

async function installFromDebian(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await tryCommand("apt-get", ["update", "-q"], { env });
  await tryCommand("apt-get", ["install", "-q", "-y", "--no-install-recommends", "chromium"], { env });
  return findBrowser();
}

async function installFromPlaywright(): Promise<string | undefined> {
  const cli = join(ROOT, "node_modules", "playwright-core", "cli.js");
  await tryCommand(process.execPath, [cli, "install", "chromium"]);
  return findBrowser();
}

export async function launchChromium(options = { headless: true }): Promise<Browser> {
  return chromium.launch({
    executablePath: await installBrowser(),
    headless: options.headless,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // A shared machine may give a container very little of /dev/shm.
      "--disable-dev-shm-usage",
    ],
  });
}
