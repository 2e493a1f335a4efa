/** @file Programs of a few lines, run in real processes by a real launcher. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { Launcher } from "../../src/launcher/launcher.js";
import type { LaunchOptions, Run, RunEnd } from "../../src/launcher/types.js";
import type { TraceDocument } from "../../src/protocol/export.js";
import type { TraceEvent } from "../../src/protocol/trace.js";
import { Session } from "../../src/session/session.js";
import { runnerBundle } from "./runner.js";

export type Files = Readonly<Record<string, string>>;

export interface Outcome {
  readonly folder: string;
  readonly program: string;
  readonly end: RunEnd;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly TraceEvent[];
  /** The whole trace as it would be exported. */
  readonly document: TraceDocument;
}

/** A running program whose output and trace gather. */
export interface Started {
  readonly folder: string;
  readonly program: string;
  readonly run: Run;
  readonly events: TraceEvent[];
  output(): { readonly stdout: string; readonly stderr: string };
  outcome(): Promise<Outcome>;
}

/** Starts programs, and leaves neither files nor processes behind. */
export class Programs {
  private readonly folders: string[] = [];
  private launcher: Launcher | null = null;

  folder(files: Files, name = ""): string {
    const folder = join(mkdtempSync(join(tmpdir(), "gradwalk-")), name);
    this.folders.push(name === "" ? folder : dirname(folder));
    for (const [path, text] of Object.entries(files)) {
      const target = join(folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    return folder;
  }

  async start(files: Files, options: Partial<LaunchOptions> = {}, folderName = ""): Promise<Started> {
    this.launcher ??= new Launcher({ runner: await runnerBundle() });
    const folder = this.folder(files, folderName);
    const program = resolve(folder, options.program ?? Object.keys(files)[0] ?? "main.ts");
    const run = this.launcher.launch({ timeout: 60, cwd: folder, ...options, program });
    const streams = { stdout: [] as Uint8Array[], stderr: [] as Uint8Array[] };
    const session = new Session({ file: program });
    const events: TraceEvent[] = [];
    run.onStdout((chunk) => streams.stdout.push(chunk));
    run.onStderr((chunk) => streams.stderr.push(chunk));
    run.onBatch((batch) => {
      session.apply(batch);
      events.push(...batch.events);
    });
    const output = () => ({
      stdout: Buffer.concat(streams.stdout).toString(),
      stderr: Buffer.concat(streams.stderr).toString(),
    });
    const outcome = async () => {
      const end = await run.ended;
      return { folder, program, end, events, ...output(), document: session.document() };
    };
    return { folder, program, run, events, output, outcome };
  }

  /** Runs a program to its end. The first file is the program. */
  async run(files: Files | string, options: Partial<LaunchOptions> = {}, folderName = ""): Promise<Outcome> {
    const all = typeof files === "string" ? { "main.ts": files } : files;
    const started = await this.start(all, options, folderName);
    const outcome = await started.outcome();
    started.run.dispose();
    return outcome;
  }

  dispose(): void {
    this.launcher?.dispose();
    this.launcher = null;
    for (const folder of this.folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }
}
