/**
 * @file The graphs beside the editor. One panel follows whatever is run; a panel can be locked to its program, as a
 * Markdown preview can, and the next program then gets a panel of its own.
 */
import * as vscode from "vscode";
import type { ChangedStep, PassView, Position, ToView, ViewStep } from "../protocol/view.js";
import type { PageActions } from "./graphPage.js";
import { GraphView, type ViewSource } from "./graphView.js";
import type { RunController, Shown } from "./runController.js";
import { t } from "./words.js";

export const VIEW_TYPE = "gradwalk.graph";
const LOCKED = "gradwalk.graphLocked";

/** What the panels ask of the rest of the extension. */
export interface PanelActions extends PageActions {
  /** A pass as a debugger knows it, better than the session; null where it does not. */
  pass(index: number): PassView | null;
  /** For a panel that shows another program than the one that was run last. */
  aside(view: { readonly shown: Shown | null; readonly lock: string | null }): PageActions;
  failed(error: unknown): void;
}

export class GraphPanel implements vscode.WebviewPanelSerializer, vscode.Disposable, ViewSource {
  readonly #views = new Set<GraphView>();
  /** The panel that what is run now was told to. */
  #told: GraphView | null = null;
  /** Where a walk stands, for a panel that is opened meanwhile. */
  #position: Position | null = null;
  #actions: PanelActions | null = null;
  /** What was saved of a program's run, for a panel that comes back locked to it. */
  recordOf: (path: string) => Promise<Shown | null> = async () => null;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly runs: RunController,
  ) {
    this.#subscriptions = [
      vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this),
      runs.onDidChange(() => this.#tellRun()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const { page } of this.#views) page.tellSettings();
      }),
    ];
  }

  /** Says who does what a page asks for; asked of none before. */
  connect(actions: PanelActions): void {
    this.#actions = actions;
  }

  /** Opens the panel beside the editor, or brings it to the front; the editor keeps the focus. */
  show(): void {
    const view = this.#owner();
    if (view) {
      if (!view.panel.visible) view.panel.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { retainContextWhenHidden: true };
    this.#adopt(vscode.window.createWebviewPanel(VIEW_TYPE, t("Graph"), place, options), null);
  }

  /** @param state what the page saved, which holds the program that it was locked to */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { locked } = (state ?? {}) as { readonly locked?: unknown };
    const lock = typeof locked === "string" ? locked : null;
    for (const view of this.#views) if (view.lock === lock) view.panel.dispose();
    const view = this.#adopt(panel, lock);
    const shown = lock === null ? null : await this.recordOf(lock);
    if (!shown || view.shown || !this.#views.has(view)) return;
    view.shown = shown;
    view.page.tellOutline();
  }

  /** The panels that are locked to a program. */
  locked(): readonly { readonly lock: string; readonly shown: Shown | null }[] {
    return [...this.#views].flatMap(({ lock, shown }) => (lock === null ? [] : [{ lock, shown }]));
  }

  /** Locks the panel in front to its program, or lets it follow what is run again. */
  toggleLock(): void {
    const view = [...this.#views].find(({ panel }) => panel.active) ?? this.#owner();
    if (!view) return;
    if (view.lock !== null) {
      // Of two panels that follow, the older one would show nothing new ever again.
      for (const other of this.#views) if (other !== view && other.lock === null) other.panel.dispose();
      view.lock = null;
    } else view.lock = view.shown?.program.path ?? this.#path();
    this.#setContext();
    this.#tellRun();
  }

  /** Highlights the nodes made on a line, which counts as the text that ran counts it. */
  cursor(file: string, line: number, column: number): void {
    for (const { page } of this.#views) page.tell({ type: "cursor", file, line, column });
  }

  select(pass: number, node: number): void {
    this.#tell({ type: "select", pass, node });
  }

  position(position: Position | null): void {
    this.#position = position;
    this.#tell({ type: "position", position });
  }

  /** The steps of a pass from one on; a page that does not listen yet will ask for the whole pass. */
  steps(pass: number, from: number, steps: readonly ViewStep[]): void {
    this.#owner()?.page.tellIfReady({ type: "steps", pass, from, steps });
  }

  stepValues(pass: number, changed: readonly ChangedStep[]): void {
    this.#owner()?.page.tellIfReady({ type: "stepValues", pass, changed });
  }

  passChanged(pass: number): void {
    this.#owner()?.page.tellIfReady({ type: "passChanged", pass });
  }

  current(view: GraphView) {
    if (view !== this.#owner() || this.#path() === null) return null;
    return {
      outline: () => this.runs.outline(),
      pass: (index: number) => this.#actions?.pass(index) ?? null,
    };
  }

  actions(view: GraphView): PageActions | null {
    if (view === this.#owner()) return this.#actions;
    return this.#actions?.aside(view) ?? null;
  }

  failed(error: unknown): void {
    this.#actions?.failed(error);
  }

  /** Of the program that is run or shown now. */
  #path(): string | null {
    const { latest, shown } = this.runs;
    return (latest ?? shown)?.program.path ?? null;
  }

  /** The panel that shows the program of now: the one that is locked to it, else the one that follows. */
  #owner(): GraphView | null {
    const path = this.#path();
    const views = [...this.#views];
    const locked = path === null ? undefined : views.find(({ lock }) => lock === path);
    return locked ?? views.find(({ lock }) => lock === null) ?? null;
  }

  #adopt(panel: vscode.WebviewPanel, lock: string | null): GraphView {
    const view = new GraphView(this.extension, panel, this, lock);
    this.#views.add(view);
    panel.onDidDispose(() => {
      this.#views.delete(view);
      if (this.#told === view) this.#told = null;
      this.#setContext();
    });
    panel.onDidChangeViewState(() => this.#setContext());
    if (view === this.#owner()) {
      this.#give(view);
      if (this.#position) view.page.tell({ type: "position", position: this.#position });
    } else view.retitle(lock);
    this.#setContext();
    return view;
  }

  /** Tells what has happened to the panel that is concerned. */
  #tellRun(): void {
    const cleared = this.#path() === null;
    const view = cleared ? this.#told : this.#owner();
    if (!view) return;
    this.#give(view);
    view.page.tellOutline();
  }

  #give(view: GraphView): void {
    view.shown = this.runs.shown;
    view.retitle(this.runs.shown?.program.path ?? this.#path());
    this.#told = view;
  }

  #tell(message: ToView): void {
    this.#owner()?.page.tell(message);
  }

  #setContext(): void {
    const active = [...this.#views].find(({ panel }) => panel.active);
    void vscode.commands.executeCommand("setContext", LOCKED, active !== undefined && active.lock !== null);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { panel } of this.#views) panel.dispose();
  }
}
