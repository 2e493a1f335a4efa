/** @file `torch.set_printoptions`: the print options, given as PyTorch takes them. */
import { optAny } from "../ops/parameters.js";
import { fn } from "../ops/signature.js";
import { type PrintOptionsUpdate, setPrintoptions } from "../print/options.js";

const option = <K extends keyof PrintOptionsUpdate & string>(name: K) =>
  optAny<K, PrintOptionsUpdate[K]>(name, null);

/**
 * Sets how tensors print. `profile` ("default", "short" or "full") is applied first, what else is given on top;
 * what is left out stays, except for `sci_mode`, which goes back to automatic.
 */
export const set_printoptions = fn(
  "set_printoptions",
  [
    option("precision"),
    option("threshold"),
    option("edgeitems"),
    option("linewidth"),
    option("profile"),
    option("sci_mode"),
  ],
  (precision, threshold, edgeitems, linewidth, profile, sci_mode) =>
    setPrintoptions({ precision, threshold, edgeitems, linewidth, profile, sci_mode }),
);
