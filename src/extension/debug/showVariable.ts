/** @file From the variables pane to the graph: selects the node that a variable is about. */
import type { PassView } from "../../protocol/view.js";
import { HumanError } from "../errors.js";
import type { GraphPanel } from "../graphPanel.js";
import type { DebugSessions } from "./debugSessions.js";

export interface ShowVariableParts {
  readonly debug: DebugSessions;
  readonly panel: GraphPanel;
}

/** What VS Code hands to a command of the variables' context menu, as far as it is of use. */
interface VariableContext {
  readonly variable: { readonly name: string; readonly evaluateName?: string };
}

function isContext(value: unknown): value is VariableContext {
  const variable = (value as Partial<VariableContext> | null)?.variable;
  return typeof variable?.name === "string";
}

export function showVariable(context: unknown, { debug, panel }: ShowVariableParts): void {
  const { current } = debug;
  const pass = current?.position && current.pass(current.position.pass);
  if (!isContext(context) || !pass || !current?.position) {
    throw new HumanError("The graph shows variables while the debugger stands in a backward pass.");
  }
  const { name, evaluateName } = context.variable;
  const node = nodeNamed(pass, name, evaluateName) ?? pass.steps[current.position.step]?.node;
  if (node === undefined) throw new HumanError(`${name} has no node in this backward pass.`);
  panel.show();
  panel.select(pass.index, node);
}

/** `w`, `w.grad`, `→ AddBackward0 (y)`, `grad ← MulBackward0 (h)`; what has no name of its own is the current node's. */
export function nodeNamed(pass: PassView, name: string, evaluateName?: string): number | null {
  const title = /(?:→|←) (.+?)(?: \(altered\))?$/.exec(name)?.[1];
  const wanted = title ?? (evaluateName ?? name).replace(/\.grad$/, "");
  const found = pass.nodes.find(({ name: grad_fn, label }) =>
    title === undefined ? label === wanted : wanted === (label ? `${grad_fn} (${label})` : grad_fn),
  );
  return found?.id ?? null;
}
