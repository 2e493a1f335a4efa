/** @file `torch.func`. */
export { functional_call } from "./functional_call.js";
export { grad, grad_and_value, hessian, jacfwd, jacrev, jvp, vjp } from "./transforms.js";
export { vmap } from "./vmap.js";
