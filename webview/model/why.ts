/** @file Why `.grad` is None, in words that say what to do. */
import type { WhyNoGrad } from "../../src/protocol/export.js";

const WORDS: Readonly<Record<WhyNoGrad, string>> = {
  no_requires_grad: "It does not require grad. Create it with { requires_grad: true } to get a gradient.",
  non_leaf:
    "It is no leaf: its gradient passed through and was not kept. Call retain_grad() on it before backward() to keep it.",
  no_backward_yet: "No backward pass has run through it yet.",
  not_reached:
    "The backward pass did not reach it: the tensor that backward() was called on does not depend on it.",
  detached: "The graph was cut between it and the result, by detach() or by going through plain numbers.",
  no_grad_mode: "It was used inside no_grad(), so nothing was recorded.",
  integer: "Only floating point tensors can require gradients; this one holds integers or booleans.",
};

export function whyNoGrad(why: WhyNoGrad): string {
  return WORDS[why];
}
