/** @file Parameters that most functions of this folder have. */
import { tensor } from "../parameters.js";

export const self = [tensor("input")] as const;
export const pair = [tensor("input"), tensor("other")] as const;
