/** @file A slider in the title of each open series: which of its instances is shown. */
import { SLIDER, TITLE_HEIGHT } from "../canvas/group-card.js";
import type { Scene } from "../canvas/scene.js";
import type { Frame } from "../groups/types.js";
import { h } from "./dom.js";

export class Sliders {
  readonly element = h("div", { class: "gw-overlay gw-sliders" });
  private readonly inputs = new Map<string, HTMLInputElement>();

  constructor(private readonly slide: (frame: string, at: number) => void) {
    // What happens on a slider is no gesture on the graph.
    for (const type of ["pointerdown", "pointermove", "pointerup", "keydown"])
      this.element.addEventListener(type, (event) => event.stopPropagation());
  }

  show(scene: Scene): void {
    const wanted = new Set<string>();
    for (const { frame } of scene.frames) {
      if (frame.at === null) continue;
      wanted.add(frame.id);
      this.place(scene, frame, this.inputFor(frame));
    }
    for (const [id, input] of this.inputs) {
      if (wanted.has(id)) continue;
      input.remove();
      this.inputs.delete(id);
    }
  }

  clear(): void {
    this.inputs.clear();
    this.element.replaceChildren();
  }

  /** Kept from one drawing to the next, so that a hand on it goes on. */
  private inputFor(frame: Frame): HTMLInputElement {
    let input = this.inputs.get(frame.id);
    if (!input) {
      const made = h("input", { class: "gw-slider", attributes: { type: "range", min: 0, step: 1 } });
      made.addEventListener("input", () => this.slide(frame.id, Number(made.value)));
      this.inputs.set(frame.id, made);
      this.element.append(made);
      input = made;
    }
    const { group, at } = frame;
    const instance = group.members[at ?? 0];
    const name = instance && "members" in instance ? instance.title : "";
    input.max = String(group.members.length - 1);
    if (document.activeElement !== input || Number(input.value) !== at) input.value = String(at);
    input.setAttribute("aria-label", `${group.title}: which of its ${group.members.length} ${group.unit}`);
    input.setAttribute("aria-valuetext", name);
    return input;
  }

  private place(scene: Scene, { id }: Frame, input: HTMLInputElement): void {
    const box = scene.boxOf(id);
    if (!box) return;
    input.style.left = `${box.x + box.width - SLIDER.width - SLIDER.gap}px`;
    input.style.top = `${box.y}px`;
    input.style.width = `${SLIDER.width}px`;
    input.style.height = `${TITLE_HEIGHT}px`;
  }
}
