/** @file Products as methods of tensors. */
import { install, type Method } from "../signature.js";
import * as functions from "./functions.js";
import * as products from "./tensor_products.js";

declare module "../../tensor.js" {
  interface Tensor {
    addmm_: Method<typeof functions.addmm_>;
    addmv: Method<typeof functions.addmv>;
    addmv_: Method<typeof functions.addmv_>;
    addr: Method<typeof functions.addr>;
    addr_: Method<typeof functions.addr_>;
    baddbmm: Method<typeof functions.baddbmm>;
    baddbmm_: Method<typeof functions.baddbmm_>;
    addbmm: Method<typeof functions.addbmm>;
    addbmm_: Method<typeof functions.addbmm_>;
    outer: Method<typeof products.outer>;
    ger: Method<typeof products.ger>;
    vdot: Method<typeof products.vdot>;
    kron: Method<typeof products.kron>;
    cross: Method<typeof products.cross>;
    inner: Method<typeof products.inner>;
    dist: Method<typeof products.dist>;
  }
}

const { outer, ger, vdot, kron, cross, inner, dist } = products;
install({ ...functions, outer, ger, vdot, kron, cross, inner, dist });
