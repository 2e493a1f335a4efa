/** @file What a message from the graph page makes the rest of the extension do. */
import * as vscode from "vscode";
import type { DebugSessions } from "./debug/debugSessions.js";
import type { Exporter } from "./exporter.js";
import type { PanelActions } from "./graphPanel.js";
import { openPath } from "./programs.js";
import type { RecordWalk } from "./recordWalk.js";
import type { RunController } from "./runController.js";
import type { SourceLinks } from "./sourceLinks.js";

export interface PanelParts {
  readonly runs: RunController;
  readonly links: SourceLinks;
  readonly walk: RecordWalk;
  readonly debug: DebugSessions;
  readonly exporter: Exporter;
  /** Starts a debug session on a program. */
  step(document: vscode.TextDocument): Promise<unknown>;
  failed(error: unknown): void;
}

export function panelActions({ runs, links, walk, debug, exporter, step, failed }: PanelParts): PanelActions {
  return {
    reveal: ({ source, focus }) => links.reveal(source, focus),
    selected: async (_pass, node) => {
      if (node === null) links.highlight(null);
    },
    looked: (pass) => {
      if (!debug.current) walk.looked(pass);
    },
    run: async () => {
      const document = await shownDocument(runs);
      if (document) runs.start(document);
    },
    stop: () => runs.stop(),
    export: async (format, content) => {
      await exporter.export({ format, ...(content === undefined ? {} : { content }) });
    },
    debug: async (command) => {
      if (command === "start") {
        const document = await shownDocument(runs);
        if (document) await step(document);
        return;
      }
      // Nothing runs while a record is walked, so there is nothing to pause.
      if (!(await debug.command(command)) && command !== "pause") await walk.step(command);
    },
    goTo: async (pass, step) => {
      if (!(await debug.goTo(pass, step))) await walk.goTo(pass, step);
    },
    pass: (index) => debug.current?.pass(index) ?? null,
    aside: ({ shown, lock }) => {
      const path = shown?.program.path ?? lock;
      const document = async () => (path === null ? null : openPath(path));
      return {
        reveal: ({ source, focus }) => links.reveal(source, focus),
        selected: async (_pass, node) => {
          if (node === null) links.highlight(null);
        },
        looked: () => {},
        run: async () => {
          const program = await document();
          if (program) runs.start(program);
        },
        stop: async () => {},
        export: async (format, content) => {
          if (shown) await exporter.export({ format, shown, ...(content !== undefined && { content }) });
        },
        debug: async (command) => {
          const program = command === "start" ? await document() : null;
          if (program) await step(program);
        },
        goTo: async () => {},
      };
    },
    failed,
  };
}

/** The program whose graph is shown. */
async function shownDocument({ shown, latest }: RunController): Promise<vscode.TextDocument | null> {
  const program = (shown ?? latest)?.program;
  return program ? vscode.workspace.openTextDocument(program.uri) : null;
}
