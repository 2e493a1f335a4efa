/** @file The settings of CONTRACTS, read when they are needed. */
import * as vscode from "vscode";

export type RunOn = "manual" | "save" | "type";
export type ReadoutPlace = "codeLens" | "inline" | "off";
export type ShapeHints = "off" | "broadcasts" | "all";

export interface Limits {
  /** Seconds; 0: none. */
  readonly timeout: number;
  /** Megabytes; 0: none. */
  readonly memoryLimit: number;
  /** Megabytes. */
  readonly traceBudget: number;
}

const SECTION = "gradwalk";

/** A value of the wrong type, as a person may write it into settings.json, counts as the default. */
function number(name: keyof Limits, fallback: number, minimum: number): number {
  const value = vscode.workspace.getConfiguration(SECTION).get<unknown>(name);
  return typeof value === "number" && value >= minimum ? value : fallback;
}

function choice<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
  const value = vscode.workspace.getConfiguration(SECTION).get<unknown>(name);
  return choices.find((candidate) => candidate === value) ?? choices[0];
}

export function limits(): Limits {
  return {
    timeout: number("timeout", 60, 0),
    memoryLimit: number("memoryLimit", 2048, 0),
    traceBudget: number("traceBudget", 64, 1),
  };
}

export const runOn = (): RunOn => choice("runOn", ["manual", "save", "type"]);
export const readoutPlace = (): ReadoutPlace => choice("readouts", ["codeLens", "inline", "off"]);

export const shapeHints = (): ShapeHints => choice("inlayHints", ["off", "broadcasts", "all"]);

/** Severity or "off" by diagnostic code, as the person wrote it. */
export const diagnosticSeverities = (): unknown =>
  vscode.workspace.getConfiguration(SECTION).get<unknown>("diagnostics");

/** Where a person has set it, else for the user: a toggle must not write into a shared workspace file. */
async function set(name: string, value: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const inWorkspace = configuration.inspect(name)?.workspaceValue !== undefined;
  await configuration.update(
    name,
    value,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

export const setReadoutPlace = (place: ReadoutPlace) => set("readouts", place);
export const setShapeHints = (hints: ShapeHints) => set("inlayHints", hints);

export function onDidChangeSetting(name: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${SECTION}.${name}`)) listener();
  });
}
