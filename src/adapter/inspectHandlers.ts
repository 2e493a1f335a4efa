/** @file Requests that look at a stop, and those that change what is seen there. */
import type { Answer, Handler } from "./dispatcher.js";
import { THREAD } from "./events.js";
import * as inspect from "./inspect.js";

/** @param tell sends an event */
export function inspectHandlers(
  inspected: () => inspect.Inspected,
  tell: (event: string, body: object) => void,
): Readonly<Record<string, Handler>> {
  const shows =
    <T>(
      show: (
        inspected: inspect.Inspected,
        args: T,
        cancelled: AbortSignal,
      ) => object | undefined | Promise<object | undefined>,
    ) =>
    async (args: T, cancelled: AbortSignal): Promise<Answer> => ({
      body: await show(inspected(), args, cancelled),
    });
  const changes =
    <T>(change: (inspected: inspect.Inspected, args: T) => Promise<inspect.Changed>) =>
    async (args: T): Promise<Answer> => {
      const { body, memory } = await change(inspected(), args);
      return { body, after: () => tellOf(memory) };
    };
  /** Everything that follows from a change may look different now. */
  const tellOf = (memory: string | null): void => {
    const { supportsInvalidatedEvent, supportsMemoryEvent } = inspected().client;
    if (supportsMemoryEvent && memory !== null) {
      tell("memory", { memoryReference: memory, offset: 0, count: 0x7fffffff });
    }
    if (supportsInvalidatedEvent) tell("invalidated", { areas: ["variables"], threadId: THREAD });
  };
  return {
    stackTrace: ["stopped", shows(inspect.stackTrace)],
    scopes: ["stopped", shows(inspect.scopes)],
    variables: ["stopped", shows(inspect.variables)],
    evaluate: ["stopped", shows(inspect.evaluate)],
    completions: ["stopped", shows(inspect.completions)],
    exceptionInfo: ["stopped", shows(inspect.exceptionInfo)],
    readMemory: ["launched", shows(inspect.readMemory)],
    source: ["launched", shows(inspect.source)],
    loadedSources: ["launched", shows(inspect.loadedSources)],
    setVariable: ["stopped", changes(inspect.setVariable)],
    setExpression: ["stopped", changes(inspect.setExpression)],
  };
}
