/** @file Distances between rows. */
import { num, op, T } from "../args.js";

export const distanceSchema = {
  _cdist_forward: op("cdist", 0, { x1: T, x2: T, p: num }),
  _euclidean_dist: op("euclidean_dist", 0, { x1: T, x2: T }),
  _pdist_forward: op("pdist", 0, { self: T, p: num }),
} as const;
