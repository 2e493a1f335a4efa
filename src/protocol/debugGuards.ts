/** @file Checks what live stepping says where it enters: commands in the runner, messages in the launcher. */
import type {
  BreakpointPlace,
  Breakpoints,
  DebugCommand,
  DebugMessage,
  EditTarget,
  ExceptionFilter,
  Pause,
  Resume,
} from "./debug.js";

type Fields = Readonly<Record<string, unknown>>;

const FILTERS: readonly ExceptionFilter[] = ["nan", "inf", "exploding", "vanishing", "version", "uncaught"];

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const isOrdinal = (value: unknown): value is number => isCount(value) && value > 0;
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";

type Guard = (value: unknown) => boolean;

const orNull =
  (guard: Guard): Guard =>
  (value) =>
    value === null || guard(value);

const listOf =
  (guard: Guard): Guard =>
  (value) =>
    Array.isArray(value) && value.every(guard);

function has(value: unknown, guards: Readonly<Record<string, Guard>>): boolean {
  return isFields(value) && Object.entries(guards).every(([name, guard]) => guard(value[name]));
}

const conditions = { condition: orNull(isText), hitCondition: orNull(isText) };
const named: Guard = (value) => has(value, { id: isCount, name: isText, ...conditions });

const isSource: Guard = (value) =>
  has(value, {
    id: isCount,
    file: isText,
    line: isOrdinal,
    column: orNull(isOrdinal),
    logMessage: orNull(isText),
    ...conditions,
  });

const isException: Guard = (value) =>
  has(value, {
    filter: (filter) => FILTERS.includes(filter as ExceptionFilter),
    threshold: orNull((threshold) => typeof threshold === "number" && threshold >= 0),
  });

export function isBreakpoints(value: unknown): value is Breakpoints {
  return has(value, {
    source: listOf(isSource),
    functions: listOf(named),
    data: listOf(named),
    exceptions: listOf(isException),
    onBackward: isFlag,
    onEntry: isFlag,
  });
}

function isResume(value: unknown): value is Resume {
  if (!isFields(value)) return false;
  switch (value.mode) {
    case "continue":
    case "next":
    case "out":
      return true;
    case "in":
      return value.node === null || isCount(value.node);
    case "to":
      return isCount(value.pass) && isCount(value.node);
    default:
      return false;
  }
}

function isEditTarget(value: unknown): value is EditTarget {
  if (!isFields(value)) return false;
  switch (value.of) {
    case "pending":
      return has(value, { pass: isCount, node: isCount, input_nr: isCount });
    case "saved":
      return has(value, { pass: isCount, node: isCount, name: isText });
    case "grad":
      return isText(value.name);
    default:
      return false;
  }
}

const isAt = orNull((value) => has(value, { pass: isCount, step: isCount }));

const COMMANDS: Readonly<Record<DebugCommand["type"], Readonly<Record<string, Guard>>>> = {
  "debug.breakpoints": { breakpoints: isBreakpoints },
  "debug.resume": { resume: isResume },
  "debug.pause": {},
  "debug.engine": { pass: (value) => value === undefined || isCount(value) },
  "debug.evaluate": { expression: isText, at: isAt },
  "debug.locations": { file: isText, text: orNull(isText) },
  "debug.complete": { text: isText, column: isOrdinal },
  "debug.record": { pass: isCount },
  "debug.edit": { target: isEditTarget, expression: isText },
};

/** Whether `value` is a command of this version. */
export function isDebugCommand(value: unknown): value is DebugCommand {
  if (!isFields(value) || !isText(value.type) || !Object.hasOwn(COMMANDS, value.type)) return false;
  return has(value, COMMANDS[value.type as DebugCommand["type"]]);
}

const isPlace: (value: unknown) => value is BreakpointPlace = (value): value is BreakpointPlace =>
  has(value, {
    id: isCount,
    verified: isFlag,
    message: orNull(isText),
    line: orNull(isOrdinal),
    column: orNull(isOrdinal),
    endLine: orNull(isOrdinal),
    endColumn: orNull(isOrdinal),
  });

const isStanding: Guard = (value) => has(value, { pass: isCount, step: isCount, node: isCount });
const isFrame: Guard = (value) =>
  has(value, { name: isText, file: isText, line: isOrdinal, column: isOrdinal });
const isOrigin: Guard = (value) => has(value, { file: isText, line: isOrdinal, column: isOrdinal });

const isPause: (value: unknown) => value is Pause = (value): value is Pause =>
  has(value, {
    reason: isText,
    at: orNull(isStanding),
    inside: orNull(isText),
    hit: listOf(isCount),
    exception: orNull((exception) =>
      has(exception, {
        filter: (filter) => FILTERS.includes(filter as ExceptionFilter),
        message: isText,
        origin: orNull(isOrigin),
        stack: orNull(isText),
      }),
    ),
    outer: listOf(isStanding),
    stack: listOf(isFrame),
  });

/** Whether `value` is a message of this version. */
export function isDebugMessage(value: unknown): value is DebugMessage {
  if (!isFields(value)) return false;
  switch (value.type) {
    case "paused":
      return isPause(value.pause);
    case "resumed":
      return true;
    case "breakpoint":
      return isPlace(value.place);
    case "log":
      return has(value, {
        text: isText,
        important: isFlag,
        file: orNull(isText),
        line: orNull(isOrdinal),
      });
    default:
      return false;
  }
}
