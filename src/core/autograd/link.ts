/** @file Gives the engine the differentiable forms of the few ops it uses itself. */
import { add } from "../ops/arithmetic.js";
import { clone, toDType } from "../ops/pointwise.js";
import { sum_to_size } from "../ops/sum_to_size.js";
import { differentiable } from "./differentiable.js";

differentiable.add = add;
differentiable.sumToSize = sum_to_size;
differentiable.cast = toDType;
differentiable.clone = clone;
