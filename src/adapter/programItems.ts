/** @file The program's variables outside of backward passes: what each last held. */
import type { Session } from "../session/session.js";
import type { Item } from "./items.js";
import { type Tensors, tensorLine } from "./tensors.js";

export function programItems(session: Session, tensors: Tensors): Item[] {
  return session.bindings().flatMap(({ name, record: { site, value, grad } }) => {
    const memory = `binding ${site}`;
    const whole = { of: "binding", site, grad: false } as const;
    const item = tensors.item(name, { wire: value, whole, memory }, { evaluateName: name });
    if (grad === null) return [item];
    const shown = { wire: grad.tensor, whole: { ...whole, grad: true }, memory: `${memory} grad` };
    const line = grad.updates > 1 ? { value: `${tensorLine(grad.tensor)} (×${grad.updates})` } : {};
    return [item, tensors.item(`${name}.grad`, shown, { evaluateName: `${name}.grad`, ...line })];
  });
}
