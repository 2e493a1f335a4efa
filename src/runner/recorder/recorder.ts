/** @file The recorder: turns what core and probes report into the trace, within its budget. */
import { _C, nn, Tensor } from "../../core/index.js";
import { CELL, type Probe } from "../../instrument/probe.js";
import type { TensorPage, TensorReference } from "../../protocol/control.js";
import type { ExportProblem, ProgramError } from "../../protocol/export.js";
import type { Cell } from "../cell.js";
import { CELL_ATTEND } from "../cell.js";
import type { Place, Sources } from "../sources.js";
import type { TraceQueue } from "../trace.js";
import { Bindings } from "./bindings.js";
import { GradientChecks } from "./check/gradientCheck.js";
import type { Explanation } from "./diagnose/thrown.js";
import { Hooks } from "./hooks.js";
import type { Insight } from "./insight.js";
import { livePass } from "./live.js";
import { Materializer } from "./materialize.js";
import { freezeOp, Memory } from "./memory.js";
import { bytesOf, OpIndex } from "./ops.js";
import { Origins } from "./origins.js";
import { pageOf, tensorOf } from "./pages.js";
import { Parameters } from "./parameters.js";
import type { Pass } from "./pass.js";
import { Problems } from "./problems.js";
import { RunningPasses } from "./running.js";
import { Scopes } from "./scopes.js";
import { PassStore } from "./store.js";
import { Structures } from "./structures.js";

export interface RecorderHost {
  readonly trace: TraceQueue;
  readonly sources: Sources;
  readonly cell: Cell;
  /** Bytes. */
  readonly budget: number;
  /** Compare gradients with finite differences. */
  readonly check: boolean;
  /** The watching thread wants something. */
  readonly attend: () => void;
  readonly describe: (error: unknown) => ProgramError;
}

export class Recorder {
  private readonly host: RecorderHost;
  private readonly cell: Cell;
  private readonly scopes: Scopes;
  private readonly origins = new Origins();
  private readonly memory = new Memory();
  private readonly hooks: Hooks;
  private readonly ops = new OpIndex();
  private readonly bindings: Bindings;
  private readonly parameters: Parameters;
  private readonly store: PassStore;
  private readonly problems: Problems;
  private readonly checks: GradientChecks | null;
  private readonly passes: RunningPasses;
  private attached = false;

  constructor(host: RecorderHost) {
    const { sources, trace } = host;
    this.host = host;
    this.cell = host.cell;
    this.scopes = new Scopes(sources);
    this.hooks = new Hooks(sources, this.memory);
    this.bindings = new Bindings(this.ops, this.origins);
    this.parameters = new Parameters((site) => (site < 0 ? null : (sources.site(site)?.site.name ?? null)));
    this.problems = new Problems({
      sources,
      origins: this.origins,
      ops: this.ops,
      bindings: this.bindings,
      parameters: this.parameters,
      report: (problem) => trace.push({ type: "problem", problem }),
    });
    this.checks = host.check ? this.createChecks() : null;
    const materializer = new Materializer({
      sources,
      origins: this.origins,
      parameters: this.parameters,
      scopes: this.scopes,
      hooks: this.hooks,
      structures: new Structures(),
      emit: (event) => trace.push(event),
    });
    const { ops, origins, bindings, parameters, scopes, hooks, memory, problems, checks } = this;
    const running = () => this.passes.all;
    const store = new PassStore({ ...host, ops, origins, bindings, parameters, materializer, running });
    this.store = store;
    this.passes = new RunningPasses({
      ...host,
      ops,
      origins,
      scopes,
      hooks,
      memory,
      problems,
      checks,
      store,
    });
  }

  private createChecks(): GradientChecks {
    const { problems } = this;
    return new GradientChecks({
      reporter: problems.reporter,
      origins: this.origins,
      nameOf: (leaf, origin) => problems.nameOf(leaf, origin),
      tell: (check) => {
        this.host.trace.push({ type: "check", check });
        this.host.trace.flush();
      },
      attend: () => {
        if (this.cell[CELL_ATTEND] !== 0) this.host.attend();
      },
    });
  }

  attach(probe: Probe): void {
    const { passes } = this;
    this.attached = true;
    this.checks?.tape.attach();
    this.scopes.attach(probe);
    _C.callSite.cell = this.cell;
    _C.observe({
      onOp: (op, inputs, outputs, node) => this.op(op, inputs, outputs, node),
      onCreate: (tensor) => void this.origins.add(tensor, this.here(null, -1)),
      onBeforeWrite: (tensor) => this.beforeWrite(tensor),
      onGradRead: (tensor) => this.problems.gradRead(tensor),
      onGradAssign: (tensor) => this.cleared(tensor),
      onBackwardStart: (task) => passes.start(task),
      onBeforeStep: (task, node) => passes.beforeStep(task, node),
      onStep: (task, node, gradIn, gradOut) => passes.step(task, node, gradIn, gradOut),
      onAccumulate: (task, node, before, after) => passes.accumulate(task, node, before, after),
      onBackwardEnd: (task, error) => passes.end(task, error),
      onHook: (node, call, given) => this.hooks.begun(node, call, given),
      onHooked: (node, _, made) => this.hooks.ended(node, made),
      onModuleEnter: (module, name) => {
        this.problems.moduleEntered(module, name, this.cell[CELL.site]!);
        this.parameters.entered(module, name);
        this.scopes.enter(module, name);
      },
      onModuleExit: (module) => this.scopes.exit(module),
    });
  }

  /** A probe saw an object bound to a name. */
  bound(site: number, value: object): void {
    if (value instanceof Tensor) this.bindings.bind(site, value);
    else if (value instanceof nn.Module) this.parameters.bound(site, value);
  }

  /** Queues what is new; of passes in progress only where a person looks at them. */
  publish(inProgress = false): void {
    if (!this.attached) return;
    const passes = inProgress ? this.passes.all : [];
    for (const pass of passes) if (pass.layout === null) this.passes.hold(pass, false);
    this.store.publish(passes);
  }

  /** Queues and sends everything that is kept; nothing is recorded any more. */
  finish(): void {
    if (!this.attached) return;
    this.attached = false;
    _C.observe(null);
    this.checks?.tape.detach();
    const live = this.passes.count === 0 ? livePass(this.ops, this.bindings, 0) : null;
    if (live !== null) this.passes.addLive(live);
    this.problems.finish();
    this.store.finish();
  }

  /** A tensor that is still held whole, or null. */
  page(reference: TensorReference, offset: number, count: number): TensorPage | null {
    const tensor = tensorOf(reference, (index) => this.passAt(index), this.bindings);
    return tensor === null ? null : pageOf(tensor, offset, count);
  }

  /** Places that belong to an error which a backward pass raised. */
  relatedTo(error: unknown): ExportProblem["related"] {
    return this.passes.relatedTo(error);
  }

  /** What the recorder knows of an error that ended the program, or null. */
  explain(error: unknown, at: Place | null): Explanation | null {
    return this.attached ? this.problems.explain(error, at) : null;
  }

  /** What live stepping needs to know. */
  get insight(): Insight {
    const { ops, origins, bindings, problems, store, passes } = this;
    return {
      ops,
      origins,
      bindings,
      problems,
      passOf: (task) => passes.of(task),
      passAt: (index) => this.passAt(index),
      tellAgain: (pass) => {
        passes.hold(pass, false);
        store.tellAgain(pass);
      },
      tellOlder: (index) => store.tellOlder(index),
      clash: (node) => passes.changedInput(node),
      preserve: (tensor) => {
        const op = tensor._gradFn === null ? undefined : this.ops.get(tensor._gradFn);
        if (op !== undefined) freezeOp(op);
        this.memory.beforeWrite(tensor, this.cell[CELL.site]!);
      },
      alter: () => passes.alter(),
    };
  }

  private passAt(index: number): Pass | undefined {
    return this.passes.all.find((pass) => pass.index === index) ?? this.store.at(index);
  }

  private here(cut: "detached" | "no_grad_mode" | null, cutSite: number) {
    return { site: this.cell[CELL.site]!, scope: this.scopes.current(), cut, cutSite };
  }

  private op(
    op: string,
    inputs: readonly (Tensor | null)[],
    outputs: readonly Tensor[],
    node: _C.Node | null,
  ): void {
    const output = outputs[0];
    if (output === undefined) return;
    this.checks?.tape.ran(node, inputs);
    if (node === null) {
      if (!this.passes.any) this.unrecorded(op, inputs, outputs);
      return;
    }
    const inPlace = output === inputs[0];
    const label = inPlace ? this.bindings.siteOf(output) : -1;
    const scope = this.scopes.current();
    this.record(node, inputs, output, scope, label);
    if (!inPlace) this.problems.recorded(inputs, output, node.site);
    // A write through a view makes the base a new function, too.
    const base = output._view?.base;
    if (inPlace && base !== undefined && base._gradFn !== null && this.ops.get(base._gradFn) === undefined) {
      this.record(base._gradFn, [null, ...inputs.slice(1)], base, scope, this.bindings.siteOf(base));
    }
    if (this.ops.loose > this.host.budget) this.store.makeRoom();
    if (this.cell[CELL_ATTEND] !== 0) this.host.attend();
  }

  private record(
    node: _C.Node,
    inputs: readonly (Tensor | null)[],
    output: Tensor,
    scope: ReturnType<Scopes["current"]>,
    label: number,
  ): void {
    const order = this.origins.tick();
    this.ops.add({ node, order, inputs, scope, output, copy: null, label, bytes: bytesOf(output), pass: -1 });
    if (output._view !== null) this.memory.watchView(this.ops.get(node)!, output._view.base, this.ops);
  }

  /** An op that autograd didn't record: remember why its results take no part. */
  private unrecorded(op: string, inputs: readonly (Tensor | null)[], outputs: readonly Tensor[]): void {
    if (outputs[0] === inputs[0]) {
      if (op === "zero_") this.zeroed(outputs[0]!);
      return;
    }
    const wanted = inputs.some((input) => input !== null && (input._requiresGrad || input._gradFn !== null));
    const inherited = this.origins.cutOf(inputs);
    const cutNow = wanted && (op === "detach" || !_C.gradMode.grad);
    const cut = cutNow ? (op === "detach" ? "detached" : "no_grad_mode") : (inherited?.cut ?? null);
    const from = this.here(cut, cutNow ? this.cell[CELL.site]! : (inherited?.cutSite ?? -1));
    for (const output of outputs) if (output._gradFn === null) this.origins.add(output, from);
  }

  private beforeWrite(tensor: Tensor): void {
    this.checks?.tape.beforeWrite(tensor);
    const site = this.cell[CELL.site]!;
    const op = tensor._gradFn === null ? undefined : this.ops.get(tensor._gradFn);
    if (op !== undefined) freezeOp(op);
    const leaf = this.memory.beforeWrite(tensor, site);
    if (leaf === null) return;
    leaf.updatedBy = site;
    this.problems.leafWritten(leaf);
  }

  private cleared(tensor: Tensor): void {
    const origin = this.origins.of(tensor);
    origin.updates = 0;
    origin.passes = this.origins.passes;
    origin.accumulatedBy = -1;
  }

  /** `.grad` was zeroed in place: what is accumulated next counts from one. */
  private zeroed(grad: Tensor): void {
    const leaf = this.memory.ownerOf(grad);
    if (leaf === null) return;
    leaf.updates = 0;
    leaf.accumulatedBy = -1;
  }
}
