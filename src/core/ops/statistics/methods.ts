/** @file Statistics as methods of tensors. */
import { install, type Method } from "../signature.js";
import { corrcoef, cov } from "./covariance.js";
import { histc, histogram } from "./histograms.js";
import { nanquantile, quantile } from "./quantiles.js";
import { unique, unique_consecutive } from "./unique.js";

declare module "../../tensor.js" {
  interface Tensor {
    cov: Method<typeof cov>;
    corrcoef: Method<typeof corrcoef>;
    histc: Method<typeof histc>;
    histogram: Method<typeof histogram>;
    quantile: Method<typeof quantile>;
    nanquantile: Method<typeof nanquantile>;
    unique: Method<typeof unique>;
    unique_consecutive: Method<typeof unique_consecutive>;
  }
}

install({ cov, corrcoef, histc, histogram, quantile, nanquantile, unique, unique_consecutive });
