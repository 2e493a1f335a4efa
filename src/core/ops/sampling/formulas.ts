/** @file The gradient of a draw. */
import type { Shape } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { zerosOf } from "../make.js";
import { helper } from "../trace.js";

export const zeros_of = helper("zeros", (grad: Tensor, sizes: Shape): Tensor => zerosOf(sizes, grad.dtype));
