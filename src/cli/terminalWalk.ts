/** @file Walks a program's backward passes by single keys, forward by running it and back by its record. */
import { Stepper } from "../adapter/stepper.js";
import type { Stop } from "../adapter/stepperTypes.js";
import type { Launcher } from "../launcher/launcher.js";
import type { RunEnd } from "../launcher/types.js";
import type { Breakpoints } from "../protocol/debug.js";
import { Session } from "../session/session.js";
import { Keys, type Terminal } from "./keys.js";
import { passThrough } from "./running.js";
import { type Flow, flowOf, passLine, stepLine } from "./walkText.js";

const BREAKPOINTS: Breakpoints = {
  source: [],
  functions: [],
  data: [],
  exceptions: [],
  onBackward: true,
  onEntry: false,
};

const HINT = "n next · b back · c continue · r to the start · number+Enter go to · q quit";
const INTERRUPTED = 130;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export class TerminalWalk {
  /** The exit status. */
  readonly done: Promise<number>;
  readonly #program: string;
  readonly #stepper: Stepper;
  readonly #keys: Keys;
  readonly #terminal: Terminal;
  #finish: (status: number) => void = () => undefined;
  /** The pass whose header stands above the lines. */
  #shown: number | null = null;
  #hinted = false;
  #interrupted = false;
  /** Keys that were typed ahead; each waits for the stop of the one before. */
  readonly #typed: string[] = [];
  #waits = true;

  constructor(
    launcher: Launcher,
    program: string,
    args: readonly string[],
    terminal: Terminal = { input: process.stdin, output: process.stdout },
  ) {
    this.#terminal = terminal;
    this.#program = program;
    const session = new Session({ file: program });
    const run = launcher.launch({ program, cwd: process.cwd(), args, debug: BREAKPOINTS });
    passThrough(run, terminal.output);
    this.#stepper = new Stepper(
      { session, run },
      { mode: "debug", breakpoints: BREAKPOINTS },
      async () => true,
      {
        stopped: (stop) => void this.#stopped(stop),
        resumed: () => undefined,
        ended: (end) => this.#ended(end),
        changed: () => undefined,
        log: ({ text }) => this.#say(text),
        breakpoint: () => undefined,
        lost: (why) => this.#say(`a part of the trace is lost: ${why}`),
      },
    );
    this.#keys = new Keys(terminal, (key) => this.#press(key));
    const interrupt = (): void => void this.#quit(INTERRUPTED);
    for (const signal of SIGNALS) process.once(signal, interrupt);
    this.done = new Promise<number>((resolve) => {
      this.#finish = resolve;
    }).finally(() => {
      this.#keys.dispose();
      for (const signal of SIGNALS) process.off(signal, interrupt);
    });
  }

  #say(line: string): void {
    this.#terminal.output.write(`${line}\n`);
  }

  async #stopped(stop: Stop): Promise<void> {
    const { pass, place } = this.#stepper;
    if (pass === null || place === null) return this.#stepper.continue();
    if (!this.#hinted) this.#say(HINT);
    this.#hinted = true;
    if (this.#shown !== pass.index) this.#say(passLine(pass));
    this.#shown = pass.index;
    const flow = await this.#flow();
    if (flow !== null) this.#say(stepLine(pass, place.step, flow, this.#program));
    else this.#say("       (end of the pass)");
    if (stop.reason === "start") this.#say("       (start of the record)");
    if (stop.reason === "end") this.#say("       (the program has ended: b back, n or q quit)");
    this.#waits = false;
    this.#obey();
  }

  /** Of the node that runs next: as recorded or, at the live edge, as the engine is about to do. */
  async #flow(): Promise<Flow | null> {
    const { pass, place, node, pause, run } = this.#stepper;
    if (pass === null || place === null || node === null) return null;
    const recorded = pause === null ? pass.record.steps[place.step] : undefined;
    if (recorded) return flowOf(recorded);
    const engine = await run?.debug({ type: "debug.engine" }).catch(() => null);
    const own = engine?.pending.filter((one) => one.node === node) ?? [];
    const into = own.map(({ value }) => value);
    return { node, into, out: engine?.preview ?? null, accumulated: null, altered: false };
  }

  #press(key: string): void {
    if (key === "quit") void this.#quit(0);
    else if (key === "interrupt") void this.#quit(INTERRUPTED);
    else this.#typed.push(key);
    this.#obey();
  }

  #obey(): void {
    if (this.#waits || this.#stepper.state !== "stopped") return;
    const key = this.#typed.shift();
    const move = key === undefined ? null : this.#move(key);
    if (move === null) return;
    this.#waits = true;
    void move;
  }

  /** null for a key that moves nothing. */
  #move(key: string): Promise<unknown> | null {
    const stepper = this.#stepper;
    if (key === "next") return stepper.next();
    if (key === "back") return stepper.stepBack();
    if (key === "continue") return stepper.continue();
    // Every pass's start would stop a search; here they are passed.
    if (key === "reverse") return stepper.goToStart();
    const step = Number(key) - 1;
    return stepper.place === null || step < 0 ? null : stepper.goTo({ pass: stepper.place.pass, step });
  }

  #ended(end: RunEnd | null): void {
    if (this.#shown === null && end?.reason === "exit") this.#say("The program called no backward().");
    if (end === null) return;
    // Who interrupts the walk through what an ended program recorded ends the command, not the program.
    this.#finish(this.#interrupted ? INTERRUPTED : end.exit);
  }

  async #quit(status: number): Promise<void> {
    this.#interrupted = status === INTERRUPTED;
    this.#keys.dispose();
    this.#stepper.finish();
    this.#stepper.run?.dispose();
    await this.#stepper.run?.stop();
    this.#finish(status);
  }
}
