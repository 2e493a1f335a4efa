/** @file Requests about breakpoints: kept over restarts, and placed by the run as soon as there is one. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { BreakLocation, BreakpointPlace, Breakpoints } from "../protocol/debug.js";
import { type Asked, BreakpointStore, dataIdOf, toldBreakpoint, toldPlace } from "./breakpoints.js";
import type { Debuggee } from "./debuggee.js";
import type { Answer } from "./dispatcher.js";
import type { ClientFormat } from "./paths.js";
import type { LaunchArguments } from "./types.js";

export class BreakpointRequests {
  readonly #store = new BreakpointStore();
  readonly #debuggee: () => Debuggee | null;
  readonly #format: () => ClientFormat;

  readonly #before: (path: string) => Promise<readonly BreakLocation[]>;

  /** @param before where breakpoints can stand in a file, as long as there is no debuggee */
  constructor(
    debuggee: () => Debuggee | null,
    format: () => ClientFormat,
    before: (path: string) => Promise<readonly BreakLocation[]>,
  ) {
    this.#debuggee = debuggee;
    this.#format = format;
    this.#before = before;
  }

  all(): Breakpoints {
    const all = this.#store.all();
    const files = this.#debuggee()?.files;
    if (!files) return all;
    return { ...all, source: all.source.map((one) => ({ ...one, file: files.file(one.file) })) };
  }

  pauseAt({ stopOnEntry = false, stopOnBackward = true }: Partial<LaunchArguments>): void {
    this.#store.onEntry = stopOnEntry;
    this.#store.onBackward = stopOnBackward;
  }

  told(place: BreakpointPlace): DebugProtocol.Breakpoint {
    return toldPlace(place, this.#format());
  }

  /** Source breakpoints as a run that has just begun places them. */
  async placeAll(): Promise<DebugProtocol.Breakpoint[]> {
    const { source } = this.all();
    const places = await this.#debuggee()?.stepper.breakpoints.set(this.all());
    return (places ?? [])
      .filter(({ id }) => source.some((one) => one.id === id))
      .map((one) => this.told(one));
  }

  setSource({ source, breakpoints = [] }: DebugProtocol.SetBreakpointsArguments): Promise<Answer> {
    const format = this.#format();
    const path = format.pathFrom(source.path ?? source.name ?? "");
    return this.#place(this.#store.setSource(path, breakpoints, format));
  }

  async setFunctions({ breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments): Promise<Answer> {
    return this.#place(this.#store.setFunctions(breakpoints));
  }

  async setData({ breakpoints }: DebugProtocol.SetDataBreakpointsArguments): Promise<Answer> {
    return this.#place(this.#store.setData(breakpoints));
  }

  async setExceptions(args: DebugProtocol.SetExceptionBreakpointsArguments): Promise<Answer> {
    const breakpoints = this.#store.setExceptions(args);
    await this.#debuggee()?.stepper.breakpoints.set(this.all());
    return { body: { breakpoints } };
  }

  async #place(asked: readonly Asked<{ readonly id: number }>[]): Promise<Answer> {
    const places = await this.#debuggee()?.stepper.breakpoints.set(this.all());
    const byId = new Map(places?.map((place) => [place.id, place]));
    const breakpoints = asked.map((one) =>
      toldBreakpoint(one, byId.get(one.breakpoint.id) ?? this.#unplaced(one), this.#format()),
    );
    return { body: { breakpoints } };
  }

  /** Names need no place; lines do, and wait for a run that loads their file. */
  #unplaced({ breakpoint }: Asked<{ readonly id: number }>): BreakpointPlace | undefined {
    if ("line" in breakpoint) return undefined;
    const nowhere = { line: null, column: null, endLine: null, endColumn: null };
    return { id: breakpoint.id, verified: true, message: null, ...nowhere };
  }

  async locations({
    source,
    line,
    column,
    endLine = line,
    endColumn,
  }: DebugProtocol.BreakpointLocationsArguments): Promise<Answer> {
    const format = this.#format();
    const found = await this.#locationsIn(format.pathFrom(source.path ?? ""));
    const [first, last] = [format.lineFrom(line), format.lineFrom(endLine)];
    const from = column === undefined ? 1 : format.columnFrom(column);
    const to = endColumn === undefined ? Number.POSITIVE_INFINITY : format.columnFrom(endColumn);
    const breakpoints = found
      .filter((one) => one.line >= first && one.line <= last)
      .filter((one) => (one.line > first || one.column >= from) && (one.line < last || one.column <= to))
      .map((one) => format.placeTo(one));
    return { body: { breakpoints } };
  }

  /** Before there is a run, as the text alone tells. */
  #locationsIn(path: string): Promise<readonly BreakLocation[]> {
    const debuggee = this.#debuggee();
    return debuggee === null
      ? this.#before(path)
      : debuggee.stepper.breakpoints.locations(debuggee.files.file(path));
  }

  /** A leaf's `.grad` can be watched: by its variable in the pane, or by an expression such as `w.grad`. */
  dataInfo({ name }: DebugProtocol.DataBreakpointInfoArguments): Answer {
    const leaf = name.replace(/ \(altered\)$/, "").replace(/\.grad$/, "");
    const { session, stepper } = this.#debuggee()!;
    const isLeaf =
      stepper.pass?.structure.nodes.some(({ kind, label }) => kind === "accumulate" && label === leaf) ||
      session.bindings().some((one) => one.name === leaf && one.record.is_leaf && one.record.requires_grad);
    if (!isLeaf) {
      const why = `${name} is no leaf that requires grad: only a leaf's .grad can be watched`;
      return { body: { dataId: null, description: why } };
    }
    const description = `${leaf}.grad is about to change`;
    return { body: { dataId: dataIdOf(leaf), description, accessTypes: ["write"], canPersist: true } };
  }
}
