/** @file Builds the parts of the extension, introduces them to each other, and registers them. */
import * as vscode from "vscode";
import { TypesWriter } from "./addTypes.js";
import { AutoRun } from "./autoRun.js";
import { CodeLenses } from "./codeLenses.js";
import { commands, type Parts } from "./commands.js";
import { Consent } from "./consent.js";
import { ContextKeys } from "./contextKeys.js";
import { Configurations, startStepping } from "./debug/configurations.js";
import { DebugSessions } from "./debug/debugSessions.js";
import { StopMark } from "./debug/stopMark.js";
import { StopValues } from "./debug/stopValues.js";
import { CheckMarks } from "./diagnostics/checkMarks.js";
import { Inspections } from "./diagnostics/inspections.js";
import { showError } from "./errors.js";
import { Exporter } from "./exporter.js";
import { Freshness } from "./freshness.js";
import { GraphPanel } from "./graphPanel.js";
import { Hovers } from "./hover/hovers.js";
import { InlineReadouts } from "./inlineReadouts.js";
import { Iterations } from "./iterations.js";
import { LiveText } from "./liveText.js";
import { Log } from "./log.js";
import { panelActions } from "./panelActions.js";
import { Pin } from "./pin.js";
import { Problems } from "./problems.js";
import { ProgramOutput } from "./programOutput.js";
import { Readouts } from "./readouts.js";
import { RecordWalk } from "./recordWalk.js";
import { RunController } from "./runController.js";
import { RunnerHost } from "./runnerHost.js";
import { RunStore } from "./runStore.js";
import { ShapeHints } from "./shapeHints.js";
import { SourceLinks } from "./sourceLinks.js";
import { Standing } from "./standing.js";
import { StatusBar } from "./statusBar.js";
import { TraceEditor } from "./traceEditor.js";
import { GradientsView } from "./tree/gradientsView.js";
import { speak } from "./words.js";

export function activate(context: vscode.ExtensionContext): void {
  speak(vscode.l10n.t);
  const extension = context.extensionUri;
  const log = new Log();
  const failed = (error: unknown) => void showError(error, log);
  const runner = new RunnerHost(extension);
  const output = new ProgramOutput();
  const runs = new RunController(() => runner.get(), output, log);
  const inspections = new Inspections(() => runner.get(), runs, log);
  const live = new LiveText(runs);
  const standing = new Standing();
  const pin = new Pin(runs);
  const freshness = new Freshness(runs, live);
  const readouts = new Readouts({ runs, live, standing, freshness, pin });
  const panel = new GraphPanel(extension, runs);
  const links = new SourceLinks(runs, live, panel);
  const walk = new RecordWalk(runs, panel, links, standing);
  const mark = new StopMark(live);
  const debug = new DebugSessions(() => runner.get(), { runs, panel, standing, mark }, failed);
  const consent = new Consent(runs, context.workspaceState);
  const debugging = () => debug.current !== null;
  const iterations = new Iterations(runs, standing, async (pass) => {
    if (!(await debug.goTo(pass, Number.POSITIVE_INFINITY))) walk.passEnd(pass);
  });
  const exporter = new Exporter(extension, runs);
  const traces = new TraceEditor(extension, { links, exporter, failed });
  panel.connect(panelActions({ runs, links, walk, debug, exporter, step: startStepping, failed }));
  const types = new TypesWriter(context, failed);
  const store = new RunStore(context.storageUri, runs, panel, log);
  panel.recordOf = (path) => store.lockedTo(path);
  const parts: Parts = {
    context,
    runs,
    live,
    panel,
    links,
    walk,
    debug,
    iterations,
    pin,
    exporter,
    types,
    output,
    log,
  };
  context.subscriptions.push(
    // Disposed from the first to the last: nothing starts once the runner is gone.
    runner,
    debug,
    runs,
    live,
    pin,
    freshness,
    readouts,
    consent,
    links,
    walk,
    mark,
    standing,
    panel,
    traces,
    types,
    store,
    output,
    log,
    new CodeLenses(readouts),
    new InlineReadouts(readouts),
    new Hovers(runs, live, standing),
    new ShapeHints(runs, live, standing),
    new GradientsView(runs, standing, pin),
    inspections,
    new Problems(extension, runs, inspections),
    new CheckMarks(runs, live),
    new StatusBar(runs),
    new AutoRun({ runs, consent, debugging }),
    new Configurations(failed),
    new StopValues(readouts, standing),
    new ContextKeys(runs, pin, () => runner.warmUp()),
    ...register(parts, failed),
  );
  void store.restore();
}

/** Every command answers its caller, and tells the person what went wrong. */
function register(parts: Parts, failed: (error: unknown) => void): vscode.Disposable[] {
  return Object.entries(commands(parts)).map(([name, run]) =>
    vscode.commands.registerCommand(`gradwalk.${name}`, async (...args: never[]) => {
      try {
        return await run(...args);
      } catch (error) {
        failed(error);
        return undefined;
      }
    }),
  );
}
