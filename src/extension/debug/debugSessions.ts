/** @file The debug sessions of this window: makes their adapters, and says which of them the views follow. */
import { dirname } from "node:path";
import * as vscode from "vscode";
import { GradwalkAdapter } from "../../adapter/adapter.js";
import type { AdapterHost, ClientDocuments } from "../../adapter/types.js";
import type { Launcher } from "../../launcher/launcher.js";
import type { LaunchOptions } from "../../launcher/types.js";
import { HumanError } from "../errors.js";
import { openDocument, overlays, pathOf } from "../programs.js";
import { limits } from "../settings.js";
import { DEBUG_TYPE } from "./configurations.js";
import { DebugView, type DebugViewParts } from "./debugView.js";
import { InlineAdapter, type StepRequest } from "./inlineAdapter.js";

interface Active {
  readonly session: vscode.DebugSession;
  readonly inline: InlineAdapter;
  readonly view: DebugView;
}

export class DebugSessions implements vscode.DebugAdapterDescriptorFactory, vscode.Disposable {
  /** By the session's id, oldest first. */
  readonly #active = new Map<string, Active>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly launcher: () => Launcher,
    private readonly parts: DebugViewParts,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#subscriptions = [
      vscode.debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, this),
      vscode.debug.onDidTerminateDebugSession((session) => this.#ended(session)),
      parts.runs.onDidChange(() => this.#endUnshown()),
    ];
  }

  createDebugAdapterDescriptor(session: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    const inline = new InlineAdapter((send) => new GradwalkAdapter(this.#host(send)));
    const { cwd, trace } = session.configuration as { readonly cwd?: string; readonly trace?: string };
    const folder = cwd ?? (trace ? dirname(trace) : (session.workspaceFolder?.uri.fsPath ?? ""));
    this.#active.set(session.id, { session, inline, view: new DebugView(inline, folder, this.parts) });
    return new vscode.DebugAdapterInlineImplementation(inline);
  }

  #host(send: AdapterHost["send"]): AdapterHost {
    return {
      launcher: {
        launch: (options) => this.launcher().launch(completed(options)),
        locations: (file, text) => this.launcher().locations(file, openDocument(file)?.getText() ?? text),
      },
      documents: DOCUMENTS,
      send,
      lastRun: () => {
        const { shown, latest } = this.parts.runs;
        if (!shown) return null;
        const { session } = shown;
        return { session, run: latest?.session === session ? latest.process : null };
      },
      // Its tensors stay whole until the next run, as after any run.
      adopt: ({ session }) => this.parts.runs.latest?.session === session,
    };
  }

  /** The session that the views follow; null where there is none. */
  get current(): DebugView | null {
    return this.#current?.view ?? null;
  }

  get #current(): Active | null {
    return [...this.#active.values()].findLast(({ view }) => view.isShown) ?? null;
  }

  /** A button of the panel; false where no session is there to press it for. */
  async command(command: StepRequest | "step" | "pause"): Promise<boolean> {
    const { inline } = this.#current ?? {};
    if (!inline) return false;
    if (command === "pause") await inline.pause();
    else await inline.step(command === "step" ? "next" : command);
    return true;
  }

  async goTo(pass: number, step: number): Promise<boolean> {
    const { inline, view } = this.#current ?? {};
    if (!inline || !view) return false;
    if (inline.stopped) await view.goTo(pass, step);
    return true;
  }

  /** One program runs at a time: a session whose run has given way to another one ends. */
  #endUnshown(): void {
    for (const { session, view } of this.#active.values()) {
      if (view.recorded && !view.isShown) void vscode.debug.stopDebugging(session);
    }
  }

  #ended(session: vscode.DebugSession): void {
    const active = this.#active.get(session.id);
    if (!active) return;
    this.#active.delete(session.id);
    const { view } = active;
    const passes = view.recorded?.session.outline().passes ?? [];
    const { exit, error } = view.recorded?.session.outline().program ?? {};
    view.dispose();
    active.inline.dispose();
    const wanted = session.configuration.stopOnBackward !== false && session.configuration.noDebug !== true;
    if (wanted && exit === 0 && !error && passes.every(({ steps }) => steps === 0)) {
      this.failed(
        new HumanError("There is no backward pass to step through: the program called no backward()."),
      );
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { inline, view } of this.#active.values()) {
      view.dispose();
      inline.dispose();
    }
    this.#active.clear();
  }
}

/** VS Code names a document that no file holds by its URI. */
const DOCUMENTS: ClientDocuments = {
  has: (path) => openDocument(path) !== undefined,
  pathOf(name) {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === name);
    return document && document.uri.scheme !== "file" ? pathOf(document) : null;
  },
  nameOf(path) {
    const uri = openDocument(path)?.uri;
    return uri && uri.scheme !== "file" ? uri.toString() : null;
  },
};

/** What only the editor knows: the texts that are not saved, the limits of the settings. */
function completed(options: LaunchOptions): LaunchOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const texts = new Map([...overlays(openDocument(options.program)), ...(options.overlays ?? [])]);
  return { ...limits(), ...(given as typeof options), overlays: texts };
}
