/** @file What a request can fail of, for people: what happened, and what to do about it. */
import type { DebugProtocol } from "@vscode/debugprotocol";

export enum ErrorCode {
  UnknownRequest = 1000,
  MalformedRequest,
  OutOfOrder,
  NotStopped,
  NoSuchReference,
  NoSuchProgram,
  UnreadableTrace,
  NothingToAttachTo,
  NotPossible,
  NotEvaluated,
  Cancelled,
  Internal,
}

/** Its message is the response's, and is shown to the person where `show` says so. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: ErrorCode;
  readonly show: boolean;

  constructor(code: ErrorCode, message: string, show = false) {
    super(message);
    this.code = code;
    this.show = show;
  }

  /** Braces are placeholders to a client, so the text goes into a variable. */
  get body(): DebugProtocol.ErrorResponse["body"] {
    return {
      error: { id: this.code, format: "{text}", variables: { text: this.message }, showUser: this.show },
    };
  }
}

export const RequestErrors = {
  unknown: (command: string) =>
    new RequestError(ErrorCode.UnknownRequest, `Gradwalk's debugger does not know the request "${command}".`),
  malformed: (command: string, what: string) =>
    new RequestError(ErrorCode.MalformedRequest, `The request "${command}" is malformed: ${what}.`),
  outOfOrder: (command: string, when: string) =>
    new RequestError(ErrorCode.OutOfOrder, `The request "${command}" comes out of order: ${when}.`),
  notStopped: (command: string) =>
    new RequestError(
      ErrorCode.NotStopped,
      `The program is running, so "${command}" can't be answered: pause it first.`,
    ),
  staleReference: (what: string) =>
    new RequestError(
      ErrorCode.NoSuchReference,
      `There is no such ${what} here: it was of an earlier stop, or of none.`,
    ),
  noProgram: (path: string, attribute: "program" | "trace") =>
    new RequestError(
      ErrorCode.NoSuchProgram,
      `There is no file ${path}: correct "${attribute}" in the launch configuration.`,
      true,
    ),
  launchWhat: () =>
    new RequestError(
      ErrorCode.NoSuchProgram,
      'Nothing to debug: give "program", the TypeScript file to run, or "trace", a saved trace to walk.',
      true,
    ),
  badArgument: (name: string, should: string) =>
    new RequestError(ErrorCode.MalformedRequest, `"${name}" in the launch configuration ${should}.`, true),
  unreadableTrace: (path: string, why: string) =>
    new RequestError(ErrorCode.UnreadableTrace, `${path} can't be walked: ${why}`, true),
  nothingToAttachTo: () =>
    new RequestError(
      ErrorCode.NothingToAttachTo,
      "There is no run to attach to: run a program first, or launch one.",
      true,
    ),
  notPossible: (why: string) => new RequestError(ErrorCode.NotPossible, why, true),
  notEvaluated: (why: string) => new RequestError(ErrorCode.NotEvaluated, why),
  cancelled: () => new RequestError(ErrorCode.Cancelled, "cancelled"),
  internal: (command: string, error: unknown) =>
    new RequestError(
      ErrorCode.Internal,
      `"${command}" failed inside Gradwalk: ${error instanceof Error ? error.message : String(error)}`,
    ),
};
