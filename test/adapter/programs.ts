/** @file Small programs with backward passes, and the clients that debug them. */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AdapterHost } from "../../src/adapter/types.js";
import { type Files, Programs } from "../support/programs.js";
import { Client } from "./client.js";

/** One pass; `x` is used twice, so that its gradient has two terms. */
export const FAN_IN = `import * as torch from "gradwalk";
const x = torch.tensor([1, 2], { requires_grad: true });
const a = x.mul(3);
const b = x.pow(2);
const loss = a.add(b).sum();
loss.backward();
console.log(x.grad);
`;

/** Two passes over one structure, made in a function. */
export const LOOP = `import * as torch from "gradwalk";
const w = torch.tensor([2], { requires_grad: true });
function forward(x: torch.Tensor) {
  const y = w.mul(x);
  return y.exp();
}
for (let i = 1; i <= 2; i++) {
  const loss = forward(torch.tensor([i])).sum();
  loss.backward();
}
console.log("done");
`;

/** Line 8 makes no operation itself: it calls what does. */
export const CALLS = `import * as torch from "gradwalk";
const w = torch.tensor([2], { requires_grad: true });
const twice = (x: torch.Tensor) => x.mul(w).mul(2);
async function layer(x: torch.Tensor) {
  await null;
  return twice(x);
}
const h = await layer(await layer(w));

// Nothing stands here.
const loss = h.exp().sum();
loss.backward();
`;

/** A hook that runs a backward pass of its own, on two nodes of the outer pass. */
export const NESTED = `import * as torch from "gradwalk";
const x = torch.tensor([2], { requires_grad: true });
const inner = (grad: torch.Tensor) => {
  const z = torch.tensor([5], { requires_grad: true });
  torch.enable_grad(() => z.mul(z)).backward();
  return grad.mul(z.grad!);
};
const y = x.exp();
y.register_hook(inner);
const out = y.sin();
out.register_hook(inner);
out.backward();
console.log("done");
`;

/** Hooks of all kinds, which change gradients in all ways. */
export const HOOKED = `import * as torch from "gradwalk";
const x = torch.tensor([1, 2], { requires_grad: true });
const y = x.mul(3);
function double(grad: torch.Tensor) {
  return grad.mul(2);
}
y.register_hook(double);
y.register_hook((grad: torch.Tensor) => {
  grad.mul_(10);
});
const z = y.sum();
z.grad_fn!.register_prehook((grads) => [grads[0]!.mul(5)]);
z.grad_fn!.register_hook(function look() {});
x.register_post_accumulate_grad_hook(function clear(leaf) {
  leaf.grad = null;
});
y.retain_grad();
z.backward();
`;

/** Whether the process is gone; a dead one may take a moment to be reaped. */
export async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 250; i++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(20);
  }
  return false;
}

/** Opens clients on programs of their own, and leaves nothing behind. */
export class Debugging {
  readonly #programs = new Programs();
  readonly #clients: Client[] = [];

  folder(files: Files): string {
    return this.#programs.folder(files);
  }

  program(text: string): string {
    return join(this.folder({ "main.ts": text }), "main.ts");
  }

  async client(host: Partial<AdapterHost> = {}): Promise<Client> {
    const client = await Client.open(host);
    this.#clients.push(client);
    return client;
  }

  /** A client that stands at the first stop of a program. */
  async stopped(text: string, args: object = {}): Promise<Client & { readonly program: string }> {
    const client = await this.client();
    const program = this.program(text);
    await client.launch({ program, ...args });
    return Object.assign(client, { program });
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.close()));
    this.#programs.dispose();
  }
}
