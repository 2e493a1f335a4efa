/** @file Products as methods of tensors. */
import { install, type Method } from "../signature.js";
import type * as f from "./functions.js";
import * as functions from "./functions.js";

declare module "../../tensor.js" {
  interface Tensor {
    addmm_: Method<typeof f.addmm_>;
    addmv: Method<typeof f.addmv>;
    addmv_: Method<typeof f.addmv_>;
    addr: Method<typeof f.addr>;
    addr_: Method<typeof f.addr_>;
    baddbmm: Method<typeof f.baddbmm>;
    baddbmm_: Method<typeof f.baddbmm_>;
    addbmm: Method<typeof f.addbmm>;
    addbmm_: Method<typeof f.addbmm_>;
    outer: Method<typeof f.outer>;
    ger: Method<typeof f.ger>;
    vdot: Method<typeof f.vdot>;
    kron: Method<typeof f.kron>;
    cross: Method<typeof f.cross>;
    inner: Method<typeof f.inner>;
    dist: Method<typeof f.dist>;
  }
}

const { tensordot: _, multi_dot: __, crossAlong: ___, ...methods } = functions;
install(methods);
