/** @file The order in which requests make sense. */
import type { When } from "./dispatcher.js";
import { RequestErrors } from "./errors.js";
import type { StepperState } from "./stepperTypes.js";

export interface Progress {
  /** `initialize` has come. */
  readonly greeted: boolean;
  readonly over: boolean;
  /** `launch` or `attach` has come. */
  readonly chosen: boolean;
  /** Of what was started; null before. */
  readonly stepper: { readonly state: StepperState } | null;
}

/** @throws RequestError where a request comes too early, or too late */
export function checkOrder(command: string, when: When, { greeted, over, chosen, stepper }: Progress): void {
  if (when === "always") return;
  if (!greeted) throw RequestErrors.outOfOrder(command, "initialize comes first");
  if (over) throw RequestErrors.outOfOrder(command, "the session is over");
  if (when === "initialized") return;
  if (!chosen) throw RequestErrors.outOfOrder(command, "launch or attach comes first");
  if (stepper === null) throw RequestErrors.outOfOrder(command, "configurationDone comes first");
  if (when === "launched") return;
  if (stepper.state === "over") throw RequestErrors.outOfOrder(command, "the program has ended");
  if (stepper.state === "running") throw RequestErrors.notStopped(command);
}
