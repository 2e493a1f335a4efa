/** @file What the page says in words: nothing to draw yet, and why; a program that failed; what is out of date. */

import type { SourceLocation } from "../../src/protocol/export.js";
import type { Outline } from "../../src/protocol/view.js";
import { h, replace } from "./dom.js";

export interface NoticeEvents {
  run(): void;
  reveal(source: SourceLocation): void;
}

interface Words {
  readonly title: string;
  readonly text: string;
  readonly offerRun: boolean;
}

/** What stands in the place of a graph. */
export function emptyWords(outline: Outline | null): Words {
  if (outline === null) return { title: "Waiting for the trace", text: "", offerRun: false };
  if (outline.state === "running")
    return {
      title: "Running…",
      text: "The graph appears as soon as the first tensor takes part in one.",
      offerRun: false,
    };
  if (outline.state === "idle")
    return { title: "Nothing has run yet", text: "Run the file to see its graph.", offerRun: true };
  if (outline.program.error)
    return {
      title: "The program stopped before it made a graph",
      text: "Its error is shown above.",
      offerRun: true,
    };
  return {
    title: "This program made no graph",
    text: "No operation had an input that requires grad. Create a tensor with { requires_grad: true } and compute with it.",
    offerRun: true,
  };
}

export class Notice {
  readonly empty = h("div", { class: "gw-empty", attributes: { hidden: true } });
  readonly banner = h("div", { class: "gw-banner", attributes: { role: "status", hidden: true } });

  constructor(private readonly events: NoticeEvents) {}

  show(outline: Outline | null, drawn: boolean, canRun: boolean, canReveal: boolean): void {
    this.showEmpty(outline, drawn, canRun);
    this.showBanner(outline, drawn, canReveal);
  }

  /** Says a sentence in place of everything, e.g. that the data can't be read. */
  refuse(message: string): void {
    this.empty.hidden = false;
    replace(this.empty, h("h2", {}, "The graph can't be shown"), h("p", {}, message));
  }

  private showEmpty(outline: Outline | null, drawn: boolean, canRun: boolean): void {
    this.empty.hidden = drawn;
    if (drawn) return;
    const { title, text, offerRun } = emptyWords(outline);
    const run = h(
      "button",
      { class: "gw-primary", attributes: { type: "button" }, on: { click: () => this.events.run() } },
      "Run and show graph",
    );
    replace(this.empty, h("h2", {}, title), h("p", {}, text), offerRun && canRun ? run : null);
  }

  private showBanner(outline: Outline | null, drawn: boolean, canReveal: boolean): void {
    const error = outline?.program.error ?? null;
    const noBackward =
      outline?.state === "done" && drawn && outline.passes.every((pass) => pass.call === "live");
    this.banner.hidden = !error && !noBackward && outline?.state !== "stopped";
    this.banner.classList.toggle("gw-failed", error !== null);
    if (!outline || this.banner.hidden) return;
    if (error) {
      const source =
        error.line === null
          ? null
          : { file: error.file ?? outline.program.file, line: error.line, column: error.column ?? 1 };
      const place = source && `line ${source.line}`;
      const link =
        place && canReveal
          ? h(
              "button",
              {
                class: "gw-link",
                attributes: { type: "button" },
                on: { click: () => source && this.events.reveal(source) },
              },
              place,
            )
          : place;
      replace(
        this.banner,
        h("b", {}, `${error.name}: `),
        h("span", { attributes: { dir: "auto" } }, error.message),
        " ",
        link,
      );
    } else if (outline.state === "stopped") {
      const { where } = outline;
      replace(
        this.banner,
        where
          ? `The run was stopped on line ${where.line}${where.iteration == null ? "" : `, iteration ${where.iteration}`}.`
          : "The run was stopped.",
      );
    } else
      replace(
        this.banner,
        "This program never called backward(): the graph is there, its gradients are not.",
      );
  }
}
