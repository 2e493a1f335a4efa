/** @file Derivatives of distances between rows. */
import type { Derivatives } from "../schema.js";
import * as h from "./formulas.js";
import type { distanceSchema } from "./schema.js";

export const distanceDerivatives: Pick<Derivatives, keyof typeof distanceSchema> = {
  _cdist_forward: {
    x1: (grad, s) => h.cdist_backward(grad, s.x1, s.x2, s.p, s.result),
    x2: (grad, s) => h.cdist_backward_other(grad, s.x1, s.x2, s.p, s.result),
  },
  _euclidean_dist: {
    x1: (grad, s) => h.cdist_backward(grad, s.x1, s.x2, 2, s.result),
    x2: (grad, s) => h.cdist_backward_other(grad, s.x1, s.x2, 2, s.result),
  },
  _pdist_forward: { self: (grad, s) => h.pdist_backward(grad, s.self, s.p, s.result) },
};
