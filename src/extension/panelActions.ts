/** @file What a message from the graph page makes the rest of the extension do. */
import * as vscode from "vscode";
import type { Exporter } from "./exporter.js";
import type { PanelActions } from "./graphPanel.js";
import type { RecordWalk } from "./recordWalk.js";
import type { RunController } from "./runController.js";
import type { SourceLinks } from "./sourceLinks.js";

export interface PanelParts {
  readonly runs: RunController;
  readonly links: SourceLinks;
  readonly walk: RecordWalk;
  readonly exporter: Exporter;
  failed(error: unknown): void;
}

export function panelActions({ runs, links, walk, exporter, failed }: PanelParts): PanelActions {
  return {
    reveal: ({ source, focus }) => links.reveal(source, focus),
    selected: async (_pass, node) => {
      if (node === null) links.highlight(null);
    },
    run: async () => {
      const shown = runs.shown ?? runs.latest;
      if (shown) runs.start(await vscode.workspace.openTextDocument(shown.program.uri));
    },
    stop: () => runs.stop(),
    export: async (format, content) => {
      await exporter.export({ format, ...(content === undefined ? {} : { content }) });
    },
    debug: async (command) => {
      if (command === "start") await walk.start();
      // Nothing runs while a record is walked, so there is nothing to pause.
      else if (command !== "pause") await walk.step(command);
    },
    goTo: (pass, step) => walk.goTo(pass, step),
    failed,
  };
}
