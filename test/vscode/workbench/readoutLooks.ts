/** @file Pictures of every kind of readout, for people to look at and for the walkthrough. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { temporaryWorkspace } from "../host/suite.js";
import type { HostVersion } from "../host/versions.js";
import { Workbench } from "../host/workbench.js";
import { EditorPage } from "./editorPage.js";
import { addTypes, THEMES } from "./looks.js";

const PROGRAM = `import * as torch from "gradwalk";
torch.manual_seed(1);

const x = torch.linspace(-1, 1, 50).unsqueeze(1);
const target = x.mul(2).add(0.5).add(torch.randn(50, 1).mul(0.1));
const w = torch.randn(1, 1, { requires_grad: true });
const b = torch.zeros(1, { requires_grad: true });

for (let epoch = 0; epoch < 40; epoch++) {
  const y = x.matmul(w).add(b);
  y.retain_grad();
  const loss = y.sub(target).pow(2).mean();
  w.grad?.zero_();
  b.grad?.zero_();
  loss.backward();
  torch.no_grad(() => {
    w.sub_(w.grad!.mul(0.1));
    b.sub_(b.grad!.mul(0.1));
  });
}
`;

const SETTINGS = {
  "editor.minimap.enabled": false,
  "breadcrumbs.enabled": false,
  "editor.scrollBeyondLastLine": false,
  "editor.hover.delay": 100,
  "editor.hover.sticky": true,
};

export const KINDS = ["lenses", "iteration", "compared", "hover", "tree", "hints", "inline"] as const;

export interface ReadoutPictures {
  readonly version: HostVersion;
  readonly theme: "light" | "dark";
  /** Of the picture of each kind. */
  file(kind: (typeof KINDS)[number]): string;
  readonly size?: { readonly width: number; readonly height: number };
}

export async function takeReadoutPictures({ version, theme, file, size }: ReadoutPictures): Promise<void> {
  const workspace = await temporaryWorkspace({ ...SETTINGS, ...THEMES[theme].settings }, "examples");
  const { folder } = workspace;
  const program = join(folder, "line.ts");
  await writeFile(program, PROGRAM);
  await mkdir(join(file("lenses"), ".."), { recursive: true });
  const workbench = await Workbench.open(version, {
    folder,
    file: program,
    size: size ?? { width: 1480, height: 860 },
    colorScheme: theme,
  });
  try {
    await new Scenes(workbench, file, join(folder, ".vscode", "settings.json"), THEMES[theme].settings).all();
  } finally {
    await workbench.close();
    await workspace.remove();
  }
}

/** One window, from one kind of readout to the next. */
class Scenes {
  private readonly page: Page;
  private readonly editor: EditorPage;

  constructor(
    private readonly workbench: Workbench,
    private readonly file: ReadoutPictures["file"],
    /** The workspace's settings. */
    private readonly settings: string,
    private readonly theme: object,
  ) {
    this.page = workbench.page;
    this.editor = new EditorPage(this.page);
  }

  async all(): Promise<void> {
    const { workbench, editor } = this;
    await workbench.lens("Run and show graph").waitFor({ timeout: 60_000 });
    await workbench.command("View: Close Primary Side Bar");
    await addTypes(workbench);
    await workbench.run();
    await editor.lens(/last of 40/).waitFor();
    await this.shoot("lenses");

    await workbench.command("Gradwalk: Pin This Run to Compare With");
    await workbench.command("Gradwalk: Previous Iteration");
    await editor.lens(/^w: .*iteration 39 of 40/).waitFor();
    await this.shoot("iteration");

    await editor.goTo(17);
    await this.retype("    w.sub_(w.grad!.mul(0.3));");
    await this.run(/w: .*→/);
    await this.shoot("compared");
    await workbench.command("Gradwalk: Unpin the Run");

    await this.hover("target");
    await this.shoot("hover");
    await this.page.keyboard.press("Escape");

    await workbench.command("View: Show Gradwalk");
    await this.page.getByRole("treeitem", { name: /^w, leaf/ }).waitFor();
    await this.page.getByRole("treeitem", { name: /^Variables/ }).click();
    await this.page.getByRole("treeitem", { name: /^line 4: x/ }).waitFor();
    await this.shoot("tree");
    await workbench.command("View: Close Primary Side Bar");

    await workbench.command("Gradwalk: Show or Hide Readouts");
    await workbench.command("Gradwalk: Show or Hide Shapes");
    await this.page.locator(".view-line", { hasText: "[50, 1]" }).first().waitFor();
    await this.shoot("hints");
    await workbench.command("Gradwalk: Show or Hide Shapes");
    await this.inline();
    await this.shoot("inline");
  }

  private async retype(line: string): Promise<void> {
    await this.page.keyboard.press("Home");
    await this.page.keyboard.press("Home");
    await this.page.keyboard.press("Shift+End");
    await this.page.keyboard.insertText(line);
  }

  private async run(lens: RegExp): Promise<void> {
    await this.workbench.command("Gradwalk: Run and Show Graph");
    await this.editor.lens(lens).waitFor();
  }

  private async hover(name: string): Promise<void> {
    const word = this.page.locator(".view-line span", { hasText: new RegExp(`^${name}$`) }).first();
    await word.hover();
    await this.page.locator(".monaco-hover", { hasText: "used by" }).waitFor();
  }

  /** As a person who edits the settings' file outside the editor. */
  private async inline(): Promise<void> {
    await writeFile(
      this.settings,
      JSON.stringify({ ...SETTINGS, ...this.theme, "gradwalk.readouts": "inline" }),
    );
    await this.page.waitForTimeout(1500);
  }

  private async shoot(kind: (typeof KINDS)[number]): Promise<void> {
    // Fades, and the pointer away from what would show its tooltip.
    if (kind !== "hover") await this.page.mouse.move(10, 400);
    await this.page.waitForTimeout(1200);
    await this.page.screenshot({ path: this.file(kind) });
  }
}
