/** @file What tensors that only modules hold are called: by their dotted names, as `named_parameters()` has them. */
import type { nn, Tensor } from "../../core/index.js";

/** Modules that wait to be looked through; more of them are not collected. */
const MOST = 1_000;

export class Parameters {
  /** Site at which a module was first bound to a variable; -1 for one that only ran. */
  private readonly sites = new WeakMap<nn.Module, number>();
  private readonly names = new WeakMap<Tensor, string>();
  /** Modules whose tensors have no names yet. */
  private readonly fresh = new Set<nn.Module>();

  /** @param nameAt name of the variable that is bound at a site; null for -1 */
  constructor(private readonly nameAt: (site: number) => string | null) {}

  bound(site: number, module: nn.Module): void {
    this.meet(module, site);
  }

  /** @param path from the outermost module that runs, `""` for that one */
  entered(module: nn.Module, path: string): void {
    if (path === "") this.meet(module, -1);
  }

  /**
   * A parameter's or buffer's path from the outermost module that holds it, after the variable that holds that
   * module: `net.0.weight`. It is null for other tensors. A name that was once told stays.
   */
  nameOf(tensor: Tensor): string | null {
    this.nameAll();
    return this.names.get(tensor) ?? null;
  }

  private meet(module: nn.Module, site: number): void {
    if (this.sites.has(module)) return;
    this.sites.set(module, site);
    this.fresh.add(module);
    if (this.fresh.size > MOST) this.nameAll();
  }

  private nameAll(): void {
    if (this.fresh.size === 0) return;
    const modules = [...this.fresh];
    this.fresh.clear();
    const inner = new Set(modules.flatMap((module) => module.modules().slice(1)));
    for (const module of modules) if (!inner.has(module)) this.nameIn(module);
  }

  private nameIn(module: nn.Module): void {
    const prefix = this.nameAt(this.sites.get(module) ?? -1) ?? "";
    for (const [name, tensor] of [
      ...module.named_parameters({ prefix }),
      ...module.named_buffers({ prefix }),
    ])
      if (!this.names.has(tensor)) this.names.set(tensor, name);
  }
}
