/** @file A tensor's last two dims as a map of colours, page by page, with the value under the pointer or the arrow keys. */
import type { TensorSummary } from "../../../src/protocol/export.js";
import { type HeatPage, heatPages, pageText } from "../../model/heat-pages.js";
import { elements, toNumber } from "../../model/numbers.js";
import { elementTexts } from "../../model/tensor.js";
import { h, svg } from "../dom.js";
import { icon } from "../icons.js";

/** Which page of which map is looked at; lives longer than the pane's content. */
export interface Pager {
  page(map: string): number;
  turn(map: string, page: number): void;
}

export interface HeatMapOptions {
  /** Names the map to the pager. */
  readonly name: string;
  readonly tone: "value" | "grad";
  readonly pager: Pager;
}

/** Fewer are read faster than looked at. */
const MIN_ELEMENTS = 4;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

export function heatMap(tensor: TensorSummary, options: HeatMapOptions): HTMLElement | null {
  const pages = heatPages(tensor.shape, tensor.data.length);
  if (pages.length === 0 || elements(tensor.shape) < MIN_ELEMENTS) return null;
  const at = Math.min(pages.length - 1, options.pager.page(options.name));
  const page = pages[at]!;
  const known = tensor.data.length;
  const count = elements(tensor.shape);
  const cut = known < count ? `The trace keeps the first ${known} of its ${count} elements.` : null;
  return h(
    "div",
    {},
    new HeatPicture(tensor, page, options.tone).element,
    pages.length > 1 ? turner(pages, at, tensor, options) : null,
    cut ? h("p", { class: "gw-note" }, cut) : null,
  );
}

function turner(
  pages: readonly HeatPage[],
  at: number,
  { shape }: TensorSummary,
  { name, pager }: HeatMapOptions,
): HTMLElement {
  const button = (by: 1 | -1, label: string) =>
    h(
      "button",
      {
        class: "gw-button",
        title: label,
        attributes: { type: "button", "aria-label": label, disabled: at + by < 0 || at + by >= pages.length },
        on: { click: () => pager.turn(name, at + by) },
      },
      icon(by < 0 ? "previous" : "next"),
    );
  const text = `${pageText(pages[at]!, shape)} · part ${at + 1} of ${pages.length}`;
  return h(
    "div",
    { class: "gw-pages", attributes: { role: "group", "aria-label": "Parts of the heat map" } },
    button(-1, "Previous part"),
    h("span", {}, text),
    button(1, "Next part"),
  );
}

class HeatPicture {
  readonly element: HTMLElement;
  private readonly texts: readonly string[];
  private readonly readout = h("p", { class: "gw-readout gw-mono", attributes: { role: "status" } });
  private readonly picture: SVGElement;
  private readonly ring = svg("rect", { width: 1, height: 1, class: "gw-cell", visibility: "hidden" });
  private row = 0;
  private column = 0;

  constructor(
    private readonly tensor: TensorSummary,
    private readonly page: HeatPage,
    tone: "value" | "grad",
  ) {
    this.texts = elementTexts(tensor);
    const [height, width] = [page.rows[1] - page.rows[0], page.columns[1] - page.columns[0]];
    this.picture = svg(
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        class: `gw-heat gw-${tone}`,
        role: "img",
        tabindex: 0,
        "aria-label": `Heat map of ${pageText(page, tensor.shape)}; arrow keys read its elements`,
      },
      ...this.cells(height, width),
      this.ring,
    );
    // Cells stay square while they are few, and the map never grows beyond a third of the pane.
    this.picture.style.maxHeight = `${Math.min(200, height * 22)}px`;
    this.picture.addEventListener("pointermove", (event) => this.point(event, height, width));
    this.picture.addEventListener("pointerleave", () => this.leave());
    this.picture.addEventListener("keydown", (event) => this.key(event, height, width));
    this.element = h("div", {}, this.picture, this.readout);
  }

  private index(row: number, column: number): number {
    return this.page.offset + row * this.page.stride + column;
  }

  private cells(height: number, width: number): SVGElement[] {
    const { data, min, max } = this.tensor;
    const largest = Math.max(Math.abs(min ?? 0), Math.abs(max ?? 0)) || 1;
    const cells: SVGElement[] = [];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const item = data[this.index(row, column)];
        if (item === undefined) continue;
        const value = toNumber(item);
        const kind = Number.isNaN(value) ? "bad" : value < 0 ? "negative" : "positive";
        const share = Number.isNaN(value) ? 1 : Math.min(1, Math.abs(value) / largest);
        const opacity = Math.round(share * 100) / 100;
        cells.push(
          svg("rect", { x: column, y: row, width: 1.02, height: 1.02, class: kind, "fill-opacity": opacity }),
        );
      }
    }
    return cells;
  }

  private point({ clientX, clientY }: PointerEvent, height: number, width: number): void {
    const box = this.picture.getBoundingClientRect();
    // The picture keeps its proportions, centred in its box.
    const scale = Math.min(box.width / width, box.height / height);
    const x = (clientX - box.left - (box.width - width * scale) / 2) / scale;
    const y = (clientY - box.top - (box.height - height * scale) / 2) / scale;
    if (x < 0 || y < 0 || x >= width || y >= height) this.leave();
    else this.read(Math.floor(y), Math.floor(x));
  }

  private key(event: Event, height: number, width: number): void {
    const step = ARROWS[(event as KeyboardEvent).key];
    if (!step) return;
    event.preventDefault();
    const clamp = (at: number, size: number) => Math.max(0, Math.min(size - 1, at));
    this.read(clamp(this.row + step[0], height), clamp(this.column + step[1], width));
  }

  private read(row: number, column: number): void {
    [this.row, this.column] = [row, column];
    const { leading, rows, columns } = this.page;
    const index = [...leading, rows[0] + row, columns[0] + column];
    this.readout.textContent = `[${index.join(", ")}] ${this.texts[this.index(row, column)] ?? "not kept"}`;
    this.ring.setAttribute("x", String(column));
    this.ring.setAttribute("y", String(row));
    this.ring.setAttribute("visibility", "visible");
  }

  private leave(): void {
    this.readout.textContent = "";
    this.ring.setAttribute("visibility", "hidden");
  }
}
