/** @file `torch.autograd.Function`: operations with a backward of the user's own. */
import { NotImplementedError, RuntimeError } from "../errors.js";
import { alias } from "../kernels/views.js";
import { observer } from "../observe.js";
import { zerosOf } from "../ops/make.js";
import { rebaseHistory } from "../ops/write.js";
import { Tensor } from "../tensor.js";
import { connect, gradFnOf, needsGrad } from "./edges.js";
import { mode } from "./grad_mode.js";
import { Node, type NodeKind, type SavedValue } from "./node.js";
import { PACKED, Packed, savedHooks, unpack } from "./packed.js";
import { checkVersion, freedError } from "./saved.js";
import { pack } from "./saved_hooks.js";

/** What a subclass provides: `forward(ctx, …)` and `backward(ctx, …)`, both static. */
interface FunctionClass {
  readonly name: string;
  forward(...args: never[]): unknown;
  backward(ctx: FunctionContext, ...grads: (Tensor | null)[]): unknown;
  setup_context?(ctx: FunctionContext, inputs: readonly unknown[], output: unknown): void;
}

/** What `forward` leaves for `backward`. Any property may be set on it. */
export class FunctionContext {
  [key: string]: unknown;
  /** Which of `apply`'s arguments want a gradient. */
  readonly needs_input_grad: readonly boolean[];
  /** @internal */ _saved: (Tensor | Packed | null)[] = [];
  /** @internal */ _versions: number[] = [];
  /** @internal */ _dirty = new Set<Tensor>();
  /** @internal */ _plain = new Set<Tensor>();
  /** @internal */ _materialize = true;
  /** @internal */ _node: Node | null = null;

  /** @internal */
  constructor(needs: readonly boolean[]) {
    this.needs_input_grad = needs;
  }

  /** Keeps tensors for backward; they are checked against in-place changes, and freed with the graph. */
  save_for_backward(...tensors: (Tensor | null)[]): void {
    this._saved = tensors;
  }

  /** What `save_for_backward` kept. */
  get saved_tensors(): Tensor[] {
    if (this._node?.released === true) throw freedError();
    return this._saved.map((t, i) => {
      if (t instanceof Packed) return unpack(t);
      if (t !== null) checkVersion(t, this._versions[i]!);
      return t as Tensor;
    });
  }

  /** Says that `forward` wrote into these inputs. */
  mark_dirty(...tensors: Tensor[]): void {
    for (const t of tensors) this._dirty.add(t);
  }

  /** Says that these outputs take no gradient. */
  mark_non_differentiable(...tensors: Tensor[]): void {
    for (const t of tensors) this._plain.add(t);
  }

  /** Whether missing gradients arrive in `backward` as zeros (default) or as null. */
  set_materialize_grads(value: boolean): void {
    this._materialize = value;
  }
}

class FunctionKind implements NodeKind {
  readonly fresh = false;
  readonly gradFnName: string;

  constructor(readonly owner: FunctionClass) {
    this.gradFnName = `${owner.name}Backward`;
  }

  apply(node: Node, grads: readonly (Tensor | null)[]): (Tensor | null)[] {
    const { ctx, inputs } = node.extra as Extra;
    const metas = node.outputs ?? [node];
    const given = grads.map((g, i) => {
      if (g !== null || !ctx._materialize) return g;
      return zerosOf(metas[i]!.shape, metas[i]!.dtype);
    });
    const result = this.owner.backward(ctx, ...given);
    const list = Array.isArray(result)
      ? (result as (Tensor | null | undefined)[])
      : [result as Tensor | null];
    const extra = list.slice(inputs.length).some((g) => g !== null && g !== undefined);
    if (list.length < inputs.length || extra) {
      throw new RuntimeError(
        `function ${this.gradFnName} returned an incorrect number of gradients (expected ${inputs.length}, got ${list.length})`,
      );
    }
    const out: (Tensor | null)[] = [];
    inputs.forEach((isTensor, i) => {
      const g = list[i] ?? null;
      if (isTensor) out.push(g);
      else if (g !== null) {
        throw new RuntimeError(
          `function ${this.gradFnName} returned a gradient different than None at position ${i + 1}, but the corresponding forward input was not a Variable`,
        );
      }
    });
    return out;
  }

  savedNames(node: Node): readonly string[] {
    return this.saved(node).map(({ name }) => name);
  }

  replaced(node: Node, at: number, value: unknown): void {
    const { ctx } = node.extra as Extra;
    ctx._saved[at] = value as Tensor;
    ctx._versions[at] = (value as Tensor)._storage.version;
  }

  saved(node: Node): SavedValue[] {
    const { ctx } = node.extra as Extra;
    return ctx._saved.map((value, i) => {
      const seen = value instanceof Packed ? value.value : value;
      return { name: `saved_tensors[${i}]`, value: seen, version: ctx._versions[i]! };
    });
  }
}

interface Extra {
  readonly ctx: FunctionContext;
  /** For each argument of `apply`, whether it was a tensor. */
  readonly inputs: readonly boolean[];
}

const kinds = new WeakMap<object, FunctionKind>();

function kindOf(owner: FunctionClass): FunctionKind {
  let kind = kinds.get(owner);
  if (kind === undefined) {
    kind = new FunctionKind(owner);
    kinds.set(owner, kind);
  }
  return kind;
}

/** Runs forward unrecorded, then makes its outputs the outputs of one node. */
function applyFunction(owner: FunctionClass, args: readonly unknown[]): unknown {
  const inputs = args.map((a) => a instanceof Tensor);
  const needs = args.map((a) => a instanceof Tensor && needsGrad(a));
  const ctx = new FunctionContext(needs);
  const recording = mode.grad && needs.some(Boolean);
  const previous = mode.grad;
  let result: unknown;
  mode.grad = false;
  try {
    const run = owner.forward as (...a: unknown[]) => unknown;
    if (owner.setup_context === undefined) result = run.call(owner, ctx, ...args);
    else {
      result = run.call(owner, ...args);
      owner.setup_context(ctx, args, result);
    }
  } finally {
    mode.grad = previous;
  }
  ctx._versions = ctx._saved.map((t) => (t instanceof Tensor ? t._storage.version : -1));
  const many = Array.isArray(result);
  const outs = (many ? result : [result]) as unknown[];
  if (!recording) return result;
  const final = record(owner, ctx, args, inputs, outs);
  return many ? final : final[0];
}

function record(
  owner: FunctionClass,
  ctx: FunctionContext,
  args: readonly unknown[],
  inputs: readonly boolean[],
  outs: readonly unknown[],
): unknown[] {
  const tensors = outs.filter((o): o is Tensor => o instanceof Tensor);
  if (tensors.length === 0) return [...outs];
  const first = tensors[0]!;
  for (const dirty of ctx._dirty) {
    if (needsGrad(dirty) && gradFnOf(dirty) === null) {
      throw new RuntimeError("a leaf Variable that requires grad has been used in an in-place operation.");
    }
  }
  const node = new Node(kindOf(owner), first._shape, first.dtype, false, null);
  const tensorArgs = args.filter((a): a is Tensor => a instanceof Tensor);
  connect(node, tensorArgs);
  node.extra = { ctx, inputs } satisfies Extra;
  ctx._node = node;
  if (savedHooks.top !== null) packAll(ctx, node, tensors, tensorArgs);
  node.saved = ctx._saved.length === 0 ? null : ctx._saved.flatMap((t, i) => [t, ctx._versions[i]!]);
  if (tensors.length > 1) node.outputs = tensors.map((t) => ({ shape: t._shape, dtype: t.dtype }));
  let nr = 0;
  const final = outs.map((out) => {
    if (!(out instanceof Tensor)) return out;
    const outputNr = nr++;
    if (ctx._plain.has(out) || !out.dtype.is_floating_point) return out;
    if (ctx._dirty.has(out)) {
      rebaseHistory(out, node);
      return out;
    }
    // An input handed back unchanged becomes a view of itself: the input keeps its own history.
    const own = tensorArgs.includes(out) || gradFnOf(out) !== null ? alias(out) : out;
    own._gradFn = node;
    own._outputNr = outputNr;
    own._requiresGrad = true;
    return own;
  });
  observer?.onOp?.(
    owner.name,
    tensorArgs,
    final.filter((o): o is Tensor => o instanceof Tensor),
    node,
  );
  return final;
}

/** Puts what `forward` saved through the pack hook. */
function packAll(ctx: FunctionContext, node: Node, outs: readonly Tensor[], inputs: readonly Tensor[]): void {
  ctx._saved.forEach((t, i) => {
    if (!(t instanceof Tensor)) return;
    const own = outs.includes(t) && !inputs.includes(t) && !ctx._plain.has(t);
    ctx._saved[i] = pack(t, own ? node : null);
    ctx._versions[i] = PACKED;
  });
}

/**
 * Base class of custom operations: subclasses give static `forward(ctx, …)` and `backward(ctx, …)`, and are
 * called through `apply`. The result's `grad_fn` is named after the class, with `Backward` appended.
 */
// biome-ignore lint/suspicious/noShadowRestrictedNames: PyTorch's name, reached as torch.autograd.Function
// biome-ignore lint/complexity/noStaticOnlyClass: users extend it, as in PyTorch, where all methods are static
export class Function {
  static forward(_ctx: FunctionContext, ..._args: never[]): unknown {
    throw new NotImplementedError("You must implement the forward function for custom autograd.Function.");
  }

  static backward(_ctx: FunctionContext, ..._grads: never[]): unknown {
    throw new NotImplementedError(
      "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.",
    );
  }

  /** Runs `forward` on the arguments and records one node for it. */
  static apply<R = Tensor>(this: unknown, ...args: unknown[]): R {
    // biome-ignore lint/complexity/noThisInStatic: the subclass that apply was called on
    return applyFunction(this as FunctionClass, args) as R;
  }
}
