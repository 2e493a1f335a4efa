/**
 * @file Lines of a program that was edited after it was started: VS Code speaks of the text as it is now, the
 * adapter of the text that runs.
 */
import type { DebugProtocol } from "@vscode/debugprotocol";
import * as vscode from "vscode";
import type { Session } from "../../session/session.js";
import { type LineMap, lineMap } from "../lineMap.js";
import { isProgram, pathOf } from "../programs.js";
import { t } from "../words.js";

/** A place as messages tell it. */
interface Place {
  readonly source?: DebugProtocol.Source;
  readonly line?: number;
  readonly endLine?: number;
}

interface Cached {
  readonly session: Session;
  readonly version: number;
  readonly map: LineMap;
}

export class EditedLines {
  readonly #maps = new WeakMap<vscode.TextDocument, Cached>();
  /** Places that were asked about, by the request's number, for what the answer does not repeat. */
  readonly #asked = new Map<number, { readonly path: string; readonly breakpoints: readonly Asked[] }>();

  constructor(private readonly session: () => Session | null) {}

  /** A request of VS Code's, as of the text that runs. */
  incoming(request: DebugProtocol.Request): DebugProtocol.Request {
    const { command, seq } = request;
    const args = request.arguments as Readonly<Record<string, unknown>> & Place;
    const path = args?.source?.path;
    if (path === undefined || !TRANSLATED.has(command)) return request;
    const map = this.#map(path);
    if (!map) return request;
    const asked = ((args.breakpoints ?? []) as DebugProtocol.SourceBreakpoint[]).map((breakpoint) => ({
      breakpoint,
      original: map.toOriginal(breakpoint.line),
    }));
    this.#asked.set(seq, { path, breakpoints: asked });
    const kept = asked.flatMap(({ breakpoint, original }) =>
      original === null ? [] : [{ ...breakpoint, line: original }],
    );
    const lines = {
      ...(args.line !== undefined && { line: map.toOriginal(args.line) ?? NOWHERE }),
      ...(args.endLine !== undefined && { endLine: map.toOriginal(args.endLine) ?? NOWHERE }),
      ...(args.breakpoints !== undefined && { breakpoints: kept, lines: kept.map(({ line }) => line) }),
    };
    return { ...request, arguments: { ...args, ...lines } };
  }

  /** What the adapter says, as of the text as it is now. */
  outgoing(message: DebugProtocol.ProtocolMessage): DebugProtocol.ProtocolMessage {
    if (message.type === "event") return this.#event(message as DebugProtocol.Event);
    if (message.type === "response") return this.#response(message as DebugProtocol.Response);
    return message;
  }

  #event(event: DebugProtocol.Event): DebugProtocol.Event {
    if (event.event === "output") return { ...event, body: this.#placed(event.body) };
    if (event.event !== "breakpoint") return event;
    return { ...event, body: { ...event.body, breakpoint: this.#placed(event.body.breakpoint) } };
  }

  #response(response: DebugProtocol.Response): DebugProtocol.Response {
    const { command, request_seq, body } = response;
    const asked = this.#asked.get(request_seq);
    this.#asked.delete(request_seq);
    // A refusal has a body of its own, without places.
    if (!response.success || !body) return response;
    if (command === "stackTrace") {
      const stackFrames = (body.stackFrames as DebugProtocol.StackFrame[]).map((frame) =>
        this.#placed(frame),
      );
      return { ...response, body: { ...body, stackFrames } };
    }
    if (!asked) return response;
    const { path } = asked;
    const within = <T extends Place>(places: readonly T[]) =>
      places.map((place) => this.#placed(place, path));
    if (command === "gotoTargets") return { ...response, body: { ...body, targets: within(body.targets) } };
    const told = within(body.breakpoints as DebugProtocol.Breakpoint[]);
    const breakpoints = command === "setBreakpoints" ? withAdded(asked.breakpoints, told) : told;
    return { ...response, body: { ...body, breakpoints } };
  }

  /** A place whose line is gone has none. */
  #placed<T extends Place>(place: T, path = place.source?.path): T {
    const map = path === undefined || !place.line ? null : this.#map(path);
    if (!map) return place;
    const line = map.toCurrent(place.line!);
    const { source: _, line: __, endLine: ___, ...rest } = place;
    // Every frame has to tell a line; 0 is none.
    if (line === null) return { ...rest, line: 0 } as unknown as T;
    const endLine = place.endLine === undefined ? null : (map.toCurrent(place.endLine) ?? line);
    return { ...place, line, ...(endLine !== null && { endLine }) };
  }

  /** null where the text is what runs. */
  #map(path: string): LineMap | null {
    const session = this.session();
    const document = vscode.workspace.textDocuments.find(
      (each) => isProgram(each) && (pathOf(each) === path || each.uri.toString() === path),
    );
    const original = document && session?.text(pathOf(document));
    if (!session || !document || original == null) return null;
    const cached = this.#maps.get(document);
    const current = cached?.session === session && cached.version === document.version;
    const map = current ? cached.map : lineMap(original, document.getText());
    if (!current) this.#maps.set(document, { session, version: document.version, map });
    return map.identical ? null : map;
  }
}

interface Asked {
  readonly breakpoint: DebugProtocol.SourceBreakpoint;
  /** null: the text that runs has no such line. */
  readonly original: number | null;
}

const TRANSLATED: ReadonlySet<string> = new Set(["setBreakpoints", "breakpointLocations", "gotoTargets"]);

/** A line beyond every program's end. */
const NOWHERE = 0x7fffffff;

/** The answers for the lines that run, and a reason for those that do not, in the order of the question. */
function withAdded(
  asked: readonly Asked[],
  told: readonly DebugProtocol.Breakpoint[],
): DebugProtocol.Breakpoint[] {
  const rest = [...told];
  return asked.map(({ breakpoint, original }) => {
    const answer = original === null ? undefined : rest.shift();
    if (answer) return answer.line === 0 ? { ...answer, line: breakpoint.line } : answer;
    const message = t("This line was added after the program was started: restart it to stop here.");
    return { verified: false, line: breakpoint.line, message };
  });
}
