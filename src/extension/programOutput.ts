/** @file The output channel "Gradwalk": what programs print, between a line for their start and their end. */
import * as vscode from "vscode";
import type { Run, RunEnd } from "../launcher/types.js";

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
    const gap = this.#leftOut > 0 ? `\n… ${this.#leftOut} characters left out …\n` : "";
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
  const after = `after ${durationText(end.duration)}`;
  const place = end.where ? ` on line ${end.where.line}` : "";
  const iteration = end.where?.iteration == null ? "" : `, in iteration ${end.where.iteration} of the loop`;
  switch (end.reason) {
    case "exit":
      return end.exit === 0 ? `ended ${after}` : `ended ${after} with exit status ${end.exit}`;
    case "error":
      return `failed ${after}`;
    case "timeout":
      return `stopped ${after}, the time limit (gradwalk.timeout)${place}${iteration}`;
    case "memory":
      return `stopped ${after}: out of memory (gradwalk.memoryLimit)${place}${iteration}`;
    case "stopped":
      return `stopped ${after}${place}${iteration}`;
    case "crashed":
      return `crashed ${after}${place}`;
  }
}
