/**
 * @file Where the page's data comes from: a host that answers messages (the extension), or a trace that stands
 * in the page. The rest of the page does not know which.
 */
import { EMBEDDED_TRACE_ID } from "../src/protocol/page.js";
import {
  type FromView,
  type NodeDetail,
  type PassView,
  type ToView,
  VIEW_VERSION,
} from "../src/protocol/view.js";
import { EmbeddedTrace, parseTrace } from "./document.js";

export interface Source {
  /** What the page saved before it was hidden or reloaded. */
  load(): unknown;
  save(state: unknown): void;
  listen(receive: (message: ToView) => void): void;
  post(message: FromView): void;
  /** The trace's own text, where the page holds it and must save files by itself. */
  document?(): string;
}

class HostSource implements Source {
  private readonly host = acquireVsCodeApi<unknown>();

  load(): unknown {
    return this.host.getState();
  }

  save(state: unknown): void {
    this.host.setState(state);
  }

  listen(receive: (message: ToView) => void): void {
    window.addEventListener("message", (event: MessageEvent<unknown>) => {
      const { data } = event;
      // Other frames of the workbench post messages too; ours have a type.
      if (typeof data === "object" && data !== null && "type" in data) receive(data as ToView);
    });
  }

  post(message: FromView): void {
    this.host.postMessage(message);
  }
}

class PageSource implements Source {
  private receive: (message: ToView) => void = () => {};
  private trace: EmbeddedTrace | null = null;

  constructor(private readonly text: string) {}

  // In the tab's own entry of its history, which a reload keeps for certain: Chromium at times drops the
  // sessionStorage of a page that was opened from a file.
  load(): unknown {
    return history.state;
  }

  save(state: unknown): void {
    try {
      history.replaceState(state, "");
    } catch {
      // Browsers limit how often in a short time: what is saved next holds this too.
    }
  }

  listen(receive: (message: ToView) => void): void {
    this.receive = receive;
  }

  post(message: FromView): void {
    queueMicrotask(() => this.answer(message));
  }

  document(): string {
    return this.text;
  }

  private answer(message: FromView): void {
    try {
      if (message.type === "ready") this.start();
      if (message.type === "getPass") this.reply(message.id, this.trace?.pass(message.index), "pass");
      if (message.type === "getNode")
        this.reply(message.id, this.trace?.node(message.pass, message.node), "detail");
    } catch (error) {
      const id = "id" in message ? message.id : -1;
      this.receive({ type: "error", id, message: error instanceof Error ? error.message : String(error) });
    }
  }

  private start(): void {
    this.trace = new EmbeddedTrace(parseTrace(this.text));
    this.receive({ type: "settings", settings: { canReveal: false, canRun: false, canStep: false } });
    this.receive({ type: "outline", outline: this.trace.outline() });
  }

  private reply(id: number, answer: PassView | NodeDetail | null | undefined, kind: "pass" | "detail"): void {
    if (!answer) this.receive({ type: "error", id, message: "The trace does not hold this." });
    else if (kind === "pass") this.receive({ type: "pass", id, pass: answer as PassView });
    else this.receive({ type: "node", id, detail: answer as NodeDetail });
  }
}

export function openSource(): Source {
  const embedded = document.getElementById(EMBEDDED_TRACE_ID);
  if (embedded) return new PageSource(embedded.textContent ?? "");
  return new HostSource();
}

/** How long an answer may take before the page says that none came. */
const TIMEOUT = 20_000;

/** Requests with their answers, over a source. */
export class Client {
  private readonly waiting = new Map<
    number,
    { resolve(answer: unknown): void; reject(error: Error): void }
  >();
  private next = 1;
  /** The pass that came with what is being told, for whoever asks for it then. */
  private ahead: PassView | null = null;

  constructor(
    readonly source: Source,
    private readonly other: (message: ToView) => void,
  ) {
    source.listen((message) => this.receive(message));
  }

  start(): void {
    this.source.post({ type: "ready", version: VIEW_VERSION });
  }

  pass(index: number): Promise<PassView> {
    if (this.ahead?.index === index) return Promise.resolve(this.ahead);
    return this.request((id) => ({ type: "getPass", id, index }));
  }

  node(pass: number, node: number): Promise<NodeDetail> {
    return this.request((id) => ({ type: "getNode", id, pass, node }));
  }

  private request<T>(message: (id: number) => FromView): Promise<T> {
    const id = this.next++;
    return new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => this.settle(id)?.reject(new Error("No answer came in time.")), TIMEOUT);
      const done = () => clearTimeout(timer);
      this.waiting.set(id, {
        resolve: (answer) => {
          done();
          resolve(answer as T);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.source.post(message(id));
    });
  }

  private settle(id: number) {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    return waiting;
  }

  private receive(message: ToView): void {
    if (message.type === "pass") this.settle(message.id)?.resolve(message.pass);
    else if (message.type === "node") this.settle(message.id)?.resolve(message.detail);
    else if (message.type === "error" && this.waiting.has(message.id))
      this.settle(message.id)?.reject(new Error(message.message));
    else if (message.type === "outline" && message.pass) this.tell(message, message.pass);
    else this.other(message);
  }

  private tell(message: ToView, pass: PassView): void {
    this.ahead = pass;
    try {
      this.other(message);
    } finally {
      this.ahead = null;
    }
  }
}
