/** @file Requests that move: answered first, then begun. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Answer } from "./dispatcher.js";
import type { Inspected } from "./inspect.js";
import type { Stepper } from "./stepper.js";
import { Targets } from "./targets.js";

export class StepRequests {
  readonly #targets = new Targets();
  readonly #inspected: () => Inspected;
  readonly #failed: (why: string) => void;

  /** @param failed is told why a move that was answered came to nothing */
  constructor(inspected: () => Inspected, failed: (why: string) => void) {
    this.#inspected = inspected;
    this.#failed = failed;
  }

  /** It goes on: targets of the last stop are void. */
  forget(): void {
    this.#targets.clear();
  }

  move(move: (stepper: Stepper) => Promise<unknown>, body?: object): Answer {
    const { stepper } = this.#inspected().debuggee;
    return {
      body,
      after: () => {
        if (stepper.state !== "stopped") return;
        move(stepper).catch((error: unknown) => this.#failed(String(error)));
      },
    };
  }

  into({ targetId }: DebugProtocol.StepInArguments): Answer {
    const target = targetId === undefined ? null : this.#targets.get(targetId);
    const node = target !== null && "node" in target ? target.node : null;
    return this.move((stepper) => stepper.stepIn(node));
  }

  async intoTargets(): Promise<Answer> {
    return { body: { targets: await this.#targets.ready(this.#inspected().debuggee) } };
  }

  async pause(): Promise<Answer> {
    await this.#inspected().debuggee.stepper.pauseProgram();
    return {};
  }

  gotoTargets({ source, line }: DebugProtocol.GotoTargetsArguments): Answer {
    const { debuggee, format } = this.#inspected();
    const file = debuggee.files.file(format.pathFrom(source.path ?? ""));
    const targets = this.#targets.onLine(debuggee, file, format.lineFrom(line));
    return { body: { targets: targets.map((target) => ({ ...target, line })) } };
  }

  goto({ targetId }: DebugProtocol.GotoArguments): Answer {
    const target = this.#targets.get(targetId);
    return this.move((stepper) =>
      "place" in target ? stepper.goTo(target.place) : stepper.runTo(target.pass, target.node),
    );
  }
}
