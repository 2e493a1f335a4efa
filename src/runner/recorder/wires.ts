/** @file One object for each tensor of a batch, so that it travels once. */
import type { Tensor } from "../../core/index.js";
import type { WireTensor } from "../../protocol/trace.js";
import { wireTensor } from "./wire.js";

export class Wires {
  private readonly known = new Map<Tensor, WireTensor>();

  of(tensor: Tensor): WireTensor {
    let wire = this.known.get(tensor);
    if (wire === undefined) {
      wire = wireTensor(tensor);
      this.known.set(tensor, wire);
    }
    return wire;
  }
}
