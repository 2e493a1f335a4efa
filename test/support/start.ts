/**
 * @file `npm start`: an example with its graph in a real VS Code. The desktop one where it is installed, else
 * the workbench in a browser; without a display, or with `-- --headless`, a picture of it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { NEWEST } from "../vscode/host/versions.js";
import { Workbench } from "../vscode/host/workbench.js";
import { buildAll } from "./build.js";
import { which } from "./command.js";
import { HOSTS, OUT, ROOT } from "./paths.js";

const EXAMPLES = join(ROOT, "examples");
const EXAMPLE = "linear-regression.ts";

/** A terminal inside VS Code, or in WSL, has a `code` that cannot load an extension from source. */
async function findDesktop(): Promise<string | undefined> {
  if (process.env.VSCODE_EXECUTABLE) return process.env.VSCODE_EXECUTABLE;
  if (process.env.VSCODE_IPC_HOOK_CLI || process.env.WSL_DISTRO_NAME) return undefined;
  return which("code", "code-insiders");
}

function hasDisplay(): boolean {
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function openDesktop(executable: string): Promise<void> {
  const data = join(HOSTS, "desktop");
  const args = [
    "--new-window",
    "--wait",
    `--user-data-dir=${join(data, "user")}`,
    `--extensions-dir=${join(data, "extensions")}`,
    `--extensionDevelopmentPath=${ROOT}`,
    `--extensionDevelopmentPath=${join(ROOT, "test", "support", "opener")}`,
    "--disable-workspace-trust",
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    EXAMPLES,
  ];
  console.log(`Opening ${EXAMPLE} in ${executable} …`);
  const child = spawn(executable, args, { stdio: "inherit", shell: process.platform === "win32" });
  await once(child, "exit");
}

/** Opens the example, and presses the lens above its first line as a person would. */
async function openWorkbench(headless: boolean): Promise<Workbench> {
  const request = { folder: EXAMPLES, file: join(EXAMPLES, EXAMPLE), headless };
  const workbench = await Workbench.open(NEWEST, request);
  await workbench.run();
  return workbench;
}

async function showPicture(): Promise<void> {
  const workbench = await openWorkbench(true);
  await mkdir(OUT, { recursive: true });
  const picture = join(OUT, "start.png");
  await workbench.page.screenshot({ path: picture });
  await workbench.close();
  console.log(`VS Code ${NEWEST.vscode} with ${EXAMPLE} and its graph: ${picture}`);
}

async function showWindow(): Promise<void> {
  const workbench = await openWorkbench(false);
  console.log(`${EXAMPLE} is open in VS Code ${NEWEST.vscode}, at ${workbench.url}`);
  console.log("Close the window to end it.");
  await new Promise<void>((resolve) => {
    workbench.page.once("close", () => resolve());
    workbench.browser.once("disconnected", () => resolve());
  });
  await workbench.close();
}

process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));
console.log("Building …");
await buildAll();
const headless = process.argv.includes("--headless") || !hasDisplay();
const desktop = headless ? undefined : await findDesktop();
if (desktop) await openDesktop(desktop);
else {
  console.log("Starting VS Code in a browser; the first time, it is installed into .vscode-test …");
  await (headless ? showPicture() : showWindow());
}
