/** @file Types for `import … from "gradwalk"`: written into the workspace's node_modules, and removed again. */
import * as vscode from "vscode";
import { HumanError } from "./errors.js";
import { t } from "./words.js";

/** In the package.json of what we wrote, so that nothing else is ever overwritten or removed. */
const MARK = "gradwalkTypes";
const DECLINED = "gradwalk.typesDeclined";
/** TypeScript's "Cannot find module". */
const CANNOT_FIND_MODULE = 2307;

export type TypesAction = "add" | "remove";

export class TypesWriter implements vscode.Disposable {
  readonly #subscription: vscode.Disposable;
  #offered = false;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#subscription = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      const lacking = this.#offered ? undefined : uris.find(missesTypes);
      if (lacking) void this.#offer(lacking).catch(this.failed);
    });
  }

  /** Asks, then writes or removes; with an action it does not ask. Resolves to the folder concerned. */
  async command(action?: TypesAction): Promise<vscode.Uri | null> {
    const folder = await chooseFolder();
    return folder ? this.#change(folder, action) : null;
  }

  async #change(folder: vscode.WorkspaceFolder, action?: TypesAction): Promise<vscode.Uri | null> {
    const target = packageOf(folder);
    const present = await ours(target);
    const chosen = action ?? (await this.#ask(folder, present));
    if (chosen === "add") await this.#write(target);
    if (chosen === "remove" && present) {
      await vscode.workspace.fs.delete(target, { recursive: true, useTrash: false });
    }
    return chosen ? target : null;
  }

  async #ask(folder: vscode.WorkspaceFolder, present: boolean): Promise<TypesAction | null> {
    const add = { title: present ? t("Write Again") : t("Add Types"), action: "add" } as const;
    const remove = { title: t("Remove Types"), action: "remove" } as const;
    const detail = t(
      "This writes declarations into {0}/node_modules/gradwalk, so that the editor knows the library. Programs run without them too. The same command removes them.",
      folder.name,
    );
    const chosen = await vscode.window.showInformationMessage(
      present
        ? t("The types for “gradwalk” are in this workspace.")
        : t("Add the types for “gradwalk” to this workspace?"),
      { modal: true, detail },
      ...(present ? [add, remove] : [add]),
    );
    return chosen?.action ?? null;
  }

  async #offer(program: vscode.Uri): Promise<void> {
    const folder = vscode.workspace.getWorkspaceFolder(program);
    if (!folder || !vscode.workspace.isTrusted || this.context.workspaceState.get(DECLINED)) return;
    this.#offered = true;
    if (await ours(packageOf(folder))) return;
    const [add, never] = [t("Add Types"), t("Not in This Workspace")];
    const chosen = await vscode.window.showInformationMessage(
      t("TypeScript does not know “gradwalk” here. Shall Gradwalk add its types to node_modules?"),
      add,
      never,
    );
    if (chosen === add) await this.#change(folder, "add");
    if (chosen === never) await this.context.workspaceState.update(DECLINED, true);
  }

  async #write(target: vscode.Uri): Promise<void> {
    if ((await exists(target)) && !(await ours(target))) {
      throw new HumanError(
        t(
          "There is a package of its own at {0}; Gradwalk leaves it as it is. Remove it with your package manager first.",
          target.fsPath,
        ),
      );
    }
    const { version } = this.context.extension.packageJSON as { readonly version: string };
    const manifest = {
      name: "gradwalk",
      version,
      description: "Types that the Gradwalk extension wrote; programs run in the editor need nothing else.",
      type: "module",
      types: "./index.d.ts",
      [MARK]: true,
    };
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(this.context.extensionUri, "dist", "types"), target, {
      overwrite: true,
    });
    await vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(target, "package.json"),
      new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`),
    );
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) {
    throw new HumanError(
      t("Types are written into a workspace folder. Open the folder of your program first."),
    );
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active && vscode.workspace.getWorkspaceFolder(active);
  return own ?? (folders.length === 1 ? folders[0] : vscode.window.showWorkspaceFolderPick());
}

const packageOf = (folder: vscode.WorkspaceFolder) =>
  vscode.Uri.joinPath(folder.uri, "node_modules", "gradwalk");

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Whether the package is one that this extension wrote. */
async function ours(target: vscode.Uri): Promise<boolean> {
  try {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(target, "package.json"));
    return (JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>)[MARK] === true;
  } catch {
    // No package, or one that is no JSON: not ours either way.
    return false;
  }
}

function missesTypes(uri: vscode.Uri): boolean {
  return vscode.languages.getDiagnostics(uri).some(({ code, message, source }) => {
    const number = typeof code === "object" ? code.value : code;
    return source === "ts" && Number(number) === CANNOT_FIND_MODULE && /['"]gradwalk['"]/.test(message);
  });
}
