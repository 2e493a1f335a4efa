/** @file The output channel "Gradwalk": what programs print, between a line for their start and their end. */
import * as vscode from "vscode";
import type { Run, RunEnd } from "../launcher/types.js";
import { t } from "./words.js";

/** A program that prints without end must not flood the editor: so many characters at a time, the newest. */
const CHUNK = 200_000;
const INTERVAL = 50;

export class ProgramOutput implements vscode.Disposable {
  #channel: vscode.OutputChannel | undefined;
  #pending: string[] = [];
  #size = 0;
  #leftOut = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Prints what a run prints. */
  attach(run: Run): vscode.Disposable {
    const streams = [run.onStdout.bind(run), run.onStderr.bind(run)].map((listen) => {
      const decoder = new TextDecoder();
      return listen((chunk) => this.#append(decoder.decode(chunk, { stream: true })));
    });
    return { dispose: () => streams.forEach((stream) => void stream.dispose()) };
  }

  start(name: string): void {
    this.#append(`▶ ${name}  ${new Date().toLocaleTimeString()}\n`);
  }

  end(name: string, end: RunEnd): void {
    this.#append(`■ ${name} ${endText(end)}\n\n`);
    this.#flush();
  }

  show(): void {
    this.#open().show(true);
  }

  #append(text: string): void {
    this.#pending.push(text);
    this.#size += text.length;
    while (this.#size > CHUNK && this.#pending.length > 1) {
      const dropped = this.#pending.shift()!.length;
      this.#size -= dropped;
      this.#leftOut += dropped;
    }
    this.#timer ??= setTimeout(() => this.#flush(), INTERVAL);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0) return;
    const gap = this.#leftOut > 0 ? `\n… ${t("{0} characters left out", this.#leftOut)} …\n` : "";
    this.#open().append(gap + this.#pending.join(""));
    this.#pending = [];
    this.#size = 0;
    this.#leftOut = 0;
  }

  #open(): vscode.OutputChannel {
    this.#channel ??= vscode.window.createOutputChannel("Gradwalk");
    return this.#channel;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#channel?.dispose();
  }
}

export function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** How a run ended, in words. */
export function endText(end: RunEnd): string {
  const duration = durationText(end.duration);
  const { where } = end;
  const place = where ? [t("on line {0}", where.line)] : [];
  if (where?.iteration != null) place.push(t("in iteration {0} of the loop", where.iteration));
  return [reasonText(end, duration), ...place].join(", ");
}

function reasonText({ reason, exit }: RunEnd, duration: string): string {
  switch (reason) {
    case "exit":
      return exit === 0
        ? t("ended after {0}", duration)
        : t("ended after {0} with exit status {1}", duration, exit);
    case "error":
      return t("failed after {0}", duration);
    case "timeout":
      return t("stopped after {0}, the time limit (gradwalk.timeout)", duration);
    case "memory":
      return t("stopped after {0}: out of memory (gradwalk.memoryLimit)", duration);
    case "stopped":
      return t("stopped after {0}", duration);
    case "crashed":
      return t("crashed after {0}", duration);
  }
}
