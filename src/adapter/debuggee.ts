/** @file What is debugged, as it shows itself at a stop: frames, scopes, variables, expressions. */
import type { Run } from "../launcher/types.js";
import type { Breakpoints, EditTarget, Evaluated } from "../protocol/debug.js";
import type { Session } from "../session/session.js";
import { EditedFiles } from "./editedFiles.js";
import { Edits } from "./edits.js";
import { RequestErrors } from "./errors.js";
import { type Ask, Evaluator } from "./evaluator.js";
import { type Frame, framesOf } from "./frames.js";
import { Handles, type Item } from "./items.js";
import { NodeView } from "./nodeView.js";
import { PassStacks } from "./passStacks.js";
import { SourceFiles } from "./paths.js";
import { programItems } from "./programItems.js";
import { sharesScope } from "./scopePath.js";
import { Stepper } from "./stepper.js";
import type { StepperEvents, StepperMode, Stop } from "./stepperTypes.js";
import { Tensors } from "./tensors.js";
import type { RecordedRun } from "./types.js";

export interface Scope {
  readonly name: string;
  readonly items: () => Promise<readonly Item[]>;
  readonly expensive: boolean;
  readonly hint?: "locals" | "arguments" | "returnValue" | "registers";
}

export class Debuggee {
  readonly session: Session;
  readonly run: Run | null;
  readonly stepper: Stepper;
  readonly files: SourceFiles;
  readonly handles = new Handles();
  readonly tensors: Tensors;
  readonly #edited: EditedFiles;
  readonly #evaluator: Evaluator;
  readonly #edits = new Edits();
  readonly #stacks = new PassStacks();
  #frames: { readonly id: number; readonly frame: Frame }[] = [];
  #nextFrame = 1;
  #view: NodeView | null = null;
  #evaluated: Promise<unknown> = Promise.resolve();
  #stop: Stop | null = null;

  constructor(
    { session, run }: RecordedRun,
    options: {
      readonly mode: StepperMode;
      readonly folders: readonly string[];
      readonly breakpoints: Breakpoints;
    },
    events: StepperEvents,
  ) {
    this.session = session;
    this.run = run;
    const ask: Ask | null = options.mode === "debug" && run ? (command) => run.debug(command) : null;
    this.#evaluator = new Evaluator(ask, (index) => session.kept(index));
    this.files = new SourceFiles(session, options.folders);
    this.tensors = new Tensors(run);
    this.#edited = new EditedFiles(session, this.files);
    this.stepper = new Stepper(
      { session, run },
      options,
      (condition, at) => this.#evaluator.holds(condition, at),
      {
        ...events,
        stopped: (stop) => {
          this.#stopped(stop);
          events.stopped(stop);
        },
        resumed: () => {
          this.#clear();
          events.resumed();
        },
      },
    );
  }

  /** Why it stands where it stands. */
  get stop(): Stop | null {
    return this.#stop;
  }

  /** A sentence where the file that it stands in was changed meanwhile. */
  get edited(): string | null {
    const file = this.stepper.mode === "debug" ? this.#frames[0]?.frame.file : null;
    return file ? this.#edited.notice(file) : null;
  }

  #clear(): void {
    this.#stop = null;
    this.#view = null;
    this.#frames = [];
    this.handles.clear();
  }

  #stopped(stop: Stop): void {
    this.#clear();
    this.#stop = stop;
    const { pass, pause, node } = this.stepper;
    const code = pause === null ? [] : this.#stacks.take(pause, pass);
    if (pass) this.#view = this.#viewOf();
    const frames = framesOf({
      pass,
      node,
      pause,
      code,
      stack: pass && this.#stacks.of(pass),
      passAt: (index) => this.session.kept(index),
    });
    this.#frames = frames.map((frame) => ({ id: this.#nextFrame++, frame }));
  }

  #viewOf(): NodeView {
    const { pass, place, node, pause, run } = this.stepper;
    const inProgress = this.stepper.waitsIn(pass!.index);
    const at = { pass: pass!, step: place!.step, node, live: pause !== null, inProgress };
    return new NodeView(
      at,
      this.tensors,
      this.#edits,
      async () => run?.debug({ type: "debug.engine", pass: pass!.index }) ?? null,
    );
  }

  get frames(): readonly { readonly id: number; readonly frame: Frame }[] {
    return this.#frames;
  }

  get view(): NodeView | null {
    return this.#view;
  }

  scopes(frameId: number): Scope[] {
    const frame = this.#frames.find(({ id }) => id === frameId)?.frame;
    if (frame === undefined) throw RequestErrors.staleReference("frame");
    if (frame.of === "label") return [];
    if (this.#view === null) {
      return [
        {
          name: "Tensors",
          items: async () => programItems(this.session, this.tensors),
          expensive: false,
          hint: "locals",
        },
      ];
    }
    return frame === this.#frames[0]?.frame
      ? this.#nodeScopes()
      : [{ name: "Tensors", items: async () => this.#tensorsOf(frame), expensive: false, hint: "locals" }];
  }

  #nodeScopes(): Scope[] {
    const of = (show: (view: NodeView) => Item[] | Promise<Item[]>) => async () =>
      this.#view === null ? [] : show(this.#view);
    return [
      {
        name: "Incoming gradients",
        items: of((view) => view.incoming()),
        expensive: false,
        hint: "arguments",
      },
      { name: "Saved tensors", items: of((view) => view.saved()), expensive: false, hint: "locals" },
      { name: "Derivative", items: of((view) => view.derivative()), expensive: false },
      {
        name: "Outgoing gradients",
        items: of((view) => view.outgoing()),
        expensive: false,
        hint: "returnValue",
      },
      { name: "Leaves", items: of((view) => view.leaves()), expensive: false },
      { name: "Tensors", items: of((view) => view.variables(() => true)), expensive: true },
      { name: "Engine", items: of((view) => view.queue()), expensive: true, hint: "registers" },
      { name: "Hooks", items: of((view) => view.hooks()), expensive: false },
    ];
  }

  /** Variables of a frame's own call; of all where it belongs to none. */
  #tensorsOf(frame: Frame): readonly Item[] {
    const { pass } = this.stepper;
    const view = this.#view;
    if (view === null) return [];
    if (frame.of !== "forward" || pass === null) return [...view.leaves(), ...view.variables(() => true)];
    return view.variables((node) => sharesScope(pass.record.scopes[node]!, frame.scope));
  }

  /** One expression after the other: one that was cancelled while it waited is never begun. */
  async evaluate(
    expression: string,
    cancelled?: AbortSignal,
  ): Promise<{ readonly told: Evaluated; readonly item: Item }> {
    const turn = this.#evaluated.then(() => {
      cancelled?.throwIfAborted();
      return this.#evaluator.evaluate(expression, this.stepper.place);
    });
    this.#evaluated = turn.catch(() => undefined);
    const told = await turn;
    const common = { value: told.text, type: told.type };
    const name = expression.trim();
    if (told.tensor === null) return { told, item: { name, ...common } };
    const { pass, step } = this.stepper.place ?? {};
    const memory = pass === undefined ? `expression ${name}` : `pass ${pass} step ${step} expression ${name}`;
    const shown = { wire: told.tensor, whole: null, memory };
    return { told, item: this.tensors.item(name, shown, { type: told.type }) };
  }

  complete(text: string, column: number): ReturnType<Evaluator["complete"]> {
    return this.#evaluator.complete(text, column, this.stepper.place);
  }

  /** @throws RequestError where nothing can be changed, or not to this */
  async edit(target: EditTarget | null, expression: string): Promise<Evaluated> {
    const { run, place, pause } = this.stepper;
    if (pause === null || run === null) throw RequestErrors.notPossible(this.#whyUnchangeable());
    if (target === null) {
      throw RequestErrors.notPossible(
        "This can't be changed: pending gradients, saved tensors and a leaf's .grad can.",
      );
    }
    let told: Evaluated;
    try {
      told = await run.debug({ type: "debug.edit", target, expression });
    } catch (error) {
      throw RequestErrors.notPossible((error as Error).message);
    }
    this.#edits.add(target, told.tensor, place);
    // What the client has of this stop stays good, and shows the change.
    if (this.#view !== null) this.#view = this.#viewOf();
    return told;
  }

  #whyUnchangeable(): string {
    return this.stepper.mode === "debug"
      ? "The past can't be changed: go forward to where the program waits, and change it there."
      : "A record can't be changed: launch the program to change gradients while it runs.";
  }

  /** What an expression names that can be changed; null: nothing. */
  async targetOf(expression: string): Promise<EditTarget | null> {
    const name = expression.trim();
    const view = this.#view;
    if (view === null) {
      return name.endsWith(".grad") ? { of: "grad", name: name.slice(0, -".grad".length) } : null;
    }
    const items = [...(await view.incoming()), ...view.saved(), ...view.leaves()];
    return items.find((item) => item.evaluateName === (name === "grads[0]" ? "grad" : name))?.edit ?? null;
  }
}
