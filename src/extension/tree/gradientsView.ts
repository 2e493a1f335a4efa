/** @file The view "Gradients": leaves and modules with their gradients, variables, passes and problems, as a tree. */
import * as vscode from "vscode";
import { momentOf } from "../moment.js";
import type { Pin } from "../pin.js";
import { problemsOf } from "../problems.js";
import type { RunController } from "../runController.js";
import { onOtherPass, type Standing } from "../standing.js";
import { type Row, rows } from "./items.js";

/** A program that runs tells more often than anybody reads, milliseconds. */
const PAUSE = 250;

export class GradientsView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Row>;
  #timer: NodeJS.Timeout | undefined;
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly runs: RunController,
    private readonly standing: Standing,
    private readonly pin: Pin,
  ) {
    this.#view = vscode.window.createTreeView("gradwalk.gradients", {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    const events = [runs, standing, pin];
    this.#subscriptions = [
      ...events.map(({ onDidChange }) => onDidChange(() => this.#updateSoon())),
      this.#view.onDidChangeVisibility(() => this.#update()),
    ];
  }

  getChildren(row?: Row): Row[] {
    if (row) return [...(row.children?.() ?? [])];
    const session = this.runs.shown?.session;
    if (!session) return [];
    const stood = this.standing.stand?.session === session ? this.standing.stand.pass.index : null;
    const last = session.outline().passes.findLast(({ kept }) => kept)?.index ?? null;
    const elsewhere = onOtherPass(this.standing.stand, session) !== null;
    const problems = problemsOf(session);
    return rows({ session, pass: stood ?? last, elsewhere, pinned: this.pin.pinned, problems });
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    const state = row.children ? (row.open ? Expanded : Collapsed) : None;
    const item = new vscode.TreeItem(row.label, state);
    item.id = row.id;
    const description = row.description ?? "";
    item.description = description;
    item.tooltip = row.tooltip ?? `${row.label} ${description}`.trim();
    item.accessibilityInformation = { label: row.spoken ?? `${row.label}, ${description}` };
    if (row.icon) item.iconPath = new vscode.ThemeIcon(row.icon);
    if (row.context) item.contextValue = row.context;
    if (row.command) {
      const { command, arguments: args } = row.command;
      item.command = { command, title: row.label, arguments: [...args] };
    }
    return item;
  }

  #updateSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, PAUSE);
  }

  #update(): void {
    const session = this.runs.shown?.session;
    const pass = session ? onOtherPass(this.standing.stand, session) : null;
    this.#view.description = session && pass !== null ? momentOf(session, pass) : "";
    if (this.#view.visible) this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#view.dispose();
    this.#changed.dispose();
  }
}
