/** @file A wire as it is drawn. Its curves are made when it is first in view: there may be tens of thousands. */
import type { Wire } from "../groups/types.js";
import type { Point } from "../layout/types.js";
import type { Box } from "./painter.js";
import { boundsOf, LANE, type Line, lineOf, type Orientation } from "./route.js";

export class Edge {
  readonly box: Box;
  private forward: Line | null = null;
  private back: Line | null = null;
  private beside: Line | null = null;

  /** @param route from producer to consumer, as the layout gave it */
  constructor(
    readonly wire: Wire,
    readonly route: readonly Point[],
    private readonly orientation: Orientation,
    private readonly lane: number,
  ) {
    const { x, y, width, height } = boundsOf(route);
    this.box = { x: x - LANE, y: y - LANE, width: width + 2 * LANE, height: height + 2 * LANE };
  }

  get line(): Line {
    this.forward ??= lineOf(this.route, this.orientation);
    return this.forward;
  }

  get reversed(): Line {
    this.back ??= lineOf([...this.route].reverse(), this.orientation);
    return this.back;
  }

  /** The gradient's way, beside the data's. */
  get gradient(): Line {
    this.beside ??= lineOf([...this.route].reverse(), this.orientation, this.lane);
    return this.beside;
  }

  touches(id: string | null): boolean {
    const { producer, consumer } = this.wire;
    return id !== null && (producer.id === id || consumer.id === id || this.wire.id === id);
  }
}
