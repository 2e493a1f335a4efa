/** @file What was said over DAP as text that a person can read, with every number that may change named. */
import { inspect } from "node:util";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Message } from "./client.js";

const NUMBERED = ["frameId", "variablesReference", "targetId"];

export class Transcript {
  readonly #folder: string;
  /** Names of variables, frames and targets, by their numbers. */
  readonly #names = new Map<string, string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  text(messages: readonly Message[]): string {
    return `${messages.map((message) => this.#line(message)).join("\n")}\n`;
  }

  #line(message: Message): string {
    switch (message.type) {
      case "request": {
        const { command, arguments: args } = message as DebugProtocol.Request;
        return this.#said(`→ ${command}`, args);
      }
      case "response": {
        const { command, success, message: why, body } = message as DebugProtocol.Response;
        return success ? this.#said(`← ${command}`, body) : `← ${command} failed: ${why}`;
      }
      default: {
        const { event, body } = message as DebugProtocol.Event;
        return this.#said(`· ${event}`, body);
      }
    }
  }

  #said(what: string, body: unknown): string {
    if (body === undefined) return what;
    const named = this.#named(body, "");
    const options = { depth: null, breakLength: 110, compact: 3, maxStringLength: null, sorted: true };
    return `${what} ${inspect(named, options)}`.replaceAll("\n", "\n    ");
  }

  #named(value: unknown, parent: string): unknown {
    if (typeof value === "string") return value.replaceAll(this.#folder, "<folder>");
    if (Array.isArray(value)) return value.map((one) => this.#named(one, parent));
    if (typeof value !== "object" || value === null) return value;
    const fields = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      Object.entries(fields).map(([key, field]) => [key, this.#field(key, field, fields, parent)]),
    );
  }

  #field(key: string, field: unknown, fields: Readonly<Record<string, unknown>>, parent: string): unknown {
    const isFrame = key === "id" && parent === "stackFrames";
    const isTarget = key === "id" && parent === "targets";
    if (!isFrame && !isTarget && !NUMBERED.includes(key)) return this.#named(field, key);
    if (field === 0) return 0;
    const kind = isFrame ? "frameId" : isTarget ? "targetId" : key;
    const number = `${kind} ${field}`;
    const label = fields.name ?? fields.label;
    if (typeof label === "string" && !this.#names.has(number)) this.#names.set(number, `<${label}>`);
    return this.#names.get(number) ?? `<unknown ${kind}>`;
  }
}
