/** @file What stands in the variables pane, and the numbers by which a client asks for it. */
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { EditTarget } from "../protocol/debug.js";
import { RequestErrors } from "./errors.js";

export interface Item {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  /** The expression that gives this value. */
  readonly evaluateName?: string;
  /** What can be changed by hand; absent: nothing. */
  readonly edit?: EditTarget;
  readonly memory?: string;
  readonly hint?: DebugProtocol.VariablePresentationHint;
  /** Children by number, in pages. */
  readonly indexed?: number;
  readonly rows?: (start: number, count: number, cancelled?: AbortSignal) => Promise<readonly Item[]>;
  readonly named?: () => Promise<readonly Item[]>;
}

export type Container = Pick<Item, "indexed" | "rows" | "named">;

/** Numbers what was shown at one stop; at the next, all of them are void. */
export class Handles {
  #next = 1;
  readonly #containers = new Map<number, Container>();

  add(container: Container): number {
    const reference = this.#next++;
    this.#containers.set(reference, container);
    return reference;
  }

  /** Numbers go on, so that one of an earlier stop is never taken for another. */
  clear(): void {
    this.#containers.clear();
  }

  /** @throws RequestError where the number is none of this stop */
  get(reference: number): Container {
    const container = this.#containers.get(reference);
    if (container === undefined) throw RequestErrors.staleReference("variable");
    return container;
  }

  async items(
    reference: number,
    { filter, start = 0, count = 0 }: Omit<DebugProtocol.VariablesArguments, "variablesReference"> = {},
    cancelled?: AbortSignal,
  ): Promise<readonly Item[]> {
    const { named, rows, indexed = 0 } = this.get(reference);
    const some = filter !== "indexed" && named ? await named() : [];
    if (filter === "named" || !rows) return distinct(some);
    // No count, or none that is a number of things, asks for all.
    const most = count > 0 ? Math.min(count, indexed - start) : indexed - start;
    return [...distinct(some), ...(await rows(start, Math.max(0, most), cancelled))];
  }

  variable(item: Item): DebugProtocol.Variable {
    const { name, value, type, evaluateName, edit, memory, hint, indexed, named } = item;
    const attributes = [...(hint?.attributes ?? []), ...(edit ? [] : ["readOnly"])];
    return {
      name,
      value,
      variablesReference: item.rows || named ? this.add(item) : 0,
      presentationHint: { ...hint, attributes: [...new Set(attributes)] },
      ...(type !== undefined && { type }),
      ...(evaluateName !== undefined && { evaluateName }),
      ...(memory !== undefined && { memoryReference: memory }),
      ...(indexed !== undefined && { indexedVariables: indexed }),
      ...(named && item.rows && { namedVariables: 1 }),
    };
  }
}

/** A client tells children apart by name. */
function distinct(items: readonly Item[]): readonly Item[] {
  const times = new Map<string, number>();
  return items.map((item) => {
    const before = times.get(item.name) ?? 0;
    times.set(item.name, before + 1);
    return before === 0 ? item : { ...item, name: `${item.name} (${before + 1})` };
  });
}
