/** @file Padding of `nn.functional`. */
import { RuntimeError } from "../../errors.js";
import { call1 } from "../dispatch.js";
import { ops } from "../op.js";
import { fn, ints, optAny, tensor, text } from "../signature.js";

/** Pads from the last dimension backwards: "constant" here. */
export const pad = fn(
  "pad",
  [tensor("input"), ints("pad"), text("mode", "constant"), optAny<"value", number | null>("value", null)],
  (x, by, mode, value) => {
    if (by.length % 2 !== 0) throw new RuntimeError("Padding length must be divisible by 2");
    if (mode === "constant") return call1(ops.constant_pad_nd, x, by, value ?? 0);
    throw new RuntimeError(`Unrecognised padding mode ${mode}`);
  },
);
