/** @file What a runner does before it has a program, so that the program starts sooner. */
import { SourceTextModule } from "node:vm";
import type { Instrumented, InstrumentOptions } from "../instrument/sites.js";

const SAMPLE = `import * as torch from "gradwalk";
interface Pair { readonly first: number; second?: string }
class Model<T extends Pair> {
  readonly w = torch.randn(3, 1, { requires_grad: true });
  constructor(private readonly scale: number, public pair: T | null = null) {}
  forward(x: torch.Tensor): torch.Tensor { return x.matmul(this.w).mul(this.scale); }
}
const model = new Model(2);
const params: Record<string, torch.Tensor> = { w: model.w };
for (let i = 0; i < 3; i++) {
  const loss = model.forward(torch.ones(2, 3)).pow(2).mean();
  loss.backward();
  for (const [name, p] of Object.entries(params)) console.log(\`\${name}: \${p.grad?.norm().item() as number}\`);
}
export enum Kind { A, B = "b" }
export const [a, { b }] = [1, { b: async () => await import("node:fs") }];
`;

const ROUNDS = 6;

/** Has the compiler's hot paths compiled themselves, a bit at a time, as long as there is no program. */
export function warmUp(
  instrument: (text: string, options: InstrumentOptions) => Instrumented,
  launched: () => boolean,
  rounds = ROUNDS,
): void {
  if (rounds === 0) return;
  setImmediate(() => {
    if (launched()) return;
    instrument(SAMPLE, { fileName: "/warm.ts", firstSite: 0, probes: true });
    warmUp(instrument, launched, rounds - 1);
  });
}

/** Node warns once in a process about its `vm` modules; that is the runner's business, not the program's. */
export function silenceVmWarning(): void {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    new SourceTextModule("");
  } finally {
    process.emitWarning = emitWarning;
  }
}

/**
 * Streams to a pipe may keep what doesn't fit and write it later, which a program that ends at once never
 * gets to. A blocking pipe loses nothing.
 */
export function blockStreams(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle } = stream as { _handle?: { setBlocking?(blocking: boolean): void } };
    _handle?.setBlocking?.(true);
  }
}
