/** @file From the words of the call to what is to be done. */
import { nearest, UsageError } from "./usage.js";

export const FORMATS = ["json", "html", "svg", "dot"] as const;
export type Format = (typeof FORMATS)[number];

/** The standard output instead of a file. */
export const STDOUT = "-";

export interface RunCall {
  readonly command: "run";
  readonly file: string;
  readonly exports: ReadonlyMap<Format, string>;
  /** Seconds; 0: none. */
  readonly timeout: number;
  readonly quiet: boolean;
  readonly args: readonly string[];
}

export interface OpenCall {
  readonly command: "open";
  readonly file: string;
  /** null: beside the trace. */
  readonly html: string | null;
}

export interface StepCall {
  readonly command: "step";
  readonly file: string;
  readonly args: readonly string[];
}

export interface CheckCall {
  readonly command: "check";
  readonly file: string;
  /** Seconds; 0: none. */
  readonly timeout: number;
  readonly args: readonly string[];
}

export interface DapCall {
  readonly command: "dap";
  /** null: on the standard streams; 0: any port that is free. */
  readonly port: number | null;
}

export type Call =
  | RunCall
  | StepCall
  | CheckCall
  | DapCall
  | OpenCall
  | { readonly command: "help" | "version" };

const COMMANDS = ["run", "step", "check", "dap", "open"] as const;

export function parseCall(words: readonly string[]): Call {
  const [command, ...rest] = words;
  if (command === undefined)
    throw new UsageError("no command given: try gradwalk run FILE.ts, or gradwalk --help");
  const own = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
  if (["--help", "-h", "help"].includes(command) || own.includes("--help") || own.includes("-h")) {
    return { command: "help" };
  }
  if (command === "--version" || command === "-v") return { command: "version" };
  if (command === "run") return parseRun(rest);
  if (command === "step") return parseStep(rest);
  if (command === "check") return parseCheck(rest);
  if (command === "dap") return parseDap(rest);
  if (command === "open") return parseOpen(rest);
  throw new UsageError(unknownCommand(command));
}

function unknownCommand(command: string): string {
  if (command.startsWith("-"))
    return `unknown option ${command}: options come after the command, as in gradwalk run FILE.ts`;
  if (/\.[cm]?[jt]sx?$/.test(command))
    return `unknown command "${command}": to run a file, gradwalk run ${command}`;
  const meant = nearest(command, COMMANDS);
  return `unknown command "${command}": ${meant ? `did you mean gradwalk ${meant}?` : `there are ${COMMANDS.join(", ")}`}`;
}

function parseRun(words: readonly string[]): RunCall {
  const options = new Map([
    ...FORMATS.map((format) => [`--${format}`, "OUT"] as const),
    ["--timeout", "S"] as const,
  ]);
  const { files, values, flags, rest } = split("run", words, options, ["--quiet"]);
  const exports = new Map<Format, string>();
  for (const format of FORMATS) {
    const out = values.get(`--${format}`);
    if (out !== undefined) exports.set(format, out);
  }
  const printed = [...exports].filter(([, out]) => out === STDOUT).map(([format]) => `--${format} -`);
  if (printed.length > 1) {
    throw new UsageError(`${printed.join(" and ")} can't share the standard output: give one of them a file`);
  }
  return {
    command: "run",
    file: only("run", "FILE.ts", files),
    exports,
    timeout: seconds(values.get("--timeout")),
    quiet: flags.has("--quiet"),
    args: rest,
  };
}

function parseOpen(words: readonly string[]): OpenCall {
  const { files, values } = split("open", words, new Map([["--html", "OUT"]]), []);
  return { command: "open", file: only("open", "TRACE.json", files), html: values.get("--html") ?? null };
}

function parseStep(words: readonly string[]): StepCall {
  const { files, rest } = split("step", words, new Map(), []);
  return { command: "step", file: only("step", "FILE.ts", files), args: rest };
}

function parseCheck(words: readonly string[]): CheckCall {
  const { files, values, rest } = split("check", words, new Map([["--timeout", "S"]]), []);
  const timeout = seconds(values.get("--timeout"));
  return { command: "check", file: only("check", "FILE.ts", files), timeout, args: rest };
}

function parseDap(words: readonly string[]): DapCall {
  const { files, values } = split("dap", words, new Map([["--port", "N"]]), []);
  const [extra] = files;
  if (extra !== undefined) {
    throw new UsageError(
      `gradwalk dap takes no file: what "${extra}" is launched with comes from the client`,
    );
  }
  const port = values.get("--port");
  return { command: "dap", port: port === undefined ? null : portNumber(port) };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`--port takes a number from 0 to 65535, such as --port 4711, not "${text}"`);
  }
  return port;
}

interface Words {
  readonly files: readonly string[];
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  /** After `--`. */
  readonly rest: readonly string[];
}

/** @param valued options that take a value, with what the help calls it */
function split(
  command: string,
  words: readonly string[],
  valued: ReadonlyMap<string, string>,
  plain: readonly string[],
): Words {
  const files: string[] = [];
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "--") return { files, values, flags, rest: words.slice(i + 1) };
    if (!word.startsWith("-") || word === STDOUT) {
      files.push(word);
      continue;
    }
    const [name, attached] = cut(word);
    const wants = valued.get(name);
    if (wants === undefined) {
      if (!plain.includes(name))
        throw new UsageError(unknownOption(command, name, [...valued.keys(), ...plain]));
      if (attached !== null) throw new UsageError(`${name} takes no value: write ${name} alone`);
      flags.add(name);
      continue;
    }
    const value = attached ?? words[++i];
    const missing = value === undefined || value === "" || (attached === null && /^-./.test(value));
    if (missing) throw new UsageError(`${name} lacks its value: write ${name} ${wants}`);
    if (values.has(name)) throw new UsageError(`${name} is given twice: give it once`);
    values.set(name, value);
  }
  return { files, values, flags, rest: [] };
}

function takesArguments(command: string): boolean {
  return command === "run" || command === "step" || command === "check";
}

/** `--json=out.json` is `--json out.json`. */
function cut(word: string): readonly [string, string | null] {
  const at = word.indexOf("=");
  return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
}

function unknownOption(command: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const right = meant
    ? `did you mean ${meant}?`
    : known.length > 0
      ? `gradwalk ${command} knows ${known.join(", ")}`
      : `gradwalk ${command} has no options`;
  return `unknown option ${name}: ${right}${takesArguments(command) ? " (the program's own arguments come after --)" : ""}`;
}

function only(command: string, what: string, files: readonly string[]): string {
  const [file, second] = files;
  if (file === undefined) throw new UsageError(`no file given: write gradwalk ${command} ${what}`);
  if (second !== undefined) {
    const after = takesArguments(command) ? "; the program's own arguments come after --" : "";
    throw new UsageError(`one file at a time: "${second}" is a second one${after}`);
  }
  return file;
}

function seconds(text: string | undefined): number {
  if (text === undefined) return 0;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new UsageError(`--timeout takes a number of seconds above 0, such as --timeout 10, not "${text}"`);
  }
  return value;
}
